// The control API as a client sees it; every answer is held to the schema that its route declares.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { openTestControlPlane, type TestControlPlane } from "../../control-plane.test-kit.ts";
import { errorBodySchema } from "../../contracts/control.ts";
import {
  arrayAt,
  isObject,
  objectAt,
  parseObject,
  stringAt,
  type Json,
  type JsonObject,
} from "../../contracts/json.ts";
import { managedStacks } from "../../stacks/managed.ts";
import { controlRoutes } from "./control-routes.ts";

let plane: TestControlPlane;
forEachEngine((engine) => {
  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
  });
  afterEach(() => plane.close());

  type Answer = { readonly status: number; readonly body: JsonObject; readonly headers: Headers };

  /** Calls the API as the operator and holds every answer to the schema that the route declares. */
  async function call(method: string, path: string, body?: Json): Promise<Answer> {
    const response = await plane.app.request(path, {
      method,
      headers: { authorization: `Bearer ${plane.token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = {
      status: response.status,
      body: parseObject(await response.text()) ?? {},
      headers: response.headers,
    };
    const route = controlRoutes.find((candidate) => candidate.method === method && matches(candidate.path, path));
    const schema = response.ok ? route?.response : errorBodySchema;
    expect(schema?.safeParse(answer.body).error).toBeUndefined();
    if (response.ok) expect(answer.status).toBe(route?.status ?? 0);
    return answer;
  }

  function matches(pattern: string, path: string): boolean {
    return new RegExp(`^${pattern.replaceAll(/:\w+/g, "[^/]+")}$`).test(path.split("?")[0] ?? "");
  }

  async function newWorkspace(name = "Acme"): Promise<string> {
    return stringAt((await call("POST", "/api/workspaces", { name })).body, "id") ?? "";
  }

  const errorOf = (answer: Answer) => objectAt(answer.body, "error") ?? {};
  const dataOf = (answer: Answer) => (arrayAt(answer.body, "data") ?? []).filter((item) => isObject(item));

  describe("the control API's front door", () => {
    test("answers 401 without the operator token or with a wrong one, before it looks at anything else", async () => {
      for (const authorization of ["", "Bearer ", `Basic ${plane.token}`, `Bearer ${plane.token}x`]) {
        const headers = { authorization };
        const response = await plane.app.request("/api/workspaces", { method: "POST", headers, body: "{" });
        expect(response.status).toBe(401);
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
      }
    });

    test("slows down guessing without locking the operator out", async () => {
      const guess = () => plane.app.request("/api/workspaces", { headers: { authorization: "Bearer guess" } });
      for (let count = 0; count < 30; count++) expect((await guess()).status).toBe(401);
      const refused = await guess();
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
      expect((await call("GET", "/api/workspaces")).status).toBe(200);
      plane.clock.now += 60_000;
      expect((await guess()).status).toBe(401);
    });

    test("shows its OpenAPI document to anyone, and the policy schema to editors", async () => {
      const document = await plane.app.request("/api/openapi.json");
      expect(await document.json()).toMatchObject({ openapi: "3.1.0" });
      const schema = await call("GET", "/api/policy-schema");
      expect(new Ajv2020({ strict: false }).compile(schema.body)({ budget: { warnPercent: 101 } })).toBe(false);
    });

    test("gives every answer a request id and forbids storing it", async () => {
      const answer = await call("GET", "/api/workspaces/ws_none");
      expect(answer.status).toBe(404);
      expect(errorOf(answer)["requestId"]).toBe(answer.headers.get("x-astrolabe-cloud-request-id") ?? "");
      expect(answer.headers.get("cache-control")).toBe("no-store");
    });

    test("answers 404 for an unknown address and 405 with `allow` for a wrong method", async () => {
      expect(errorOf(await call("GET", "/api/nothing"))["code"]).toBe("not_found");
      const wrong = await call("DELETE", "/api/workspaces");
      expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, POST"]);
    });

    test("refuses a body over 1 MB, one that is not JSON, and unknown fields by name", async () => {
      expect((await call("POST", "/api/workspaces", { name: "x".repeat(1_048_577) })).status).toBe(413);
      const headers = { authorization: `Bearer ${plane.token}` };
      const broken = await plane.app.request("/api/workspaces", { method: "POST", headers, body: "{" });
      expect(await broken.json()).toMatchObject({ error: { code: "invalid_json" } });
      const unknown = await call("POST", "/api/workspaces", { name: "a", colour: "red" });
      expect(errorOf(unknown)).toMatchObject({ code: "invalid_request", param: "colour" });
    });

    test("hides the text of an internal fault and reports it inside", async () => {
      await plane.database.query.schema.dropTable("usage_rows").execute();
      const answer = await call("GET", `/api/workspaces/${await newWorkspace()}/traces`);
      expect([answer.status, JSON.stringify(answer.body).includes("usage_rows")]).toEqual([500, false]);
      expect(plane.faults[0]).toMatchObject({ cause: { message: expect.stringContaining("usage_rows") } });
    });
  });

  describe("workspaces", () => {
    test("are created, renamed, suspended and given a stack", async () => {
      const id = await newWorkspace();
      const changes = { name: "Renamed", status: "suspended", stack: "low-cost" };
      expect((await call("PATCH", `/api/workspaces/${id}`, changes)).body).toMatchObject(changes);
      expect((await call("PATCH", `/api/workspaces/${id}`, { stack: null })).body).toMatchObject({
        ...changes,
        stack: null,
      });
      const refused = await call("PATCH", `/api/workspaces/${id}`, { stack: "unknown" });
      expect(errorOf(refused)).toMatchObject({ code: "invalid_request", param: "stack" });
    });

    test("are listed page by page, each once, newest first", async () => {
      const ids = [await newWorkspace("a"), await newWorkspace("b"), await newWorkspace("c")];
      const first = await call("GET", "/api/workspaces?limit=2");
      expect(first.body["has_more"]).toBe(true);
      const second = await call("GET", `/api/workspaces?limit=2&cursor=${stringAt(first.body, "next_cursor")}`);
      expect([...dataOf(first), ...dataOf(second)].map((item) => item["id"])).toEqual(ids.toReversed());
      expect(second.body).toMatchObject({ has_more: false, next_cursor: null });
      expect(errorOf(await call("GET", "/api/workspaces?limit=201"))["param"]).toBe("limit");
    });
  });

  describe("credits", () => {
    test("take no memo that would be stored as another text than the one its hash covers", async () => {
      const path = `/api/workspaces/${await newWorkspace()}/credits/grants`;
      for (const memo of ["\u{D83D}", "a\0b"]) {
        expect((await call("POST", path, { amount_usd: "1", memo })).status).toBe(400);
      }
      expect((await call("POST", path, { amount_usd: "1", memo: "\u{1F52D}" })).status).toBe(201);
    });

    test("start at zero, grow by grants, and show in the ledger as exact text", async () => {
      const path = `/api/workspaces/${await newWorkspace()}`;
      expect((await call("GET", `${path}/credits`)).body["available_usd"]).toBe("0.000000000000");
      const body = { amount_usd: "12.000000000001", memo: "invoice 7", idempotency_key: "7" };
      const grant = await call("POST", `${path}/credits/grants`, body);
      expect((await call("POST", `${path}/credits/grants`, body)).body).toEqual(grant.body);
      expect((await call("GET", `${path}/credits`)).body["balance_usd"]).toBe("12.000000000001");
      expect(dataOf(await call("GET", `${path}/ledger-entries`))).toMatchObject([
        { id: grant.body["entry_id"], sequence: 1, kind: "credit", amount_usd: "12.000000000001", memo: "invoice 7" },
      ]);
    });

    test("refuse amounts that are not exact, positive money", async () => {
      const path = `/api/workspaces/${await newWorkspace()}/credits/grants`;
      for (const amount of ["0", "-1", "1e3", "0.0000000000001", "1000000.01", 5]) {
        expect(errorOf(await call("POST", path, { amount_usd: amount, memo: "m" }))["param"]).toBe("amount_usd");
      }
    });
  });

  describe("API keys", () => {
    test("show their secret once and work until revoked", async () => {
      const path = `/api/workspaces/${await newWorkspace()}/keys`;
      const created = await call("POST", path, { name: "ci", stack: "low-cost", spend_limit_usd: "5" });
      const secret = stringAt(created.body, "secret") ?? "";
      expect((await plane.keys.authenticate(secret))?.key.name).toBe("ci");
      const { secret: _, ...shown } = created.body;
      const used = { last_used_at: "2030-01-01T00:00:00.000Z" };
      expect((await call("GET", `${path}/${created.body["id"]}`)).body).toEqual({ ...shown, ...used });
      expect(shown).toMatchObject({
        stack: "low-cost",
        spend_limit_usd: "5.000000000000",
        prefix: secret.slice(0, 23),
      });
      expect((await call("POST", `${path}/${created.body["id"]}/revoke`)).body["status"]).toBe("revoked");
      expect(await plane.keys.authenticate(secret)).toBeUndefined();
      expect((await call("PATCH", `${path}/${created.body["id"]}`, { name: "x" })).status).toBe(409);
    });

    test("keep what a change leaves out and lose what it sets to null", async () => {
      const path = `/api/workspaces/${await newWorkspace()}/keys`;
      const body = { name: "ci", rate_limit_per_minute: 9, spend_limit_usd: "5", expires_at: "2031-01-01T00:00:00Z" };
      const { id } = (await call("POST", path, body)).body;
      const changed = await call("PATCH", `${path}/${id}`, { spend_limit_usd: null, allowed_models: ["openai/*"] });
      expect(changed.body).toMatchObject({
        name: "ci",
        rate_limit_per_minute: 9,
        spend_limit_usd: null,
        allowed_models: ["openai/*"],
        expires_at: "2031-01-01T00:00:00.000Z",
      });
      expect(errorOf(await call("PATCH", `${path}/${id}`, { expires_at: "2029-01-01T00:00:00Z" }))["param"]).toBe(
        "expires_at",
      );
    });

    test("of another workspace are not found", async () => {
      const mine = await call("POST", `/api/workspaces/${await newWorkspace()}/keys`, { name: "ci" });
      const other = `/api/workspaces/${await newWorkspace("Other")}/keys/${mine.body["id"]}`;
      expect((await call("GET", other)).status).toBe(404);
      expect((await call("POST", `${other}/revoke`)).status).toBe(404);
    });
  });

  describe("stacks", () => {
    test("go from clone over draft to a version that requests use", async () => {
      const workspace = await newWorkspace();
      const path = `/api/workspaces/${workspace}/stacks`;
      await call("POST", path, { slug: "mine", name: "Mine", clone_from: "low-cost" });
      await call("PATCH", `${path}/mine`, { policy: { objective: { qualityTarget: "high" } } });
      expect((await call("POST", `${path}/mine/publish`)).body).toMatchObject({ version: 1, note: "" });
      await call("PATCH", `/api/workspaces/${workspace}`, { stack: "mine" });
      await call("POST", `${path}/mine/publish`, { note: "second", activate: false });
      expect((await call("GET", `${path}/mine`)).body["active_version"]).toBe(1);
      expect(dataOf(await call("GET", `${path}/mine/versions`)).map(({ version }) => version)).toEqual([2, 1]);
      expect((await call("POST", `${path}/mine/versions/2/activate`)).body["active_version"]).toBe(2);
      expect((await call("GET", `${path}/mine/versions/1`)).body["policy"]).toMatchObject({
        objective: { qualityTarget: "high" },
      });
      expect((await call("POST", `${path}/mine/archive`)).body["status"]).toBe("archived");
      expect((await call("POST", `${path}/mine/restore`)).body["status"]).toBe("active");
    });

    test("are listed managed first and page by page, each once", async () => {
      const path = `/api/workspaces/${await newWorkspace()}/stacks`;
      for (const slug of ["b", "a", "c"]) await call("POST", path, { slug, name: slug });
      const slugs: Json[] = [];
      for (let cursor = ""; ;) {
        const answer = await call("GET", `${path}?limit=2${cursor}`);
        slugs.push(...dataOf(answer).map((stack) => stack["slug"] ?? null));
        const next = stringAt(answer.body, "next_cursor");
        if (next === undefined) break;
        cursor = `&cursor=${encodeURIComponent(next)}`;
      }
      expect(slugs).toEqual([...managedStacks.map(({ slug }) => slug), "a", "b", "c"]);
    });

    test("refuse a draft with every field at fault named", async () => {
      const path = `/api/workspaces/${await newWorkspace()}/stacks`;
      const policy = { objective: { qualityTarget: "best" }, fallback: { maxAttempts: 99 } };
      const refused = errorOf(await call("POST", path, { slug: "mine", name: "Mine", policy }));
      expect(refused["param"]).toBe("policy.objective.qualityTarget");
      expect(refused["details"]).toMatchObject({
        problems: [{ param: "policy.objective.qualityTarget" }, { param: "policy.fallback.maxAttempts" }],
      });
      const contradictory = { objective: { primary: "fixed_priority" } };
      expect(errorOf(await call("POST", path, { slug: "mine", name: "Mine", policy: contradictory }))["param"]).toBe(
        "policy.objective.priority",
      );
    });

    test("can be validated without being stored", async () => {
      const good = await call("POST", "/api/stacks/validate", { policy: {} });
      expect(good.body).toMatchObject({ valid: true, problems: [] });
      const bad = await call("POST", "/api/stacks/validate", { policy: { budgets: {} } });
      expect(bad.body).toMatchObject({ valid: false, problems: [{ param: "policy.budgets" }] });
    });

    test("that are managed can be read by slug and not changed", async () => {
      const path = `/api/workspaces/${await newWorkspace()}/stacks/low-cost`;
      expect((await call("GET", path)).body).toMatchObject({ kind: "managed", active_version: 1 });
      expect((await call("PATCH", path, { name: "x" })).status).toBe(403);
    });
  });

  test("usage and traces list requests newest first with unknown tokens as null", async () => {
    const workspace = await newWorkspace();
    const shared = {
      workspace_id: workspace,
      key_id: "key_1",
      protocol: "responses",
      requested_model: "astrolabe/auto",
    };
    for (const request_id of ["req_1", "req_2"]) {
      await plane.database.query
        .insertInto("usage_rows")
        .values({
          ...shared,
          request_id,
          created_at: 1000,
          usage_kind: "exact",
          calls: "[]",
          http_status: 200,
          hold: 5n,
          ceiling: 5n,
          debit: 2n,
          price_version: "p",
          total_ms: 7,
          input_tokens: 3,
        })
        .execute();
    }
    await plane.database.query
      .insertInto("route_traces")
      .values({ request_id: "req_2", workspace_id: workspace, created_at: 1000, expires_at: 2000, trace: "{}" })
      .execute();
    const usage = dataOf(await call("GET", `/api/workspaces/${workspace}/usage`));
    expect(usage).toMatchObject([
      { request_id: "req_2", input_tokens: 3, output_tokens: null },
      { request_id: "req_1" },
    ]);
    expect(dataOf(await call("GET", `/api/workspaces/${workspace}/traces`))).toMatchObject([
      { request_id: "req_2", status: 200, debit_usd: "0.000000000002", expires_at: "1970-01-01T00:00:02.000Z" },
      { request_id: "req_1", expires_at: null },
    ]);
  });
});
