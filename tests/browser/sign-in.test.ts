// The way in as a person takes it, in a real browser: owner link, password, passkey, second factor, letters, programs.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContext, Page } from "playwright-core";
import { z } from "zod";
import { stringAt } from "../../server/contracts/json.ts";
import { startMailServer, tokenIn, type MailServer } from "../support/mail-server.ts";
import { codeOf } from "../support/totp.ts";
import { withBrowser } from "./with-browser.ts";

const password = "correct horse battery";
/** What a browser says to itself when a step is refused. */
const refusals = { expected: [/status of 4\d\d/] };

const stage = withBrowser({ ASTROLABE_SIGN_UP: "open" });

async function haveAuthenticator(page: Page, context: BrowserContext): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function makeAccount(page: Page, email: string): Promise<void> {
  await page.goto(`${stage().address}/sign-up?next=/account`);
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Make the account" }).click();
  await page.getByRole("heading", { name: "Your account", exact: true }).waitFor();
}

async function signOut(context: BrowserContext, page: Page): Promise<void> {
  await context.clearCookies();
  await page.goto(`${stage().address}/sign-in?next=/account`);
  await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
}

test("the link of the first start makes the owner, who is then in their workspace", async () => {
  const link = (await stage().gateway.wired.control.ownerLink()) ?? "";
  await stage().as(
    undefined,
    async (page) => {
      await page.goto(`${stage().address}/sign-in`);
      await page.getByText("This server has no owner yet").waitFor();
      await page.goto(link);
      await page.getByLabel("Name").fill("Grace Hopper");
      await page.getByLabel("E-mail address").fill("grace@example.com");
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Become the owner" }).click();
      await page.waitForURL(`**/w/${stage().workspaceId}`);
      await page.goto(link);
      await page.getByText("This link was used or has ended").waitFor();
    },
    refusals,
  );
});

describe("the sign-in page", () => {
  test("says what is wrong and what to do, then lets in and leads back", async () => {
    await stage().as(
      undefined,
      async (page, context) => {
        await makeAccount(page, "way-in@example.com");
        await signOut(context, page);
        await page.getByLabel("E-mail address").fill("way-in@example.com");
        await page.getByLabel("Password").fill("wrong password");
        await page.keyboard.press("Enter");
        await page.getByText("The e-mail address or the password is wrong.").waitFor();
        await page.getByText("Check both, or choose another way of signing in.").waitFor();
        await page.getByLabel("Password").fill(password);
        await page.keyboard.press("Enter");
        await page.waitForURL("**/account");
      },
      refusals,
    );
  });

  test("leads nowhere but to pages of this console", async () => {
    await stage().as(undefined, async (page, context) => {
      await makeAccount(page, "stay-here@example.com");
      for (const next of ["//evil.example", "https://evil.example", "/\\evil.example"]) {
        await context.clearCookies();
        await page.goto(`${stage().address}/sign-in?next=${encodeURIComponent(next)}`);
        await page.getByLabel("E-mail address").fill("stay-here@example.com");
        await page.getByLabel("Password").fill(password);
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
        await page.getByText("workspace", { exact: false }).first().waitFor();
        expect(new URL(page.url()).origin).toBe(stage().address);
      }
    });
  });
});

describe("a passkey", () => {
  test("is added, opens the account, and is removed", async () => {
    await stage().as(
      undefined,
      async (page, context) => {
        await haveAuthenticator(page, context);
        await makeAccount(page, "passkey@example.com");
        await page.getByRole("button", { name: "Add a passkey" }).click();
        await page.getByRole("dialog").getByLabel("Name").fill("My laptop");
        await page.getByRole("dialog").getByRole("button", { name: "Add the passkey" }).click();
        await page.getByText("My laptop").waitFor();
        await signOut(context, page);
        await page.getByRole("button", { name: "Use a passkey" }).click();
        await page.waitForURL("**/account");
        await page.getByRole("button", { name: "Remove My laptop" }).click();
        await page.getByRole("button", { name: "Remove the passkey" }).click();
        await page.getByText("None yet.").waitFor();
        await signOut(context, page);
        await page.getByRole("button", { name: "Use a passkey" }).click();
        await page.getByRole("alert").waitFor();
      },
      { expected: [/status of 4\d\d/] },
    );
  });

  test("is all that an owner needs who chooses no password", async () => {
    const { body } = await stage().gateway.operator.send("POST", "/api/owner-link");
    await stage().as(undefined, async (page, context) => {
      await haveAuthenticator(page, context);
      await page.goto(stringAt(body, "url") ?? "");
      await page.getByLabel("Name").fill("Grace Hopper");
      await page.getByLabel("E-mail address").fill("owner@example.com");
      await page.getByRole("button", { name: "Use a passkey instead" }).click();
      await page.getByRole("button", { name: "Add the passkey" }).click();
      await page.getByText("The passkey is added.").waitFor();
      await signOut(context, page);
      await page.getByRole("button", { name: "Use a passkey" }).click();
      await page.waitForURL("**/account");
    });
  });
});

