// Accounts with a password: who may make one, what the session's cookie looks like, and what guessing meets.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { objectAt, stringAt } from "../../server/contracts/json.ts";
import type { Answered } from "../support/browser-jar.ts";
import { forEachEngine } from "../support/engines.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { signUp } from "../support/people.ts";
import { behindProxy, newEmail, reasonOf, visitor } from "../support/people-browsers.ts";

const password = "correct horse battery";

forEachEngine((engine) => {
  let gateway: TestGateway;
  const browser = () => visitor(gateway);
  const newAddress = newEmail;
  const join = async (email = newAddress()) => {
    const jar = browser();
    const answer = await jar.post("/sign-up/email", { name: "Ada", email, password });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return { jar, email };
  };

  beforeAll(async () => {
    gateway = await startGateway({
      ASTROLABE_SIGN_UP: "open",
      ...behindProxy,
      ...(await engine.environment()),
    });
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  describe("an account with a password", () => {
    test("is made, signed out of and signed in to; the pages never see the session's token", async () => {
      const { jar, email } = await join();
      expect(await jar.me()).toMatchObject({
        email,
        is_operator: false,
        has_password: true,
        workspaces: [{ name: "Ada's workspace", role: "owner" }],
      });
      const cookie = jar.cookie;
      expect((await jar.post("/sign-out")).status).toBe(200);
      expect(jar.cookies.size).toBe(0);
      expect((await fetch(`${gateway.url}/api/me`, { headers: { cookie } })).status).toBe(401);
      const back = await jar.post("/sign-in/email", { email: email.toUpperCase(), password });
      expect(back.status).toBe(200);
      expect(back.body["token"]).toBeUndefined();
      expect(back.headers.get("set-auth-token")).toBeNull();
      const seen = await jar.get("/api/auth/get-session");
      expect(objectAt(seen.body, "user")).toMatchObject({ email });
      expect(stringAt(objectAt(seen.body, "session") ?? {}, "token")).toBeUndefined();
      expect([back.headers.get("cache-control"), back.headers.get("x-content-type-options")]).toEqual([
        "no-store",
        "nosniff",
      ]);
    });

    test("is refused with a wrong password and for an unknown address in the same words", async () => {
      const { email } = await join();
      const wrong = await browser().post("/sign-in/email", { email, password: "not the password" });
      const unknown = await browser().post("/sign-in/email", { email: newAddress(), password: "not the password" });
      expect([wrong.status, unknown.status]).toEqual([401, 401]);
      const words = (answer: Answered) => stringAt(objectAt(answer.body, "error") ?? {}, "message");
      expect(words(wrong)).toBe("The e-mail address or the password is wrong.");
      expect(words(unknown)).toBe(words(wrong) ?? "");
    });

    test("needs a password of 12 characters", async () => {
      const refused = await browser().post("/sign-up/email", {
        name: "A",
        email: newAddress(),
        password: "short pass.",
      });
      expect([refused.status, reasonOf(refused)]).toEqual([400, "password_too_short"]);
    });

    test("never makes its maker an operator, whatever they send", async () => {
      const jar = browser();
      const body = {
        name: "Eve",
        email: newAddress(),
        password,
        isOperator: true,
        is_operator: true,
        emailVerified: true,
      };
      await jar.post("/sign-up/email", body);
      const before = await jar.me();
      await jar.post("/update-user", { isOperator: true });
      expect([before?.["is_operator"], (await jar.me())?.["is_operator"]]).not.toContain(true);
    });

    test("changes its password with the current one, which ends the other sessions", async () => {
      const { jar, email } = await join();
      const other = browser();
      await other.post("/sign-in/email", { email, password });
      const wrong = await jar.post("/change-password", { currentPassword: "no", newPassword: "another good phrase" });
      expect(wrong.status).toBe(400);
      const change = { currentPassword: password, newPassword: "another good phrase", revokeOtherSessions: true };
      expect((await jar.post("/change-password", change)).status).toBe(200);
      expect([await other.me(), (await jar.me())?.["email"]]).toEqual([undefined, email]);
      expect((await browser().post("/sign-in/email", { email, password })).status).toBe(401);
    });

    test("changes its name, and without SMTP its address", async () => {
      const { jar } = await join();
      const email = newAddress();
      expect((await jar.post("/update-user", { name: "Grace" })).status).toBe(200);
      expect((await jar.post("/change-email", { newEmail: email })).status).toBe(200);
      expect(await jar.me()).toMatchObject({ name: "Grace", email, email_verified: false });
    });

    test("is deleted by its owner, unless a workspace would be without one", async () => {
      const { jar, email } = await join();
      const { query } = gateway.wired.database;
      const user = await query.selectFrom("users").select("id").where("email", "=", email).executeTakeFirstOrThrow();
      const [workspace] = await query.selectFrom("workspaces").select("id").execute();
      await query
        .insertInto("workspaces")
        .values({ id: `ws_of_${user.id}`, name: "Mine", status: "active", created_at: 1 })
        .execute();
      for (const [id, role] of [
        [workspace?.id ?? "", "viewer"],
        [`ws_of_${user.id}`, "owner"],
      ] as const) {
        await query.insertInto("members").values({ workspace_id: id, user_id: user.id, role, created_at: 1 }).execute();
      }
      const refused = await jar.post("/delete-user", { password });
      expect([refused.status, reasonOf(refused)]).toEqual([409, "sole_owner"]);
      expect(stringAt(objectAt(refused.body, "error") ?? {}, "message")).toContain("Mine");
      const heir = await signUp(gateway, { roles: { [`ws_of_${user.id}`]: "owner" } });
      expect(heir.id).not.toBe(user.id);
      expect((await jar.post("/delete-user", { password: "wrong password" })).status).toBe(400);
      expect((await jar.post("/delete-user", { password })).status).toBe(200);
      expect(await jar.me()).toBeUndefined();
      expect((await browser().post("/sign-in/email", { email, password })).status).toBe(401);
      expect(await query.selectFrom("members").select("role").where("user_id", "=", user.id).execute()).toEqual([]);
    });
  });

  describe("a session", () => {
    test("is a new one at every sign-in, and takes the place of the browser's earlier one", async () => {
      const planted = await join();
      const { email } = await join();
      const victim = browser();
      for (const [name, value] of planted.jar.cookies) victim.cookies.set(name, value);
      const before = victim.cookie;
      await victim.post("/sign-in/email", { email, password });
      expect(victim.cookie).not.toBe(before);
      expect((await victim.me())?.["email"]).toBe(email);
      expect(await planted.jar.me()).toBeUndefined();
    });

    test("of a cookie is closed to requests of other sites", async () => {
      const { jar } = await join();
      const elsewhere = { origin: "https://evil.example" };
      const refused = await jar.post("/update-user", { name: "Eve" }, elsewhere);
      expect([refused.status, reasonOf(refused)]).toEqual([403, "invalid_origin"]);
      expect((await jar.post("/sign-out", {}, elsewhere)).status).toBe(403);
      expect((await jar.me())?.["name"]).toBe("Ada");
      const form = await fetch(`${gateway.url}/api/auth/sign-in/email`, {
        method: "POST",
        headers: {
          origin: "https://evil.example",
          "sec-fetch-site": "cross-site",
          "sec-fetch-mode": "navigate",
          "content-type": "application/x-www-form-urlencoded",
        },
        body: `email=eve%40example.com&password=${password}`,
      });
      expect([form.status, form.headers.getSetCookie()]).toEqual([403, []]);
    });

    test("that is an hour old does not change how its person signs in", async () => {
      const { jar, email } = await join();
      const { query } = gateway.wired.database;
      const user = await query.selectFrom("users").select("id").where("email", "=", email).executeTakeFirstOrThrow();
      const hourAgo = Date.now() - 61 * 60_000;
      await query.updateTable("sessions").set({ created_at: hourAgo }).where("user_id", "=", user.id).execute();
      for (const path of ["/change-email", "/two-factor/enable", "/delete-user", "/link-social", "/set-password"]) {
        const refused = await jar.post(path, {
          newEmail: newAddress(),
          newPassword: password,
          provider: "google",
          password,
        });
        expect([path, refused.status, reasonOf(refused)]).toEqual([path, 403, "session_not_fresh"]);
      }
      await jar.post("/sign-in/email", { email, password });
      expect((await jar.post("/change-email", { newEmail: newAddress() })).status).toBe(200);
    });

    test("of someone who is shut out is not opened", async () => {
      const { jar, email } = await join();
      const { query } = gateway.wired.database;
      const user = await query.selectFrom("users").select("id").where("email", "=", email).executeTakeFirstOrThrow();
      await query.insertInto("disabled_users").values({ user_id: user.id, reason: "abuse", disabled_at: 1 }).execute();
      const refused = await browser().post("/sign-in/email", { email, password });
      expect([refused.status, reasonOf(refused)]).toEqual([403, "account_disabled"]);
      expect(jar.cookies.size).toBe(1);
    });
  });

  describe("guessing", () => {
    test("passwords of one account is stopped after ten, from however many addresses", async () => {
      const { email } = await join();
      const tries: number[] = [];
      for (let index = 0; index < 11; index++) {
        tries.push((await browser().post("/sign-in/email", { email, password: `wrong guess ${index}` })).status);
      }
      expect(tries).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
      const right = await browser().post("/sign-in/email", { email, password });
      expect([right.status, reasonOf(right)]).toEqual([429, "too_many_tries"]);
      expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(60);
    });

    test("that is counted at once cannot be outrun by asking at once", async () => {
      const { email } = await join();
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          browser().post("/sign-in/email", { email, password: `at once ${index}` }),
        ),
      );
      expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(10);
    });

    test("from one address is stopped after twenty in a minute", async () => {
      const jar = browser();
      const tries: number[] = [];
      for (let index = 0; index < 21; index++) {
        tries.push((await jar.post("/sign-in/email", { email: `nobody-${index}`, password: "some password" })).status);
      }
      expect(tries.filter((status) => status === 429)).toEqual([429]);
      expect(tries.at(-1)).toBe(429);
    });

    test("addresses that a client makes up do not count as new ones", async () => {
      const jar = browser();
      for (let index = 0; index < 20; index++) {
        const forged = {
          "x-forwarded-for": `203.0.113.${index}, ${jar.address}`,
          "x-astrolabe-client-address": "192.0.2.1",
        };
        await jar.post("/sign-in/email", { email: `nobody-${index}`, password: "some password" }, forged);
      }
      const last = await jar.post("/sign-in/email", { email: "nobody", password: "some password" });
      expect(last.status).toBe(429);
    });

    test("leaves the owner's tries alone once they succeed", async () => {
      const { email } = await join();
      for (let round = 0; round < 2; round++) {
        for (let index = 0; index < 6; index++) {
          await browser().post("/sign-in/email", { email, password: `typed wrongly ${index}` });
        }
        expect((await browser().post("/sign-in/email", { email, password })).status).toBe(200);
      }
    });
  });

  test("redirects lead nowhere but to this server", async () => {
    const { email } = await join();
    for (const callbackURL of ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
      const refused = await browser().post("/sign-in/email", { email, password, callbackURL });
      expect([callbackURL, refused.status]).toEqual([callbackURL, 403]);
    }
  });

  test("steps that would show tokens, and those that do not exist, are not there", async () => {
    const { jar } = await join();
    for (const path of ["/list-sessions", "/ok", "/nothing"]) {
      expect((await jar.get(`/api/auth${path}`)).status).toBe(404);
    }
    for (const path of ["/revoke-session", "/get-access-token", "/update-session"]) {
      expect((await jar.post(path, { token: "x", providerId: "google" })).status).toBe(404);
    }
  });
});
