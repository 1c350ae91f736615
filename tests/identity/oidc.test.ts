// Signing in with an OpenID provider that nobody here wrote: new people by the server's policy, known ones by an address
// that both sides have confirmed, and nobody by a forged answer.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { isObject, stringAt } from "../../server/contracts/json.ts";
import { forEachEngine } from "../support/engines.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { oidcClient, startOidcIssuer, type OidcIssuer } from "../support/oidc-issuer.ts";
import { signUp } from "../support/people.ts";
import { behindProxy, newEmail, reasonOf, visitor, type Visitor } from "../support/people-browsers.ts";

const callback = "http://gateway.test/api/auth/callback/company";

forEachEngine((engine) => {
  let issuer: OidcIssuer;
  let gateway: TestGateway;
  beforeAll(async () => {
    issuer = await startOidcIssuer(callback);
    gateway = await startGateway({
      ...behindProxy,
      ...(await engine.environment()),
      ASTROLABE_SIGN_UP: "open",
      ASTROLABE_OIDC_COMPANY_ISSUER: issuer.url,
      ASTROLABE_OIDC_COMPANY_CLIENT_ID: oidcClient.id,
      ASTROLABE_OIDC_COMPANY_CLIENT_SECRET: oidcClient.secret,
      ASTROLABE_OIDC_COMPANY_LABEL: "The company",
    });
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
    await issuer.close();
  });

  let logins = 0;
  const employee = (about: { email?: string; emailVerified?: boolean } = {}): { login: string; email: string } => {
    const { email = newEmail(), emailVerified = true } = about;
    const login = `login-${(logins += 1)}`;
    issuer.people.set(login, { email, emailVerified, name: "Grace" });
    return { login, email };
  };
  /** Where the provider sends the person back to. */
  const answerOf = async (jar: Visitor, login: string, step = "/sign-in/social", more: object = {}): Promise<URL> => {
    const body = { provider: "company", callbackURL: "http://gateway.test/keys", disableRedirect: true, ...more };
    const { status, body: started } = await jar.post(step, body);
    expect([status, started]).toMatchObject([200, { redirect: false }]);
    return new URL(await issuer.signIn(stringAt(started, "url") ?? "", login));
  };
  const finish = (jar: Visitor, answer: URL) => jar.get(answer.pathname + answer.search);

  test("a new person gets an account, and comes back to it", async () => {
    const { login, email } = employee();
    const jar = visitor(gateway);
    const answer = await answerOf(jar, login);
    expect(answer.origin + answer.pathname).toBe(callback);
    const done = await finish(jar, answer);
    expect([done.status, done.headers.get("location")]).toEqual([302, "http://gateway.test/keys"]);
    const me = await jar.me();
    expect(me).toMatchObject({ email, name: "Grace", has_password: false, email_verified: true });
    const again = visitor(gateway);
    await finish(again, await answerOf(again, login));
    expect((await again.me())?.["id"]).toBe(me?.["id"] ?? "");
    const rows = await gateway.wired.database.query.selectFrom("credentials").selectAll().execute();
    const stored = JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    expect(stored).not.toContain("eyJ");
  });

  test("an answer is taken once, and only in the browser that asked", async () => {
    const { login } = employee();
    const jar = visitor(gateway);
    const answer = await answerOf(jar, login);
    const victim = visitor(gateway);
    const forced = await finish(victim, answer);
    expect(forced.headers.get("location")).toStartWith("http://gateway.test/sign-in?error=");
    expect(await victim.me()).toBeUndefined();
    const second = visitor(gateway);
    const fresh = await answerOf(second, login);
    await finish(second, fresh);
    const replayed = visitor(gateway);
    for (const [name, value] of second.cookies) if (!name.includes("session")) replayed.cookies.set(name, value);
    await finish(replayed, fresh);
    expect(await replayed.me()).toBeUndefined();
  });

  describe("an account that exists", () => {
    test("is joined by an address that both sides have confirmed", async () => {
      const ada = await signUp(gateway);
      const { login } = employee({ email: ada.email });
      const jar = visitor(gateway);
      await finish(jar, await answerOf(jar, login));
      expect((await jar.me())?.["id"]).toBe(ada.id);
    });

    test("is not joined by an address that the provider has not confirmed", async () => {
      const ada = await signUp(gateway);
      const { login } = employee({ email: ada.email, emailVerified: false });
      const jar = visitor(gateway);
      const refused = await finish(jar, await answerOf(jar, login));
      expect(refused.headers.get("location")).toContain("error=account_not_linked");
      expect(await jar.me()).toBeUndefined();
    });

    test("is not joined when its own address was never confirmed", async () => {
      const email = newEmail();
      await visitor(gateway).post("/sign-up/email", { name: "Eve", email, password: "correct horse battery" });
      const { login } = employee({ email });
      const jar = visitor(gateway);
      await finish(jar, await answerOf(jar, login));
      expect(await jar.me()).toBeUndefined();
    });

    test("links an identity with another address when its person asks, and unlinks it, but never the last way in", async () => {
      const jar = visitor(gateway);
      const [name = "", value = ""] = (await signUp(gateway)).cookie.split("=");
      jar.cookies.set(name, value);
      const me = await jar.me();
      const { login } = employee();
      await finish(jar, await answerOf(jar, login, "/link-social"));
      const other = visitor(gateway);
      await finish(other, await answerOf(other, login));
      expect((await other.me())?.["id"]).toBe(me?.["id"] ?? "");
      const linked = await fetch(`${gateway.url}/api/auth/list-accounts`, { headers: { cookie: jar.cookie } });
      const accounts: unknown = await linked.json();
      const [account] = Array.isArray(accounts) ? accounts.filter(isObject) : [];
      const accountId = stringAt(account ?? {}, "id");
      const refused = await jar.post("/unlink-account", { accountId });
      expect([refused.status, reasonOf(refused)]).toEqual([400, "failed_to_unlink_last_account"]);
      expect((await jar.post("/set-password", { newPassword: "correct horse battery" })).status).toBe(200);
      expect((await jar.post("/unlink-account", { accountId })).status).toBe(200);
    });
  });

  test("people are sent back to this server only", async () => {
    for (const callbackURL of ["https://evil.example", "//evil.example", "/%2Fevil.example", "/\\evil.example"]) {
      const refused = await visitor(gateway).post("/sign-in/social", { provider: "company", callbackURL });
      expect([callbackURL, refused.status]).toEqual([callbackURL, 403]);
    }
  });
});