test("an authenticator app is set up by its picture, asked for, and replaced by a backup code", async () => {
  await stage().as(
    undefined,
    async (page, context) => {
      await makeAccount(page, "two-factor@example.com");
      await page.getByRole("button", { name: "Set it up" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Your password").fill(password);
      await dialog.getByRole("button", { name: "Go on" }).click();
      await dialog.getByRole("img", { name: "Key for the authenticator app" }).waitFor();
      const key = await dialog.locator("[data-secret]").innerText();
      await dialog.getByLabel("The code that it shows").fill(codeOf(key));
      await dialog.getByRole("button", { name: "Switch it on" }).click();
      const backup = await dialog.getByRole("listitem").first().innerText();
      await dialog.getByLabel("I have stored the codes").check();
      await dialog.getByRole("button", { name: "Done" }).click();
      await page.getByRole("button", { name: "Switch it off" }).waitFor();
      const withPassword = async (): Promise<void> => {
        await signOut(context, page);
        await page.getByLabel("E-mail address").fill("two-factor@example.com");
        await page.getByLabel("Password").fill(password);
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: "Enter your code" }).waitFor();
      };
      await withPassword();
      await page.getByLabel("Code", { exact: true }).fill("000000");
      await page.getByRole("button", { name: "Go on" }).click();
      await page.getByText("The code is wrong.").waitFor();
      await page.getByLabel("Code", { exact: true }).fill(codeOf(key));
      await page.getByRole("button", { name: "Go on" }).click();
      await page.waitForURL("**/account");
      await withPassword();
      await page.getByRole("button", { name: "Use a backup code" }).click();
      await page.getByLabel("Backup code").fill(backup);
      await page.getByRole("button", { name: "Go on" }).click();
      await page.waitForURL("**/account");
    },
    refusals,
  );
});

test("a program is let in by its code, listed among the sessions, and ended there", async () => {
  const send = async (step: string, body: object) => {
    const response = await fetch(`${stage().gateway.url}/api/auth/device/${step}`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "ast/1.4.0" },
      body: JSON.stringify(body),
    });
    return z.record(z.string(), z.coerce.string()).parse(await response.json());
  };
  const asked = await send("code", { client_id: "ast" });
  await stage().as(
    undefined,
    async (page) => {
      await page.goto(asked["verification_uri_complete"] ?? "");
      await page.waitForURL(/sign-in\?next=/);
      await page.getByRole("link", { name: "Make an account" }).click();
      await page.getByLabel("Name").fill("Ada");
      await page.getByLabel("E-mail address").fill("device@example.com");
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Make the account" }).click();
      await page.getByText(asked["user_code"] ?? "").waitFor();
      await page.getByRole("button", { name: "Let it in" }).click();
      await page.getByRole("heading", { name: "The program is in" }).waitFor();
      const granted = await send("token", {
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        device_code: asked["device_code"],
        client_id: "ast",
      });
      const headers = { authorization: `Bearer ${granted["access_token"]}` };
      const status = async () => (await fetch(`${stage().gateway.url}/api/me`, { headers })).status;
      expect(await status()).toBe(200);
      await page.goto(`${stage().address}/account`);
      await page.getByRole("button", { name: "End the session of ast/1.4.0" }).click();
      await page.getByText("The session has ended.").waitFor();
      expect(await status()).toBe(401);
    },
    refusals,
  );
});

test("an account is deleted by typing its address", async () => {
  await stage().as(
    undefined,
    async (page) => {
      await makeAccount(page, "leaving@example.com");
      await page.getByRole("button", { name: "Delete the account" }).click();
      const dialog = page.getByRole("dialog");
      expect(await dialog.getByRole("button", { name: "Delete the account" }).isDisabled()).toBe(true);
      await dialog.getByLabel(/Type leaving@example.com/).fill("leaving@example.com");
      await dialog.getByRole("button", { name: "Delete the account" }).click();
      await page.waitForURL("**/sign-in");
      expect((await page.request.get(`${stage().address}/api/me`)).status()).toBe(401);
    },
    refusals,
  );
});

describe("with letters", () => {
  let mail: MailServer;
  const environment: Record<string, string> = {};
  beforeAll(async () => {
    mail = await startMailServer();
    Object.assign(environment, { ASTROLABE_SMTP_URL: mail.url, ASTROLABE_MAIL_FROM: "astrolabe@example.com" });
  });
  afterAll(() => mail.close());
  const letters = withBrowser(environment);

  test("a link signs in after a press, and a password is chosen anew", async () => {
    const { email } = await letters().person();
    await letters().as(
      undefined,
      async (page, context) => {
        await page.goto(`${letters().address}/sign-in?next=/account`);
        await page.getByLabel("E-mail address").fill(email);
        await page.getByRole("button", { name: "Send me a link instead" }).click();
        await page.getByText(`A letter to ${email} is on its way`).waitFor();
        const link = /http:\S+/.exec((await mail.next(email)).text)?.[0] ?? "";
        await page.goto(link);
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
        await page.waitForURL("**/account");
        await context.clearCookies();
        await page.goto(`${letters().address}/sign-in`);
        await page.getByRole("link", { name: "Choose a new password" }).click();
        // Both pages ask for an address.
        const send = page.getByRole("button", { name: "Send the letter" });
        await send.waitFor();
        await page.getByLabel("E-mail address").fill(email);
        await send.click();
        await page.getByText(`A letter to ${email} is on its way`).waitFor();
        await page.goto(`${letters().address}/reset-password?token=${tokenIn(await mail.next(email))}`);
        await page.getByLabel("New password").fill(password);
        await page.getByRole("button", { name: "Change the password" }).click();
        await page.getByText("The password is changed").waitFor();
        await page.getByRole("link", { name: "Sign in" }).click();
        await page.getByLabel("E-mail address").fill(email);
        await page.getByLabel("Password").fill(password);
        await page.keyboard.press("Enter");
        await page.waitForURL(`**/w/${letters().workspaceId}`);
      },
      refusals,
    );
  });
});
