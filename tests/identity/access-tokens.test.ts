// Access tokens: what they open, what they never open, and what ends them.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { forEachEngine } from "../support/engines.ts";
import { asObject } from "../support/gateway.ts";
import { startOperatedGateway, type Method, type OperatedGateway } from "../support/operator.ts";
import { makeAccessToken, signUp, type AboutPerson, type SignedInPerson } from "../support/people.ts";

const dayMs = 86_400_000;
const tokens = "/api/me/access-tokens";

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  let home: string;
  let elsewhere: string;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
    home = stringAt((await gateway.operator.send("GET", "")).body, "id") ?? "";
    elsewhere = stringAt((await gateway.operator.send("POST", "/api/workspaces", { name: "Other" })).body, "id") ?? "";
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  const someone = (about: AboutPerson = {}) => signUp(gateway, { roles: { [home]: "owner" }, ...about });

  async function send(secret: string, method: Method, path: string, body?: JsonObject) {
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(gateway.url + path, { method, headers, ...sent });
    return { status: response.status, body: asObject(await response.json()) };
  }
  const statusOf = async (...call: Parameters<typeof send>) => (await send(...call)).status;
  /** What a refusal is called, and why. */
  async function refusalOf(secret: string, path = "/api/me") {
    const { status, body } = await send(secret, "GET", path);
    const error = objectAt(body, "error") ?? body;
    const facts = objectAt(error, "details") ?? objectAt(error, "facts") ?? {};
    return [status, stringAt(error, "code") ?? stringAt(error, "error_code"), stringAt(facts, "reason")];
  }
  const listed = async (person: SignedInPerson) =>
    (arrayAt((await person.send("GET", tokens)).body, "data") ?? []).filter(isObject);

  describe("an access token", () => {
    test("is shown once, lasts for 90 days unless asked otherwise, and opens both APIs as its person", async () => {
      const ada = await someone();
      const { status, body } = await ada.send("POST", tokens, { name: "release workflow" });
      const secret = stringAt(body, "secret") ?? "";
      expect([status, body]).toMatchObject([
        201,
        { object: "access_token", name: "release workflow", workspace: null, read_only: false, status: "active" },
      ]);
      expect(secret).toMatch(/^astrolabe_pat_[0-9A-Za-z]{38}$/);
      expect(stringAt(body, "id")).toMatch(/^pat_[0-9a-f]{32}$/);
      expect(secret.startsWith(stringAt(body, "prefix") ?? "?")).toBe(true);
      const days =
        (Date.parse(stringAt(body, "expires_at") ?? "") - Date.parse(stringAt(body, "created_at") ?? "")) / dayMs;
      expect(days).toBe(90);
      expect(JSON.stringify(await listed(ada))).not.toContain(secret);
      const id = stringAt(body, "id");
      const used = { id, name: "release workflow", read_only: false, workspace_id: null };
      expect((await send(secret, "GET", "/api/me")).body).toMatchObject({
        email: ada.email,
        session_id: null,
        access_token: used,
      });
      expect((await send(secret, "GET", "/api/v1/me")).body).toMatchObject({
        session: { id, expires_at: body["expires_at"] },
        access_token: used,
        accounts: [{ id: home, role: "owner" }],
      });
      expect(await statusOf(secret, "POST", `/api/workspaces/${home}/keys`, { name: "by a token" })).toBe(201);
    });

    test("ends on the day that was asked for, a year away at most", async () => {
      const ada = await someone();
      const now = gateway.wired.services.now();
      const at = new Date(now + 12 * dayMs).toISOString();
      expect((await ada.send("POST", tokens, { name: "x", expires_at: at })).body["expires_at"]).toBe(at);
      const refused: JsonObject[] = [
        { name: "x", expires_at: new Date(now + 366 * dayMs).toISOString() },
        { name: "x", expires_at: new Date(now - 1_000).toISOString() },
        { name: "x", expires_at: at, expires_in_days: 30 },
        { name: "x", expires_in_days: 366 },
        { name: "x", expires_at: null },
        { name: "x".repeat(61) },
        { name: " " },
      ];
      for (const body of refused) expect([body, (await ada.send("POST", tokens, body)).status]).toEqual([body, 400]);
    });

    test("needs no proof of its origin: no browser sends it by itself", async () => {
      const ada = await someone();
      const { secret } = await makeAccessToken(ada);
      const headers = { authorization: `Bearer ${secret}`, origin: "https://evil.example", cookie: ada.cookie };
      const body = JSON.stringify({ name: "from anywhere" });
      const made = await fetch(`${gateway.url}/api/workspaces/${home}/keys`, { method: "POST", headers, body });
      expect(made.status).toBe(201);
    });

    test("says when it was used last, to a minute", async () => {
      const ada = await someone();
      const { secret, id } = await makeAccessToken(ada);
      const lastUse = async () => Date.parse(stringAt((await listed(ada))[0] ?? {}, "last_used_at") ?? "");
      const stored = async () =>
        (
          await gateway.wired.database.query
            .selectFrom("access_tokens")
            .select("last_used_at")
            .where("id", "=", id)
            .executeTakeFirstOrThrow()
        ).last_used_at;
      expect(await lastUse()).toBeNaN();
      await send(secret, "GET", "/api/me");
      const first = await lastUse();
      expect(first).toBeGreaterThan(0);
      expect(await stored()).toBe(null);
      await gateway.wired.housekeep();
      expect(Number(await stored())).toBe(first);
      await send(secret, "GET", "/api/me");
      await gateway.wired.housekeep();
      expect(Number(await stored())).toBe(first);
      gateway.clock.aheadMs += 61_000;
      await send(secret, "GET", "/api/me");
      expect(await lastUse()).toBeGreaterThan(first);
    });

    test("stands in the audit log: made, used and revoked, without its secret", async () => {
      const ada = await someone();
      const { secret, id } = await makeAccessToken(ada);
      const key = stringAt((await send(secret, "POST", `/api/workspaces/${home}/keys`, { name: "k" })).body, "id");
      await ada.send("DELETE", `${tokens}/${id}`);
      const { body } = await gateway.operator.send("GET", `/api/operator/audit-events?actor=${ada.id}`);
      expect(arrayAt(body, "data")).toMatchObject([
        { action: "revokeAccessToken", targets: [{ type: "access_token", id }] },
        {
          action: "createApiKey",
          targets: [
            { type: "api_key", id: key },
            { type: "by_access_token", id },
          ],
        },
        { action: "createAccessToken", targets: [{ type: "access_token", id }], fields: ["name"] },
      ]);
      expect(JSON.stringify(body)).not.toContain(secret);
    });
  });

  describe("an access token ends", () => {
    test("when it is revoked, at once, and says so; its person alone can do that", async () => {
      const [ada, eve] = [await someone(), await someone()];
      const { secret, id } = await makeAccessToken(ada);
      expect(await statusOf(secret, "GET", "/api/me")).toBe(200);
      expect((await eve.send("DELETE", `${tokens}/${id}`)).status).toBe(404);
      expect(await statusOf(secret, "GET", "/api/me")).toBe(200);
      expect((await ada.send("DELETE", `${tokens}/${id}`)).body).toMatchObject({ id, status: "revoked" });
      expect((await ada.send("DELETE", `${tokens}/${id}`)).status).toBe(200);
      expect(await refusalOf(secret)).toEqual([401, "invalid_access_token", "revoked"]);
      expect(await refusalOf(secret, "/api/v1/me")).toEqual([401, "invalid_access_token", "revoked"]);
      expect(await listed(ada)).toEqual([]);
    });

    test("when it expires, and is forgotten a month later", async () => {
      const ada = await someone();
      const { secret } = await makeAccessToken(ada, { expires_in_days: 1 });
      gateway.clock.aheadMs += dayMs + 1_000;
      expect(await refusalOf(secret)).toEqual([401, "invalid_access_token", "expired"]);
      await gateway.wired.housekeep();
      expect(await refusalOf(secret)).toEqual([401, "invalid_access_token", "expired"]);
      gateway.clock.aheadMs += 31 * dayMs;
      await gateway.wired.housekeep();
      expect(await refusalOf(secret)).toEqual([401, "invalid_access_token", "unknown"]);
    });

    test("when its person is shut out, for good", async () => {
      const ada = await someone();
      const { secret } = await makeAccessToken(ada);
      const change = (body: JsonObject) => gateway.operator.send("PATCH", `/api/operator/users/${ada.id}`, body);
      expect((await change({ disabled_reason: "left the company" })).status).toBe(200);
      expect((await refusalOf(secret))[0]).toBe(401);
      expect((await change({ disabled_reason: null })).status).toBe(200);
      expect(await refusalOf(secret)).toEqual([401, "invalid_access_token", "revoked"]);
    });

    test("with the account of its person", async () => {
      const ada = await signUp(gateway);
      const { secret } = await makeAccessToken(ada);
      await gateway.wired.database.query.deleteFrom("users").where("id", "=", ada.id).execute();
      expect(await refusalOf(secret)).toEqual([401, "invalid_access_token", "unknown"]);
    });
  });

  describe("an access token may do no more than its person", () => {
    test("and nothing in a workspace that they were removed from", async () => {
      const bob = await someone({ roles: { [home]: "developer" } });
      const { secret } = await makeAccessToken(bob);
      expect(await statusOf(secret, "GET", `/api/workspaces/${home}`)).toBe(200);
      expect(await statusOf(secret, "PATCH", `/api/workspaces/${home}`, { name: "x" })).toBe(403);
      await gateway.operator.send("DELETE", `/members/${bob.id}`);
      expect(await statusOf(secret, "GET", `/api/workspaces/${home}`)).toBe(404);
      expect((await send(secret, "GET", "/api/v1/me")).body["accounts"]).toEqual([]);
    });

    test("is never an operator", async () => {
      const opal = await signUp(gateway, { operator: true });
      const { secret } = await makeAccessToken(opal);
      expect((await opal.send("GET", "/api/operator/users")).status).toBe(200);
      expect(await statusOf(secret, "GET", "/api/operator/users")).toBe(403);
      expect(await statusOf(secret, "GET", `/api/workspaces/${home}`)).toBe(404);
      expect((await send(secret, "GET", "/api/workspaces")).body["data"]).toEqual([]);
    });

    test("makes, shows and ends no tokens and no sessions, and changes no way of signing in", async () => {
      const ada = await someone();
      const { secret, id } = await makeAccessToken(ada);
      expect(await statusOf(secret, "POST", tokens, { name: "child" })).toBe(403);
      expect(await statusOf(secret, "GET", tokens)).toBe(403);
      expect(await statusOf(secret, "DELETE", `${tokens}/${id}`)).toBe(403);
      expect(await statusOf(secret, "GET", "/api/me/sessions")).toBe(403);
      expect(await statusOf(secret, "GET", "/api/me/audit-events")).toBe(403);
      expect(await statusOf(secret, "DELETE", "/api/me/sessions")).toBe(403);
      const newPassword = "correct horse battery";
      const changes: [string, JsonObject][] = [
        ["change-email", { newEmail: "eve@example.com" }],
        ["change-password", { currentPassword: newPassword, newPassword }],
        ["two-factor/enable", { password: newPassword }],
        ["update-user", { name: "Eve" }],
        ["delete-user", {}],
      ];
      for (const [path, body] of changes) {
        const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
        const origin = new URL(gateway.publicUrl).origin;
        const answer = await fetch(`${gateway.url}/api/auth/${path}`, {
          method: "POST",
          headers: { ...headers, origin },
          body: JSON.stringify(body),
        });
        expect([path, answer.status]).toEqual([path, 401]);
      }
      expect((await ada.send("GET", "/api/me")).status).toBe(200);
    });

    test("opens no agent's pages", async () => {
      const { secret } = await makeAccessToken(await someone());
      const answer = await fetch(`${gateway.url}/api/v1/front-door/none?browser=${"a".repeat(43)}`, {
        headers: { authorization: `Bearer ${secret}` },
        redirect: "manual",
      });
      expect(answer.headers.get("location")).toBe(null);
    });
  });

  describe("an access token that may do less", () => {
    test("reads and changes nothing when it only reads", async () => {
      const { secret } = await makeAccessToken(await someone(), { read_only: true });
      expect(await statusOf(secret, "GET", `/api/workspaces/${home}/keys`)).toBe(200);
      const refused = await send(secret, "POST", `/api/workspaces/${home}/keys`, { name: "x" });
      expect([refused.status, stringAt(objectAt(refused.body, "error") ?? {}, "message")]).toEqual([
        403,
        "This access token only reads.",
      ]);
      const head = await fetch(`${gateway.url}/api/me`, {
        method: "HEAD",
        headers: { authorization: `Bearer ${secret}` },
      });
      expect(head.status).toBe(200);
    });

    test("knows no other workspace than its own", async () => {
      const ada = await someone({ roles: { [home]: "owner", [elsewhere]: "owner" } });
      const { body } = await ada.send("POST", tokens, { name: "limited", workspace: elsewhere });
      expect(body["workspace"]).toMatchObject({ id: elsewhere, name: "Other" });
      const secret = stringAt(body, "secret") ?? "";
      expect(await statusOf(secret, "GET", `/api/workspaces/${elsewhere}`)).toBe(200);
      expect(await statusOf(secret, "GET", `/api/v1/accounts/${elsewhere}/variables`)).toBe(200);
      expect(await statusOf(secret, "GET", `/api/workspaces/${home}`)).toBe(404);
      expect(await statusOf(secret, "GET", `/api/v1/accounts/${home}/variables`)).toBe(404);
      expect(await statusOf(secret, "GET", `/api/v1/deployments?account=${home}`)).toBe(404);
      expect(await statusOf(secret, "POST", "/api/workspaces", { name: "Third" })).toBe(403);
      expect(await statusOf(secret, "POST", "/api/v1/accounts", { name: "third" })).toBe(403);
      expect((await send(secret, "GET", "/api/workspaces")).body["data"]).toMatchObject([{ id: elsewhere }]);
      expect((await send(secret, "GET", "/api/me")).body["workspaces"]).toMatchObject([{ id: elsewhere }]);
      expect((await send(secret, "GET", "/api/v1/me")).body["accounts"]).toMatchObject([{ id: elsewhere }]);
    });

    test("is made for no workspace of others, whether there is such a one or not", async () => {
      const ada = await someone();
      const asked = async (workspace: string) => {
        const { status, body } = await ada.send("POST", tokens, { name: "x", workspace });
        return [status, stringAt(objectAt(body, "error") ?? {}, "message")];
      };
      expect(await asked(elsewhere)).toEqual(await asked("ws_none"));
      expect((await asked(elsewhere))[0]).toBe(400);
    });
  });

  test("nobody has more than 50; revoked ones do not count", async () => {
    const ada = await someone();
    const made: string[] = [];
    for (let number = 0; number < 50; number++) made.push((await makeAccessToken(ada)).id);
    expect((await ada.send("POST", tokens, { name: "one more" })).status).toBe(409);
    await ada.send("DELETE", `${tokens}/${made[0]}`);
    expect((await ada.send("POST", tokens, { name: "one more" })).status).toBe(201);
    expect((await listed(ada)).length).toBe(50);
  });

  test("inference says which key it wants instead", async () => {
    const { secret } = await makeAccessToken(await someone());
    const answer = await gateway.post("/v1/responses", { model: "astrolabe/auto", input: "x" }, { key: secret });
    const error = objectAt(asObject(await answer.json()), "error") ?? {};
    expect([answer.status, stringAt(error, "code")]).toEqual([401, "unauthorized"]);
    expect(stringAt(error, "message")).toContain("access token");
    expect(stringAt(error, "hint")).toContain("astrolabe_live_");
  });

  test("whoever guesses hears the same of every guess and is slowed down; whoever holds a token is not", async () => {
    const ada = await someone();
    const { secret } = await makeAccessToken(ada);
    const ended = await makeAccessToken(ada);
    await ada.send("DELETE", `${tokens}/${ended.id}`);
    const other = secret.endsWith("a") ? "b" : "a";
    const guesses = [secret.slice(0, -1) + other, secret.slice(0, -6), "astrolabe_pat_x", `${secret}0`];
    const heard = new Set<string>();
    for (const guess of guesses) heard.add(JSON.stringify(await refusalOf(guess)));
    expect([...heard]).toEqual([JSON.stringify([401, "invalid_access_token", "unknown"])]);
    const statuses: number[] = [];
    for (let guess = 0; guess < 35; guess++) statuses.push(await statusOf("astrolabe_pat_x", "GET", "/api/me"));
    expect(statuses).toContain(429);
    expect(await statusOf(secret, "GET", "/api/me")).toBe(200);
    expect(await refusalOf(ended.secret)).toEqual([401, "invalid_access_token", "revoked"]);
  });

  test("no row of the database opens anything", async () => {
    const { secret, id } = await makeAccessToken(await someone());
    const row = await gateway.wired.database.query
      .selectFrom("access_tokens")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    expect(Object.values(row).map(String)).not.toContain(secret);
    expect(secret).not.toContain(row.token_hash);
    gateway.clock.aheadMs += 61_000;
    expect((await refusalOf(`astrolabe_pat_${row.token_hash}`))[0]).toBe(401);
    expect((await refusalOf(row.token_hash))[0]).toBe(401);
  });
});
