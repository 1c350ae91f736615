// What signing in by letter allows, against a real SMTP server: each link once, for its own purpose, and no word about who
// has an account.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { forEachEngine } from "../support/engines.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { startMailServer, tokenIn, type MailServer } from "../support/mail-server.ts";
import { signUp } from "../support/people.ts";
import { behindProxy, newEmail, reasonOf, visitor } from "../support/people-browsers.ts";

const password = "correct horse battery";

forEachEngine((engine) => {
  let mail: MailServer;
  let gateway: TestGateway;
  /** Takes the step of a page that a letter leads to. */
  const take = (step: string, token: string, jar = visitor(gateway)) =>
    jar.get(`/api/auth${step}?token=${encodeURIComponent(token)}`).then((answer) => ({ answer, jar }));

  beforeAll(async () => {
    mail = await startMailServer();
    gateway = await startGateway({
      ...behindProxy,
      ...(await engine.environment()),
      ASTROLABE_SIGN_UP: "open",
      ASTROLABE_SMTP_URL: mail.url,
      ASTROLABE_MAIL_FROM: "Astrolabe <astrolabe@example.com>",
    });
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
    await mail.close();
  });

  describe("a link by mail", () => {
    test("signs in once", async () => {
      const { email } = await signUp(gateway);
      expect((await visitor(gateway).post("/sign-in/magic-link", { email })).status).toBe(200);
      const letter = await mail.next(email);
      expect(letter.subject).toBe("Sign in to Astrolabe");
      expect(letter.text).toContain("http://gateway.test/sign-in/link?token=");
      const { answer, jar } = await take("/magic-link/verify", tokenIn(letter));
      expect([answer.status, (await jar.me())?.["email"]]).toEqual([200, email]);
      expect(answer.body["token"]).toBeUndefined();
      const again = await take("/magic-link/verify", tokenIn(letter));
      expect(again.jar.cookies.size).toBe(0);
    });

    test("brings along the page that its reader wanted, when it is of this server", async () => {
      const { email } = await signUp(gateway);
      await visitor(gateway).post("/sign-in/magic-link", { email, callbackURL: "/w/ws_1/keys?mode=live" });
      const link = /http:\S+/.exec((await mail.next(email)).text)?.[0] ?? "";
      expect(new URL(link).searchParams.get("next")).toBe("/w/ws_1/keys?mode=live");
    });

    test("is not taken by a page of another site", async () => {
      const { email } = await signUp(gateway);
      await visitor(gateway).post("/sign-in/magic-link", { email });
      const token = tokenIn(await mail.next(email));
      const jar = visitor(gateway);
      const path = `/api/auth/magic-link/verify?token=${token}`;
      expect((await jar.send("GET", path, undefined, { "sec-fetch-site": "cross-site" })).status).toBe(403);
      expect((await take("/magic-link/verify", token)).answer.status).toBe(200);
    });

    test("leads nowhere but to this server", async () => {
      const { email } = await signUp(gateway);
      const jar = visitor(gateway);
      const sent = await jar.post("/sign-in/magic-link", { email, callbackURL: "https://evil.example" });
      expect([sent.status, reasonOf(sent)]).toEqual([403, "invalid_callback_url"]);
      await jar.post("/sign-in/magic-link", { email });
      const token = tokenIn(await mail.next(email));
      const to = encodeURIComponent("https://evil.example/");
      for (const name of ["callbackURL", "errorCallbackURL", "newUserCallbackURL"]) {
        expect((await jar.get(`/api/auth/magic-link/verify?token=${token}&${name}=${to}`)).status).toBe(403);
      }
    });

    test("comes five times in a quarter of an hour, and no more", async () => {
      const { email } = await signUp(gateway);
      const answers: number[] = [];
      for (let index = 0; index < 6; index++) {
        answers.push((await visitor(gateway).post("/sign-in/magic-link", { email })).status);
      }
      expect(answers).toEqual([200, 200, 200, 200, 200, 429]);
    });
  });

  describe("a new password", () => {
    test("is chosen once by letter, which ends every session", async () => {
      const { email, cookie } = await signUp(gateway);
      const asked = await visitor(gateway).post("/request-password-reset", { email });
      const unknown = await visitor(gateway).post("/request-password-reset", { email: newEmail() });
      expect([asked.status, asked.body]).toEqual([unknown.status, unknown.body]);
      const letter = await mail.next(email);
      expect(letter.text).toContain("http://gateway.test/reset-password?token=");
      const body = { token: tokenIn(letter), newPassword: password };
      expect((await visitor(gateway).post("/reset-password", { ...body, newPassword: "short" })).status).toBe(400);
      expect((await visitor(gateway).post("/reset-password", body)).status).toBe(200);
      expect((await mail.next(email)).subject).toBe("Your password was changed");
      expect((await fetch(`${gateway.url}/api/me`, { headers: { cookie } })).status).toBe(401);
      expect((await visitor(gateway).post("/sign-in/email", { email, password })).status).toBe(200);
      const again = await visitor(gateway).post("/reset-password", body);
      expect([again.status, reasonOf(again)]).toEqual([400, "invalid_token"]);
    });
  });

  describe("an address", () => {
    test("is confirmed before the first sign-in of an account that anyone may make", async () => {
      const email = newEmail();
      const jar = visitor(gateway);
      const made = await jar.post("/sign-up/email", { name: "Ada", email, password });
      expect([made.status, await jar.me()]).toEqual([200, undefined]);
      const letter = await mail.next(email);
      expect(letter.text).toContain("http://gateway.test/verify-email?token=");
      const early = await jar.post("/sign-in/email", { email, password });
      expect([early.status, reasonOf(early)]).toEqual([403, "email_not_verified"]);
      expect((await take("/verify-email", tokenIn(letter))).answer.status).toBe(200);
      expect((await jar.post("/sign-in/email", { email, password })).status).toBe(200);
      expect(await jar.me()).toMatchObject({ email, email_verified: true });
    });

    test("that has an account is told so by letter, and the one who asks learns nothing", async () => {
      const { email } = await signUp(gateway);
      const again = await visitor(gateway).post("/sign-up/email", { name: "Eve", email, password });
      const fresh = await visitor(gateway).post("/sign-up/email", { name: "Eve", email: newEmail(), password });
      expect([again.status, Object.keys(again.body)]).toEqual([fresh.status, Object.keys(fresh.body)]);
      expect((await mail.next(email)).subject).toBe("You have an account already");
      expect((await visitor(gateway).post("/sign-in/email", { email, password })).status).toBe(401);
    });

    test("is changed when both the old and the new one agree", async () => {
      const ada = await signUp(gateway);
      const newAddress = newEmail();
      const jar = visitor(gateway);
      const [name = "", value = ""] = ada.cookie.split("=");
      jar.cookies.set(name, value);
      expect((await jar.post("/change-email", { newEmail: newAddress })).status).toBe(200);
      const old = await mail.next(ada.email);
      expect(old.text).toContain(newAddress);
      expect((await jar.me())?.["email"]).toBe(ada.email);
      await take("/verify-email", tokenIn(old), jar);
      expect((await jar.me())?.["email"]).toBe(ada.email);
      await take("/verify-email", tokenIn(await mail.next(newAddress)), jar);
      expect((await jar.me())?.["email"]).toBe(newAddress);
    });
  });
});

