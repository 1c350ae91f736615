// One journey through the whole product in a real browser, from an empty folder to a request that was paid, explained
// and routed otherwise: the server is the program that `npm start` runs, money comes from a Stripe that checks what it
// is sent, and requests come from the official client.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import OpenAI from "openai";
import type { Browser, Locator, Page } from "playwright-core";
import { parseUsd, picodollars } from "../../server/money/picodollars.ts";
import { startScript, startServer, temporaryDirectory, type ServerProcess } from "../support/server-process.ts";
import { asObject } from "../support/gateway.ts";
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
  server.signal("SIGTERM");
  await server.exited;
  await browser.close();
  await stripe.close();
  directory.remove();
});

/** Cookies of those who signed in. */
const sessions = new Map<string, string>();

/** A page of this person's, or of somebody without a session; who signs in on it stays signed in. */
function as(
  person: { readonly email: string } | undefined,
  work: (page: Page) => Promise<void>,
  expected: RegExp[] = [],
): Promise<void> {
  const cookie = person && sessions.get(person.email);
  return onPage(browser, server.url, { cookie, expected }, async (page, context) => {
    await work(page);
    const [session] = (await context.cookies()).filter(({ name }) => name.endsWith("session_token"));
    if (session !== undefined && person !== undefined) sessions.set(person.email, `${session.name}=${session.value}`);
  });
}

/** The text of a labelled code block or secret. */
const shownSecret = (page: Page): Promise<string> => page.locator("[data-secret]").innerText();

async function makeAccount(page: Page, { name, email, password }: typeof ada): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Make the account" }).click();
}

