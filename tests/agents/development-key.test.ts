// A developer's gateway key over its whole life: got by a signed-in person, used by the official client, renewed, ended.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import OpenAI from "openai";
import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { forEachEngine } from "../support/engines.ts";
import { newPostgresDatabase } from "../support/postgres.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp, type SignedInPerson } from "../support/people.ts";

const hourMs = 3_600_000;

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  let home: string;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
    home = stringAt((await gateway.operator.send("GET", "")).body, "id") ?? "";
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  const path = () => `/api/v1/accounts/${home}/ai-gateway-keys`;
  const developer = () => signUp(gateway, { roles: { [home]: "developer" } });

  async function keyOf(person: SignedInPerson) {
    const { status, body } = await person.send("POST", path());
    const text = (name: string): string => stringAt(body, name) ?? "";
    return { status, body, id: text("key_id"), secret: text("api_key") };
  }

  const client = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  const ask = (apiKey: string) =>
    client(apiKey).chat.completions.create({
      model: "astrolabe/auto",
      messages: [{ role: "user", content: "Write one sentence explaining routing stacks." }],
    });
  const statusOf = async (apiKey: string): Promise<number> => {
    try {
      await ask(apiKey);
      return 200;
    } catch (error) {
      if (error instanceof OpenAI.APIError) return error.status ?? 0;
      throw error;
    }
  };

  async function listed(id: string): Promise<JsonObject> {
    const { body } = await gateway.operator.send("GET", `${path()}?all=true`);
    return (arrayAt(body, "keys") ?? []).filter(isObject).find((key) => key["key_id"] === id) ?? {};
  }

  test("answers the official client, spends the account's credits, and is told by name in the trace", async () => {
    const ada = await developer();
    const { status, body, id, secret } = await keyOf(ada);
    expect(status).toBe(200);
    expect(body).toMatchObject({ base_url: "http://gateway.test/v1" });
    expect(Date.parse(stringAt(body, "expires_at") ?? "") - Date.parse(stringAt(body, "renews_at") ?? "")).toBe(
      24 * hourMs,
    );
    const before = await gateway.credits();
    const { response } = await client(secret)
      .chat.completions.create({ model: "astrolabe/auto", messages: [{ role: "user", content: "Hello there." }] })
      .withResponse();
    const trace = await gateway.traceOf(response);
    expect(trace["agent"]).toEqual({ kind: "development", user: ada.email });
    expect((await gateway.credits()).balance).toBeLessThan(before.balance);
    const usage = (await gateway.operator.send("GET", `/usage?key=${id}`)).body;
    expect(arrayAt(usage, "data")).toEqual([expect.objectContaining({ key_id: id, agent: null, status: 200 })]);
    expect(await listed(id)).toMatchObject({ kind: "development", user: { id: ada.id, email: ada.email } });
  });

  test("is one key for everybody who asks at once, and the same a little later", async () => {
    const ada = await developer();
    const together = await Promise.all(Array.from({ length: 8 }, () => keyOf(ada)));
    expect(new Set(together.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(together.map(({ secret }) => secret)).size).toBe(1);
    gateway.clock.aheadMs += 23 * hourMs;
    expect(await keyOf(ada)).toMatchObject({ id: together[0]?.id, secret: together[0]?.secret });
    const grace = await keyOf(await developer());
    expect(grace.id).not.toBe(together[0]?.id);
  });

  test("has a new secret after a day, which ends the old one; stack and limits stay", async () => {
    const ada = await developer();
    const first = await keyOf(ada);
    await gateway.operator.publish("for-development", {});
    const kept = { stack: "for-development", rate_limit_per_minute: 40 };
    expect((await gateway.operator.send("PATCH", `/keys/${first.id}`, kept)).status).toBe(200);
    gateway.clock.aheadMs += 24 * hourMs;
    const again = await Promise.all(Array.from({ length: 8 }, () => keyOf(ada)));
    const [second] = again;
    expect(new Set(again.map(({ secret }) => secret)).size).toBe(1);
    expect([second?.id, second?.secret === first.secret]).toEqual([first.id, false]);
    expect([await statusOf(first.secret), await statusOf(second?.secret ?? "")]).toEqual([401, 200]);
    expect((await gateway.operator.send("GET", `/keys/${first.id}`)).body).toMatchObject(kept);
  });

  test("ends by itself after two days, and comes back when it is asked for", async () => {
    const ada = await developer();
    const { id, secret } = await keyOf(ada);
    gateway.clock.aheadMs += 48 * hourMs - 60_000;
    expect(await statusOf(secret)).toBe(200);
    gateway.clock.aheadMs += 60_000;
    expect(await statusOf(secret)).toBe(401);
    expect(await listed(id)).toMatchObject({ status: "expired" });
    const next = await keyOf(ada);
    expect([next.id, await statusOf(next.secret)]).toEqual([id, 200]);
  });

  test("rotated, goes on with its old secret until the overlap ends", async () => {
    const ada = await developer();
    const { id, secret } = await keyOf(ada);
    const rotated = await ada.send("POST", `${path()}/${id}/rotate`, { overlap_minutes: 10 });
    expect(rotated.status).toBe(200);
    expect(JSON.stringify(rotated.body)).not.toContain(secret.slice(23));
    const next = await keyOf(ada);
    expect([next.id, next.secret === secret]).toEqual([id, false]);
    expect([await statusOf(secret), await statusOf(next.secret)]).toEqual([200, 200]);
    gateway.clock.aheadMs += 10 * 60_000;
    expect([await statusOf(secret), await statusOf(next.secret)]).toEqual([401, 200]);
    await ada.send("POST", `${path()}/${id}/rotate`, { overlap_minutes: 0 });
    expect(await statusOf(next.secret)).toBe(401);
  });

  test("revoked, never works again: the next one is another key", async () => {
    const ada = await developer();
    const { id, secret } = await keyOf(ada);
    expect((await gateway.operator.send("POST", `/keys/${id}/revoke`)).body).toMatchObject({ status: "revoked" });
    expect(await statusOf(secret)).toBe(401);
    expect((await ada.send("POST", `${path()}/${id}/rotate`)).status).toBe(409);
    const together = await Promise.all(Array.from({ length: 4 }, () => keyOf(ada)));
    expect(new Set(together.map(({ secret: one }) => one)).size).toBe(1);
    expect(together[0]?.id).not.toBe(id);
    const ended = await ada.send("DELETE", `${path()}/${together[0]?.id}`);
    expect(ended.body).toMatchObject({ status: "revoked" });
    expect(await statusOf(together[0]?.secret ?? "")).toBe(401);
  });

  describe("ends with the right to have one", () => {
    test("when its person leaves, is removed, or becomes a viewer", async () => {
      for (const end of [
        (ada: SignedInPerson) => ada.send("POST", `/api/workspaces/${home}/leave`),
        (ada: SignedInPerson) => gateway.operator.send("DELETE", `/members/${ada.id}`),
        (ada: SignedInPerson) => gateway.operator.send("PATCH", `/members/${ada.id}`, { role: "viewer" }),
        (ada: SignedInPerson) =>
          gateway.operator.send("PATCH", `/api/operator/users/${ada.id}`, { disabled_reason: "left" }),
      ]) {
        const ada = await developer();
        const { id, secret } = await keyOf(ada);
        expect(await statusOf(secret)).toBe(200);
        expect((await end(ada)).status).toBe(200);
        gateway.clock.aheadMs += 1_000;
        expect(await statusOf(secret)).toBe(401);
        expect(await listed(id)).toMatchObject({ status: "revoked" });
        expect((await keyOf(ada)).status).toBeGreaterThanOrEqual(401);
      }
    });

    test("when the account is suspended, which is said in a way that programs know", async () => {
      const ada = await developer();
      const { id, secret } = await keyOf(ada);
      const url = `/api/operator/workspaces/${home}`;
      await gateway.operator.send("POST", `${url}/suspend`, { reason: "unpaid" });
      const refused = await keyOf(ada);
      expect([refused.status, refused.body]).toEqual([
        402,
        expect.objectContaining({
          error_code: "account_suspended",
          code: "suspended",
          reason: "unpaid",
          action: "contact_support",
        }),
      ]);
      await gateway.operator.send("POST", `${url}/resume`);
      expect(await statusOf(secret)).toBe(401);
      const next = await keyOf(ada);
      expect([next.status, next.id === id, await statusOf(next.secret)]).toEqual([200, false, 200]);
    });
  });

  test("is among the API keys, where its name and lifetime are not set by hand", async () => {
    const ada = await developer();
    const { id } = await keyOf(ada);
    const own = `/keys/${id}`;
    expect((await gateway.operator.send("GET", own)).body).toMatchObject({
      purpose: "development",
      name: `Development: ${ada.email}`,
      managed: { user: ada.email, agent: null, deployment: null },
    });
    for (const change of [{ name: "mine" }, { expires_at: null }]) {
      expect((await gateway.operator.send("PATCH", own, change)).status).toBe(409);
    }
    const rotated = await gateway.operator.send("POST", `${own}/rotate`, {});
    expect([rotated.status, stringAt(objectAt(rotated.body, "error") ?? {}, "hint")]).toEqual([
      409,
      expect.stringContaining(`ast keys rotate ${id}`),
    ]);
    const limited = await gateway.operator.send("PATCH", own, { spend_limit_usd: "1" });
    expect([limited.status, limited.body["spend_limit_usd"]]).toEqual([200, "1.000000000000"]);
  });

  test("is a person's: the operator token gets none", async () => {
    const { status, body } = await gateway.operator.send("POST", path());
    expect([status, body["error_code"]]).toEqual([403, "forbidden"]);
  });
});