describe("a server for invited people", () => {
  let mail: MailServer;
  let gateway: TestGateway;
  beforeAll(async () => {
    mail = await startMailServer();
    gateway = await startGateway({
      ...behindProxy,
      ASTROLABE_SMTP_URL: mail.url,
      ASTROLABE_MAIL_FROM: "astrolabe@example.com",
    });
  });
  afterAll(async () => {
    await gateway.close();
    await mail.close();
  });

  test("makes accounts for addresses with an open invitation only, and sends others no links", async () => {
    const { query } = gateway.wired.database;
    const [workspace] = await query.selectFrom("workspaces").select("id").execute();
    const [invited, late, stranger] = [newEmail(), newEmail(), newEmail()];
    const now = Date.now();
    for (const [email, expires_at] of [
      [invited, now + 60_000],
      [late, now - 60_000],
    ] as const) {
      const times = { created_at: now, expires_at };
      const about = {
        id: `inv_${email}`,
        workspace_id: workspace?.id ?? "",
        email,
        role: "viewer",
        invited_by: "usr_1",
      };
      await query
        .insertInto("invitations")
        .values({ ...about, token_hash: email, ...times })
        .execute();
    }
    const join = (email: string) => visitor(gateway).post("/sign-up/email", { name: "Ada", email, password });
    expect((await join(invited)).status).toBe(200);
    for (const email of [late, stranger]) {
      const refused = await join(email);
      expect([refused.status, reasonOf(refused)]).toEqual([403, "sign_up_refused"]);
      expect((await visitor(gateway).post("/sign-in/magic-link", { email })).status).toBe(200);
    }
    await visitor(gateway).post("/sign-in/magic-link", { email: invited });
    expect((await mail.next(invited)).subject).toBe("Confirm your e-mail address");
    expect((await mail.next(invited)).subject).toBe("Sign in to Astrolabe");
    expect(mail.letters.filter(({ to }) => to === late || to === stranger)).toEqual([]);
  });

  test("reports a letter that cannot be sent, and answers as ever", async () => {
    const { email } = await signUp(gateway);
    await mail.close();
    expect((await visitor(gateway).post("/sign-in/magic-link", { email })).status).toBe(200);
    for (let tries = 0; gateway.faults.length === 0 && tries < 500; tries++) await Bun.sleep(10);
    expect(gateway.faults.join()).toContain("mail:");
  });
});