test("a closed server lets people in who have an account, and makes no new ones", async () => {
  const issuer = await startOidcIssuer(callback);
  const gateway = await startGateway({
    ...behindProxy,
    ASTROLABE_SIGN_UP: "closed",
    ASTROLABE_OIDC_COMPANY_ISSUER: issuer.url,
    ASTROLABE_OIDC_COMPANY_CLIENT_ID: oidcClient.id,
    ASTROLABE_OIDC_COMPANY_CLIENT_SECRET: oidcClient.secret,
  });
  const known = await signUp(gateway);
  issuer.people.set("known", { email: known.email, emailVerified: true, name: "Ada" });
  issuer.people.set("stranger", { email: newEmail(), emailVerified: true, name: "Eve" });
  const enter = async (login: string) => {
    const jar = visitor(gateway);
    const { body } = await jar.post("/sign-in/social", { provider: "company", disableRedirect: true });
    const answer = new URL(await issuer.signIn(stringAt(body, "url") ?? "", login));
    await jar.get(answer.pathname + answer.search);
    return jar.me();
  };
  expect((await enter("known"))?.["id"]).toBe(known.id);
  expect(await enter("stranger")).toBeUndefined();
  await gateway.close();
  await issuer.close();
});

test("a provider that is away keeps nobody from another way in, and is reported", async () => {
  const early = await startOidcIssuer(callback);
  await early.close();
  const gateway = await startGateway({
    ...behindProxy,
    ASTROLABE_SIGN_UP: "open",
    ASTROLABE_OIDC_COMPANY_ISSUER: early.url,
    ASTROLABE_OIDC_COMPANY_CLIENT_ID: oidcClient.id,
  });
  const jar = visitor(gateway);
  const made = await jar.post("/sign-up/email", { name: "Ada", email: newEmail(), password: "correct horse battery" });
  expect(made.status).toBe(200);
  const away = await jar.post("/sign-in/social", { provider: "company" });
  expect(away.status).toBe(404);
  expect(gateway.faults.join()).toContain("company");
  await gateway.close();
});