describe("from an empty folder", () => {
  let home = "";
  let secret = "";
  let requestId = "";
  let cost = "";
  const at = (path: string): string => `${server.url}${home}${path}`;
  const client = () => new OpenAI({ apiKey: secret, baseURL: `${server.url}/v1` });

  test("the printed link makes the owner, once", async () => {
    const link = /owner link {2}(\S+)/.exec(server.stdout())?.[1] ?? "";
    await as(ada, async (page) => {
      await page.goto(link);
      await page.getByLabel("Name").fill(ada.name);
      await page.getByLabel("E-mail address").fill(ada.email);
      await page.getByLabel("Password", { exact: true }).fill(ada.password);
      await page.getByRole("button", { name: "Become the owner" }).click();
      await page.getByRole("heading", { name: "First steps" }).waitFor();
    });
    await as(undefined, async (page) => void (await page.goto(link)), [/status of 400/]);
  });

  test("a workspace is made, and the next step is to pay something in", async () => {
    await as(ada, async (page) => {
      await page.goto(`${server.url}/workspaces/new`);
      await page.getByLabel("Name").fill("Observatory");
      await page.getByRole("button", { name: "Create the workspace" }).click();
      await page.getByRole("heading", { name: "First steps" }).waitFor();
      home = new URL(page.url()).pathname;
      await page.getByRole("button", { name: "Observatory" }).waitFor();
      await page.getByRole("link", { name: "Choose a pack" }).click();
      await page.waitForURL("**/billing");
    });
    expect(home).toMatch(/^\/w\/ws_/);
  });

  test("a pack is bought at Stripe", async () => {
    await as(ada, async (page) => {
      await page.goto(at("/billing"));
      await page.getByRole("group", { name: "Pack" }).getByText("$10", { exact: true }).click();
      await page.getByRole("button", { name: "Pay $10" }).click();
      await page.getByRole("button", { name: "Pay", exact: true }).click();
      await page.getByText("$10.00 are in the ledger").waitFor();
    });
  });

  test("a key is created, and the first request is seen to arrive", async () => {
    await as(ada, async (page) => {
      await page.goto(at(""));
      await page.getByRole("link", { name: "Create a key" }).click();
      await page.getByLabel("Name").fill("Telescope");
      await page.getByRole("button", { name: "Create the key" }).click();
      secret = await shownSecret(page);
      await page.getByRole("button", { name: "Copy", exact: true }).click();
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("link", { name: "Overview" }).click();
      await page.getByText("Waiting for your first request").waitFor();
      const { data, response } = await client()
        .responses.create({ model: "astrolabe/auto", input: question })
        .withResponse();
      expect(data.output_text).not.toBe("");
      requestId = response.headers.get("x-astrolabe-cloud-request-id") ?? "";
      await page.getByText("Your first request arrived").waitFor();
      await page.getByRole("link", { name: "See why it went there" }).click();
      await page.waitForURL(`**/traces/${requestId}`);
    });
  });

  test("its debit, its ledger entry and its trace tell the same", async () => {
    await as(ada, async (page) => {
      await page.goto(at(`/traces/${requestId}`));
      await settled(page);
      const lines = page.getByRole("table", { name: "Lines of the debit" }).getByRole("row");
      cost = /\$([\d.]+)\s*$/.exec((await lines.last().innerText()).trim())?.[1] ?? "";
      expect(Number(cost)).toBeGreaterThan(0);
      await page.goto(at("/billing?tab=ledger&kind=debit"));
      await settled(page);
      await page.getByRole("row").filter({ hasText: cost }).getByRole("link").first().click();
      await page.waitForURL(`**/traces/${requestId}`);
    });
    const credits = await fetch(`${server.url}/v1/credits`, { headers: { authorization: `Bearer ${secret}` } });
    const { balance_usd: balance } = asObject(await credits.json());
    expect(parseUsd(String(balance))).toBe(picodollars((parseUsd("10") ?? 0n) - (parseUsd(cost) ?? 0n)));
  });

  test("a stack is cloned, published and assigned to the key, and the header says so", async () => {
    await as(ada, async (page) => {
      await page.goto(at("/stacks/low-cost"));
      await page.getByRole("link", { name: "Clone to edit" }).click();
      await page.getByLabel("Name").fill("Night watch");
      await page.getByRole("button", { name: "Create the stack" }).click();
      await page.waitForURL("**/stacks/night-watch");
      await page.getByRole("button", { name: "Publish", exact: true }).click();
      await page.getByRole("button", { name: "Publish the version" }).click();
      await page.getByText("Version 1 serves", { exact: true }).waitFor();
      await page.goto(at("/keys"));
      await page.getByRole("button", { name: "Acts on Telescope" }).click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
      await page.getByRole("dialog").getByLabel("Stack").click();
      await page.getByRole("option", { name: /night-watch|Night watch/ }).click();
      await page.getByRole("button", { name: /^Save/ }).click();
      await page.getByRole("table").getByText("night-watch").waitFor();
    });
    const { response } = await client().responses.create({ model: "auto", input: question }).withResponse();
    expect(response.headers.get("x-astrolabe-stack-name")).toBe("night-watch");
    expect(response.headers.get("x-astrolabe-stack-version")).toBe("1");
  });

  test("a person is invited, and each role sees what it may do", async () => {
    let link = "";
    await as(ada, async (page) => {
      await page.goto(at("/members"));
      await page.getByRole("button", { name: "Invite a person" }).first().click();
      await page.getByLabel("E-mail").fill(grace.email);
      await page.getByLabel("Role", { exact: true }).selectOption("viewer");
      await page.getByRole("button", { name: "Invite", exact: true }).click();
      link = await shownSecret(page);
      await page.getByRole("button", { name: "Done" }).click();
    });
    await as(
      grace,
      async (page) => {
        await page.goto(link);
        await page.getByRole("link", { name: "Make an account" }).click();
        await makeAccount(page, grace);
        await page.getByRole("button", { name: "Accept the invitation" }).click();
        await page.waitForURL(`**${home}`);
      },
      [/401/],
    );
    for (const [role, may] of Object.entries(allowed)) {
      await setRole(role);
      await as(grace, async (page) => {
        for (const [what, [path, act]] of Object.entries(acts)) {
          await page.goto(at(path));
          await settled(page);
          const shown = (await act(page).count()) > 0;
          expect([role, what, shown]).toEqual([role, what, may.includes(what)]);
        }
      });
    }
  });

  /** As the owner does it on the page. */
  async function setRole(role: string): Promise<void> {
    await as(ada, async (page) => {
      await page.goto(at("/members"));
      await settled(page);
      await page.getByRole("button", { name: `Acts on ${grace.email}` }).click();
      await page.getByRole("menuitem", { name: "Change the role" }).click();
      const dialog = page.getByRole("dialog");
      if ((await dialog.getByLabel("Role", { exact: true }).inputValue()) === role) return;
      await dialog.getByLabel("Role", { exact: true }).selectOption(role);
      await dialog.getByRole("button", { name: /role/i }).click();
      await dialog.waitFor({ state: "detached" });
    });
  }

  test("under access review a new workspace waits for an operator, and then works", async () => {
    await as(ada, async (page) => {
      await page.goto(`${server.url}/operator/settings`);
      await page.getByRole("switch", { name: "Review access" }).click();
      await page.getByRole("switch", { name: "Review access", checked: true }).waitFor();
    });
    let pending = "";
    let waitingKey = "";
    await as(grace, async (page) => {
      await page.goto(`${server.url}/workspaces/new`);
      await page.getByLabel("Name").fill("Harbour");
      await page.getByRole("button", { name: "Create the workspace" }).click();
      await page.getByText("This workspace waits for its access review").waitFor();
      pending = new URL(page.url()).pathname;
      await page.getByRole("link", { name: "See the access request" }).click();
      await page.getByLabel("Company").fill("Harbour Ltd");
      await page.getByLabel("What do you want to use the models for?").fill("Answering pilots.");
      await page.getByLabel("Expected monthly volume").fill("10,000 requests");
      await page.getByRole("button", { name: "Send the request" }).click();
      await page.getByText("Answering pilots.").waitFor();
      await page.goto(`${server.url}${pending}/keys?dialog=new`);
      await page.getByLabel("Name").fill("Pilot");
      await page.getByRole("dialog").getByLabel("Mode", { exact: true }).selectOption("test");
      await page.getByRole("button", { name: "Create the key" }).click();
      waitingKey = await shownSecret(page);
    });
    const ask = () =>
      fetch(`${server.url}/v1/responses`, {
        method: "POST",
        headers: { authorization: `Bearer ${waitingKey}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "auto", input: question }),
      });
    const refused = await ask();
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining("access_pending")]);
    await as(ada, async (page) => {
      await page.goto(`${server.url}/operator/access-requests`);
      await page.getByRole("row").filter({ hasText: "Harbour Ltd" }).getByRole("button").first().click();
      await page.getByLabel("Note").fill("Welcome.");
      await page.getByRole("button", { name: "Approve" }).click();
      await page.getByText("The workspace is open.").waitFor();
    });
    expect((await ask()).status).toBe(200);
    await as(grace, async (page) => {
      await page.goto(`${server.url}${pending}/access`);
      await page.getByText("Welcome.").waitFor();
    });
  });
});

/** What there is to do, where it stands, and what shows that it can be done. */
const acts: Readonly<Record<string, readonly [string, (page: Page) => Locator]>> = {
  "create keys": ["/keys", (page) => page.getByRole("button", { name: "Create a key" })],
  "edit stacks": ["/stacks/night-watch", (page) => page.getByRole("button", { name: "Publish", exact: true })],
  "pay in": ["/billing", (page) => page.getByRole("button", { name: /^Pay \$/ })],
  invite: ["/members", (page) => page.getByRole("button", { name: "Invite a person" })],
};
const allowed: Readonly<Record<string, readonly string[]>> = {
  viewer: [],
  developer: ["create keys", "edit stacks"],
  billing: ["pay in"],
  admin: ["create keys", "edit stacks", "pay in", "invite"],
};
