// What operators see and do across workspaces, on a real database of each engine.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { openTestControlPlane, type TestControlPlane, type TestPerson } from "../../control-plane.test-kit.ts";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import { doorStore } from "../../storage/identity/door-store.ts";
import { createWorkspace } from "../../workspaces/manage-workspaces.ts";

forEachEngine((engine) => {
  let plane: TestControlPlane;
  let operator: TestPerson;
  let owner: TestPerson;
  let workspace: string;

  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
    workspace = (await createWorkspace(plane.services.workspaces, "Acme 100%")).id;
    operator = await plane.signIn({ isOperator: true, email: "operator@example.com", name: "Opal" });
    owner = await plane.signIn({ workspace, role: "owner", email: "ada@acme.example", name: "Ada" });
  });
  afterEach(() => plane.close());

  const listOf = (body: JsonObject) => (arrayAt(body, "data") ?? []).filter((item) => isObject(item));
  const found = async (path: string) => listOf((await operator.send("GET", path)).body);
  const post = (path: string, body?: JsonObject) => operator.send("POST", path, body);
  const home = () => `/api/workspaces/${workspace}`;
  const credits = async () => (await owner.send("GET", `${home()}/credits`)).body["balance_usd"];

  describe("workspaces", () => {
    test("are found by name, by a member's address, by id and by status, with their money", async () => {
      await createWorkspace(plane.services.workspaces, "Other 1000");
      await post(`${home()}/credits/grants`, { amount_usd: "7", memo: "hello" });
      const expected = { id: workspace, balance_usd: "7.000000000000", member_count: 1, owners: ["ada@acme.example"] };
      for (const query of ["search=acme", "search=100%25", "search=ADA@acme", `search=${workspace}`]) {
        expect(await found(`/api/operator/workspaces?${query}`)).toMatchObject([expected]);
      }
      expect(await found("/api/operator/workspaces?search=%25%25")).toEqual([]);
      expect(await found("/api/operator/workspaces?status=suspended")).toEqual([]);
      expect(await found("/api/operator/workspaces?limit=1")).toMatchObject([{ name: "Other 1000" }]);
      const detail = (await operator.send("GET", `/api/operator/workspaces/${workspace}`)).body;
      expect(detail).toMatchObject({
        ...expected,
        members: [{ email: "ada@acme.example", role: "owner" }],
        access_request: null,
      });
    });

    test("are suspended with a reason that members see, and resumed", async () => {
      const path = `/api/operator/workspaces/${workspace}`;
      const created = await owner.send("POST", `${home()}/keys`, { name: "ci" });
      const secret = stringAt(created.body, "secret") ?? "";
      expect((await post(`${path}/suspend`, { reason: "Unpaid" })).status).toBe(200);
      expect((await owner.send("GET", home())).body).toMatchObject({ status: "suspended", status_reason: "Unpaid" });
      expect((await plane.keys.authenticate(secret))?.workspace.status).toBe("suspended");
      expect((await post(`${path}/suspend`, { reason: "Again" })).status).toBe(409);
      expect((await post(`${path}/resume`)).body).toMatchObject({ status: "active", status_reason: null });
      expect((await plane.keys.authenticate(secret))?.workspace.status).toBe("active");
      expect((await post(`${path}/resume`)).status).toBe(409);
      const events = listOf((await owner.send("GET", `${home()}/events`)).body);
      expect(events.map(({ type }) => type)).toEqual(["workspace.resumed", "workspace.suspended"]);
    });
  });

  describe("an adjustment", () => {
    const adjust = (body: JsonObject) => post(`${home()}/credits/adjustments`, body);

    test("takes and gives, with a memo in the ledger, once for a key", async () => {
      await post(`${home()}/credits/grants`, { amount_usd: "10", memo: "start" });
      const body = { amount_usd: "-2.5", memo: "double payment", idempotency_key: "7" };
      const first = await adjust(body);
      expect([first.status, first.body["amount_usd"]]).toEqual([201, "-2.500000000000"]);
      expect((await adjust(body)).body).toEqual(first.body);
      expect((await adjust({ ...body, amount_usd: "-3" })).status).toBe(409);
      expect((await adjust({ amount_usd: "0.5", memo: "too much" })).status).toBe(201);
      expect(await credits()).toBe("8.000000000000");
      const entries = listOf((await owner.send("GET", `${home()}/ledger-entries`)).body);
      expect(entries.map(({ kind, counterpart, memo }) => [kind, counterpart, memo])).toEqual([
        ["adjustment", "adjustments", "too much"],
        ["adjustment", "adjustments", "double payment"],
        ["credit", "grants", "start"],
      ]);
    });

    test("never takes what running requests hold, nor more than there is", async () => {
      await post(`${home()}/credits/grants`, { amount_usd: "10", memo: "start" });
      await plane.database.query
        .updateTable("accounts")
        .set({ held: 4_000_000_000_000n, pledged: 6_000_000_000_000n })
        .where("workspace_id", "=", workspace)
        .execute();
      const refused = await adjust({ amount_usd: "-4.000000000001", memo: "m" });
      expect([refused.status, objectAt(refused.body, "error")]).toMatchObject([
        409,
        { details: { free_usd: "4.000000000000" } },
      ]);
      expect((await adjust({ amount_usd: "-4", memo: "m" })).status).toBe(201);
      expect(await credits()).toBe("6.000000000000");
    });

    test("of nothing, or of more than a million, is refused, as is one before the first grant", async () => {
      for (const amount_usd of ["0", "-0.0", "1e3", "-1000000.01"]) {
        expect((await adjust({ amount_usd, memo: "m" })).status).toBe(400);
      }
      expect((await adjust({ amount_usd: "1", memo: "m" })).status).toBe(409);
    });
  });

  describe("users", () => {
    test("are found by name and address, and become operators and stop being it", async () => {
      expect(await found("/api/operator/users?search=ADA")).toMatchObject([
        { id: owner.user.id, is_operator: false, workspace_count: 1, disabled_reason: null },
      ]);
      const path = `/api/operator/users/${owner.user.id}`;
      expect((await operator.send("PATCH", path, { is_operator: true })).body["is_operator"]).toBe(true);
      expect((await operator.send("PATCH", path, { disabled_reason: "x" })).status).toBe(409);
      expect((await operator.send("PATCH", path, { is_operator: false })).body["is_operator"]).toBe(false);
      expect(
        (await operator.send("PATCH", `/api/operator/users/${operator.user.id}`, { is_operator: false })).status,
      ).toBe(409);
      expect((await operator.send("PATCH", "/api/operator/users/usr_none", { is_operator: true })).status).toBe(404);
    });

    test("are shut out with their sessions, and let in again", async () => {
      const session = {
        user_id: owner.user.id,
        expires_at: 9e15,
        created_at: 1,
        updated_at: 1,
        ip_address: null,
        user_agent: null,
      };
      const open = (token: string) =>
        plane.database.query
          .insertInto("sessions")
          .values({ ...session, id: token, token })
          .execute();
      await open("a");
      await open("b");
      const path = `/api/operator/users/${owner.user.id}`;
      expect((await operator.send("PATCH", path, { disabled_reason: "Spam" })).body["disabled_reason"]).toBe("Spam");
      expect((await post(`${path}/sign-out`)).body["ended"]).toBe(0);
      expect(await doorStore(plane.database.query).isDisabled(owner.user.id)).toBe(true);
      expect((await operator.send("PATCH", path, { disabled_reason: null })).body["disabled_reason"]).toBe(null);
      await open("c");
      expect((await post(`${path}/sign-out`)).body["ended"]).toBe(1);
    });
  });

  describe("the server", () => {
    test("shows its providers' health without their keys", async () => {
      const { health } = plane.services.planning;
      expect(await found("/api/operator/providers")).toMatchObject([{ id: "sandbox", usable: true, routes: [] }]);
      expect(health.routesTo("sandbox", 0)).toEqual([]);
    });

    test("shows the versions of its catalogue and every recorded price list", async () => {
      await plane.database.query
        .insertInto("price_lists")
        .values({ version: "old", prices: '{"a":{},"b":{}}', recorded_at: 5 })
        .execute();
      expect((await operator.send("GET", "/api/operator/catalogue")).body).toMatchObject({
        price_version: plane.services.planning.catalogue.priceVersion,
        price_lists: [{ version: "old", model_count: 2 }],
      });
    });

    test("keeps the settings that operators change", async () => {
      const read = async () => (await operator.send("GET", "/api/operator/settings")).body;
      expect(await read()).toMatchObject({ access_review: false, workspace_creation: "anyone", mail: true });
      await operator.send("PATCH", "/api/operator/settings", { access_review: true });
      await operator.send("PATCH", "/api/operator/settings", { workspace_creation: "operators" });
      await operator.send("PATCH", "/api/operator/settings", { access_review: false });
      expect(await read()).toMatchObject({ access_review: false, workspace_creation: "operators" });
    });
  });
});
