// Declares the browser and the server of a test file: one of each, from its first test to its last.

import { afterAll, beforeAll } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { signUp, type AboutPerson, type SignedInPerson } from "../support/people.ts";
import { onPage, openBrowser, type PageOptions } from "./browser.ts";
import { startConsole, type ConsoleServer } from "./console-server.ts";

const startLimitMs = 120_000;

export type Stage = ConsoleServer & {
  readonly browser: Browser;
  /** Makes a person; without roles they own both workspaces. */
  readonly person: (about?: AboutPerson) => Promise<SignedInPerson>;
  /** A new page, signed in as this person or as nobody; fails when the browser complains. */
  readonly as: <Result>(
    person: SignedInPerson | undefined,
    work: (page: Page, context: BrowserContext) => Promise<Result>,
    options?: Omit<PageOptions, "cookie">,
  ) => Promise<Result>;
};

/** Call it at the top of a file or a `describe`; the stage is there when the tests run. */
export function withBrowser(environment: Record<string, string> = {}, path = ""): () => Stage {
  let stage: Stage | undefined;
  beforeAll(async () => {
    const server = await startConsole(environment, path);
    stage = stageOf(server, await openBrowser());
  }, startLimitMs);
  afterAll(async () => {
    await stage?.browser.close();
    await stage?.gateway.close();
  });
  return () => {
    if (stage === undefined) throw new Error("the browser is there only while tests run");
    return stage;
  };
}

/** What tests and screenshots do with a server and a browser. */
export function stageOf(server: ConsoleServer, browser: Browser): Stage {
  return {
    ...server,
    browser,
    person: (about = {}) =>
      signUp(server.gateway, {
        roles: { [server.workspaceId]: "owner", [server.emptyWorkspaceId]: "owner" },
        ...about,
      }),
    as: (person, work, options = {}) => onPage(browser, server.address, { ...options, cookie: person?.cookie }, work),
  };
}