describe("two servers on one Postgres", () => {
  let servers: OperatedGateway[];
  beforeAll(async () => {
    const environment = { DATABASE_URL: await newPostgresDatabase() };
    const first = await startOperatedGateway(environment);
    servers = [first, await startOperatedGateway(environment, first)];
  });
  afterAll(async () => {
    for (const server of servers) {
      expect(server.faults).toEqual([]);
      await server.close();
    }
  });

  test("give one key to a person who asks both at once, when it is made and when it is renewed", async () => {
    const [first, second] = servers;
    if (first === undefined || second === undefined) throw new Error("there are two");
    const home = stringAt((await first.operator.send("GET", "")).body, "id") ?? "";
    const { cookie } = await signUp(first, { roles: { [home]: "developer" } });
    const headers = { cookie, origin: new URL(first.publicUrl).origin, "content-type": "application/json" };
    const askAll = async () =>
      Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          const { url } = index % 2 === 0 ? first : second;
          const response = await fetch(`${url}/api/v1/accounts/default/ai-gateway-keys`, { method: "POST", headers });
          const body = await response.text();
          return `${response.status} ${stringAt(parseObject(body) ?? {}, "api_key") ?? body}`;
        }),
      );
    const made = new Set(await askAll());
    expect([...made]).toEqual([expect.stringMatching(/^200 astrolabe_live_/)]);
    for (const server of servers) server.clock.aheadMs += 25 * hourMs;
    const renewed = new Set(await askAll());
    expect([...renewed]).toEqual([expect.stringMatching(/^200 astrolabe_live_/)]);
    expect([...renewed]).not.toEqual([...made]);
  });
});
