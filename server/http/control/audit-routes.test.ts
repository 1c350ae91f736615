// The audit log as its readers see it, on a real database of each engine.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { parse } from "csv-parse/sync";
import { sql } from "kysely";
import { asObject } from "../../../tests/support/gateway.ts";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { openTestControlPlane, type TestControlPlane, type TestPerson } from "../../control-plane.test-kit.ts";
import { arrayAt, isObject, type JsonObject } from "../../contracts/json.ts";
import { createWorkspace } from "../../workspaces/manage-workspaces.ts";

forEachEngine((engine) => {
  let plane: TestControlPlane;
  let workspace: string;
  let owner: TestPerson;
  let operator: TestPerson;

  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
    workspace = (await createWorkspace(plane.services.workspaces, "Mine")).id;
    owner = await plane.signIn({ workspace, role: "owner", email: "owner@example.com" });
    operator = await plane.signIn({ isOperator: true });
  });
  afterEach(() => plane.close());

  const eventsIn = (body: JsonObject) => (arrayAt(body, "data") ?? []).filter((event) => isObject(event));
  const own = async (query = "") =>
    eventsIn((await owner.send("GET", `/api/workspaces/${workspace}/audit-events${query}`)).body);
  const all = async (query = "") => eventsIn((await operator.send("GET", `/api/operator/audit-events${query}`)).body);

  describe("the audit log", () => {
    test("tells who did what to which thing, when and from where, and no value that was sent", async () => {
      const body = { name: "very-private", rate_limit_per_minute: 5 };
      const created = await plane.app.request(`/api/workspaces/${workspace}/keys`, {
        method: "POST",
        headers: { ...owner.headers, "user-agent": "Browser/1", "x-forwarded-for": "6.6.6.6, 203.0.113.9" },
        body: JSON.stringify(body),
      });
      const key = await created.json();
      const events = await own();
      expect(events).toMatchObject([
        {
          actor: { kind: "user", id: owner.user.id, name: "owner@example.com" },
          action: "createApiKey",
          outcome: "done",
          workspace_id: workspace,
          targets: [{ type: "api_key", id: isObject(key) ? key["id"] : "" }],
          fields: ["name", "rate_limit_per_minute"],
          address: "203.0.113.9",
          user_agent: "Browser/1",
          request_id: created.headers.get("x-astrolabe-cloud-request-id") ?? "",
          created_at: "2030-01-01T00:00:00.000Z",
        },
      ]);
      expect(JSON.stringify(events)).not.toContain("very-private");
      expect(JSON.stringify(events)).not.toContain(String(isObject(key) ? key["secret"] : "astrolabe"));
    });

    test("tells what the operator token did, and of workspaces that were made", async () => {
      const headers = { authorization: `Bearer ${plane.token}` };
      const made = await plane.app.request("/api/workspaces", { method: "POST", headers, body: '{"name":"New"}' });
      const { id } = asObject(await made.json());
      expect(await all()).toMatchObject([
        { actor: { kind: "operator_token", id: null }, action: "createWorkspace", workspace_id: String(id) },
      ]);
    });

    test("tells of refusals for want of a right, once a minute, and of nothing else that failed", async () => {
      const viewer = await plane.signIn({ workspace, role: "viewer" });
      await viewer.send("POST", `/api/workspaces/${workspace}/keys`, { name: "x" });
      await viewer.send("POST", `/api/workspaces/${workspace}/keys`, { name: "x" });
      await owner.send("POST", `/api/workspaces/${workspace}/keys`, { nonsense: true });
      await owner.send("GET", `/api/workspaces/${workspace}/keys`);
      const refusal = { outcome: "refused", action: "createApiKey", actor: { id: viewer.user.id } };
      expect(await own()).toMatchObject([refusal]);
      plane.clock.now += 60_000;
      await viewer.send("POST", `/api/workspaces/${workspace}/keys`, { name: "x" });
      expect(await own()).toMatchObject([refusal, refusal]);
    });

    test("keeps what strangers tried for operators, out of the workspace's own log", async () => {
      const stranger = await plane.signIn();
      const path = `/api/workspaces/${workspace}/credits/grants`;
      expect((await stranger.send("POST", path, { amount_usd: "5", memo: "me" })).status).toBe(403);
      expect(await own()).toEqual([]);
      expect(await all()).toMatchObject([{ outcome: "refused", action: "grantCredits", workspace_id: null }]);
    });

    test("cannot be changed or emptied, not even in the database", async () => {
      await owner.send("PATCH", `/api/workspaces/${workspace}`, { name: "x" });
      const { query } = plane.database;
      const attempts = [
        () => query.updateTable("audit_events").set({ actor_name: "nobody" }).execute(),
        () => query.deleteFrom("audit_events").execute(),
        ...(engine.name === "Postgres" ? [() => sql`TRUNCATE audit_events`.execute(query)] : []),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow("audit events");
      expect(await own()).toHaveLength(1);
    });

    test("is filtered by actor, action and time, and read page by page", async () => {
      const admin = await plane.signIn({ workspace, role: "admin" });
      await owner.send("PATCH", `/api/workspaces/${workspace}`, { name: "a" });
      plane.clock.now += 60_000;
      await admin.send("POST", `/api/workspaces/${workspace}/keys`, { name: "b" });
      const actions = async (query: string) => (await own(query)).map(({ action }) => action);
      expect(await actions("")).toEqual(["createApiKey", "updateWorkspace"]);
      expect(await actions(`?actor=${admin.user.id}`)).toEqual(["createApiKey"]);
      expect(await actions("?actor=owner@example.com")).toEqual(["updateWorkspace"]);
      expect(await actions("?action=updateWorkspace")).toEqual(["updateWorkspace"]);
      expect(await actions("?since=2030-01-01T00:00:30Z")).toEqual(["createApiKey"]);
      expect(await actions("?until=2030-01-01T00:00:30Z")).toEqual(["updateWorkspace"]);
      const first = (await owner.send("GET", `/api/workspaces/${workspace}/audit-events?limit=1`)).body;
      expect(await actions(`?limit=1&cursor=${first["next_cursor"]}`)).toEqual(["updateWorkspace"]);
    });

    test("is exported as CSV in which nothing is a formula", async () => {
      const sly = await plane.signIn({ workspace, role: "admin", email: '=cmd|"x"@example.com' });
      await sly.send("PATCH", `/api/workspaces/${workspace}`, { name: "a" });
      const path = `/api/workspaces/${workspace}/audit-events.csv`;
      const response = await plane.app.request(path, { headers: owner.headers });
      expect(response.headers.get("content-type")).toContain("text/csv");
      const [row] = parse(await response.text(), { columns: true });
      expect(row).toMatchObject({ action: "updateWorkspace", actor_name: `'=cmd|"x"@example.com`, fields: "name" });
    });

    test("that cannot be written is reported, and fails no call that is done", async () => {
      await plane.database.query.schema.dropTable("audit_events").execute();
      expect((await owner.send("PATCH", `/api/workspaces/${workspace}`, { name: "x" })).status).toBe(200);
      expect(plane.faults).toHaveLength(1);
    });
  });
});
