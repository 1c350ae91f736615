// The second factor: codes of an authenticator app and backup codes, before every way in that proves no more than a
// password or a mailbox.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { arrayAt, stringAt } from "../../server/contracts/json.ts";
import { forEachEngine } from "../support/engines.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { startMailServer, tokenIn, type MailServer } from "../support/mail-server.ts";
import { behindProxy, newEmail, reasonOf, visitor, type Visitor } from "../support/people-browsers.ts";
import { codeOf, fromBase32 } from "../support/totp.ts";

const password = "correct horse battery";

const secretOf = (uri: string): string => new URL(uri).searchParams.get("secret") ?? "";
const wrongCode = (uri: string): string => String((Number(codeOf(secretOf(uri))) + 1) % 1_000_000).padStart(6, "0");

forEachEngine((engine) => {
  let mail: MailServer;
  let gateway: TestGateway;
  beforeAll(async () => {
    mail = await startMailServer();
    gateway = await startGateway({
      ...behindProxy,
      ...(await engine.environment()),
      ASTROLABE_SMTP_URL: mail.url,
      ASTROLABE_MAIL_FROM: "astrolabe@example.com",
    });
    await gateway.wired.database.query.updateTable("users").set({ email_verified: 1 }).execute();
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
    await mail.close();
  });

  /** A person with a password and an authenticator app, signed in. */
  async function protectedPerson(): Promise<{ jar: Visitor; email: string; uri: string; backupCodes: string[] }> {
    const { query } = gateway.wired.database;
    const email = newEmail();
    const about = {
      workspace_id: await firstWorkspace(),
      email,
      role: "viewer",
      invited_by: "usr_1",
      token_hash: email,
    };
    await query
      .insertInto("invitations")
      .values({ id: `inv_${email}`, ...about, created_at: 1, expires_at: Date.now() + 60_000 })
      .execute();
    const jar = visitor(gateway);
    await jar.post("/sign-up/email", { name: "Ada", email, password });
    await mail.next(email);
    const { body } = await jar.post("/two-factor/enable", { password });
    const uri = stringAt(body, "totpURI") ?? "";
    await jar.post("/two-factor/verify-totp", { code: codeOf(secretOf(uri)) });
    const backupCodes = (arrayAt(body, "backupCodes") ?? []).map(String);
    return { jar, email, uri, backupCodes };
  }

  async function firstWorkspace(): Promise<string> {
    const row = await gateway.wired.database.query.selectFrom("workspaces").select("id").executeTakeFirstOrThrow();
    return row.id;
  }

  test("a code is asked for after the password, and a wrong one opens nothing", async () => {
    const { jar: first, email, uri } = await protectedPerson();
    expect((await first.me())?.["two_factor_enabled"]).toBe(true);
    const jar = visitor(gateway);
    const half = await jar.post("/sign-in/email", { email, password });
    expect([half.status, half.body]).toEqual([200, { twoFactorRedirect: true, twoFactorMethods: ["totp"] }]);
    expect(await jar.me()).toBeUndefined();
    const wrong = await jar.post("/two-factor/verify-totp", { code: wrongCode(uri) });
    expect([wrong.status, reasonOf(wrong)]).toEqual([401, "invalid_code"]);
    expect(await jar.me()).toBeUndefined();
    expect((await jar.post("/two-factor/verify-totp", { code: codeOf(secretOf(uri)) })).status).toBe(200);
    expect((await jar.me())?.["email"]).toBe(email);
    expect((await visitor(gateway).post("/two-factor/verify-totp", { code: codeOf(secretOf(uri)) })).status).toBe(401);
  });

  test("a link by mail asks for the code as well", async () => {
    const { email, uri } = await protectedPerson();
    const jar = visitor(gateway);
    await jar.post("/sign-in/magic-link", { email });
    const token = tokenIn(await mail.next(email));
    const half = await jar.get(`/api/auth/magic-link/verify?token=${token}&callbackURL=%2F`);
    expect([half.body["twoFactorRedirect"], await jar.me()]).toEqual([true, undefined]);
    await jar.post("/two-factor/verify-totp", { code: codeOf(secretOf(uri)) });
    expect((await jar.me())?.["email"]).toBe(email);
  });

  test("a backup code does instead, once", async () => {
    const { email, backupCodes } = await protectedPerson();
    expect(backupCodes.length).toBe(10);
    const enter = async (code = "") => {
      const jar = visitor(gateway);
      await jar.post("/sign-in/email", { email, password });
      const answer = await jar.post("/two-factor/verify-backup-code", { code });
      return [answer.status, (await jar.me())?.["email"]];
    };
    expect(await enter(backupCodes[0])).toEqual([200, email]);
    expect((await enter(backupCodes[0]))[1]).toBeUndefined();
    expect(await enter(backupCodes[1])).toEqual([200, email]);
  });

  test("guessing ends the sign-in after five codes", async () => {
    const { email, uri } = await protectedPerson();
    const jar = visitor(gateway);
    await jar.post("/sign-in/email", { email, password });
    for (let tries = 0; tries < 5; tries++) await jar.post("/two-factor/verify-totp", { code: wrongCode(uri) });
    const late = await jar.post("/two-factor/verify-totp", { code: codeOf(secretOf(uri)) });
    expect(late.status).toBeGreaterThanOrEqual(400);
    expect(await jar.me()).toBeUndefined();
  });

  test("is switched off with the password only; what is stored tells no secret", async () => {
    const { jar, email, uri, backupCodes } = await protectedPerson();
    expect((await jar.post("/two-factor/disable", { password: "not the password" })).status).toBe(400);
    const rows = await gateway.wired.database.query.selectFrom("two_factors").selectAll().execute();
    const stored = JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    const secret = fromBase32(secretOf(uri)).toString();
    expect([secret.length > 10, stored.includes(secret), stored.includes(backupCodes[0] ?? "?")]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await jar.post("/two-factor/disable", { password })).status).toBe(200);
    const plain = visitor(gateway);
    await plain.post("/sign-in/email", { email, password });
    expect((await plain.me())?.["two_factor_enabled"]).toBe(false);
  });
});
