// One journey through the whole product in a real browser, from an empty folder to a request that was paid, explained
// and routed otherwise: the server is the program that `npm start` runs, money comes from a Stripe that checks what it
// is sent, and requests come from the official client.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import OpenAI from "openai";
import type { Browser, Page } from "playwright-core";
import { startScript, startServer, temporaryDirectory, type ServerProcess } from "../support/server-process.ts";
import { StripeDouble } from "../support/stripe-double.ts";
import { onPage, openBrowser } from "./browser.ts";
import { settled } from "./settled.ts";

setDefaultTimeout(60_000);

const ada = { name: "Ada Lovelace", email: "ada@example.com", password: "a long enough password" };
const grace = { name: "Grace Hopper", email: "grace@example.com", password: "another long password" };
const question = "Write one sentence explaining routing stacks.";

const directory = temporaryDirectory();
const stripe = new StripeDouble();
let browser: Browser;
let server: ServerProcess;

beforeAll(async () => {
  browser = await openBrowser();
  server = await startServer(
    join(directory.path, "data"),
    { ...stripe.environment, ASTROLABE_INIT_CREDITS_USD: "0" },
    startScript,
  );
  stripe.reportTo(server.url);
}, 120_000);
afterAll(async () => {
  await server.end();
  await browser.close();
  await stripe.close();
  directory.remove();
});

/** Cookies of those who signed in. */
const sessions = new Map<string, string>();

/** A page of this person's, or of somebody without a session; who signs in on it stays signed in. */
function as(email: string | undefined, work: (page: Page) => Promise<void>, expected: RegExp[] = []): Promise<void> {
  const cookie = email === undefined ? undefined : sessions.get(email);
  return onPage(browser, server.url, { cookie, expected }, async (page, context) => {
    await work(page);
    const [session] = (await context.cookies()).filter(({ name }) => name.endsWith("session_token"));
    if (session !== undefined && email !== undefined) sessions.set(email, `${session.name}=${session.value}`);
  });
}

const figure = (page: Page, name: string) => page.locator("dl, div").filter({ hasText: name }).last();

describe("from an empty folder", () => {
  let home = "";
  let secret = "";
  let requestId = "";

  test("the printed link makes the owner", async () => {
    const link = /owner link {2}(\S+)/.exec(server.stdout())?.[1] ?? "";
    await as(ada.email, async (page) => {
      await page.goto(link);
      await page.getByLabel("Name").fill(ada.name);
      await page.getByLabel("E-mail address").fill(ada.email);
      await page.getByLabel("Password", { exact: true }).fill(ada.password);
      await page.getByRole("button", { name: "Become the owner" }).click();
      await page.getByRole("heading", { name: "First steps" }).waitFor();
      home = new URL(page.url()).pathname;
    });
    expect(home).toMatch(/^\/w\/ws_/);
    await as(
      undefined,
      async (page) => {
        await page.goto(link);
        await page.getByText(/used|ended|expired/i).first().waitFor();
      },
      [/4\d\d/],
    );
  });
});
