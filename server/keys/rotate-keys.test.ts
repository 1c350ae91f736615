// A key's secret is replaced while its clients go on, on both databases and with a clock to turn.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { forEachEngine } from "../../tests/support/engines.ts";
import { openTestControlPlane, type TestControlPlane } from "../control-plane.test-kit.ts";
import { asId, type KeyId } from "../contracts/ids.ts";
import { arrayAt, isObject, objectAt, parseObject, stringAt, type JsonObject } from "../contracts/json.ts";

const minute = 60_000;

forEachEngine((engine) => {
  let plane: TestControlPlane;
  let home: string;
  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
    home = `/api/workspaces/${stringAt((await send("POST", "/api/workspaces", { name: "Acme" })).body, "id")}`;
  });
  afterEach(() => plane.close());

  async function send(method: string, path: string, body?: JsonObject) {
    const response = await plane.app.request(path.startsWith("/api") ? path : home + path, {
      method,
      headers: { authorization: `Bearer ${plane.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: parseObject(await response.text()) ?? {} };
  }

  async function makeKey(fields: JsonObject = {}): Promise<{ id: string; secret: string }> {
    const { body } = await send("POST", "/keys", { name: "ci", ...fields });
    return { id: stringAt(body, "id") ?? "", secret: stringAt(body, "secret") ?? "" };
  }

  const rotate = async (id: string, minutes?: number) =>
    (await send("POST", `/keys/${id}/rotate`, minutes === undefined ? {} : { overlap_minutes: minutes })).body;
  const works = async (secret: string | undefined) => (await plane.keys.authenticate(secret ?? "")) !== undefined;
  const names = async (query: string) =>
    (arrayAt((await send("GET", `/keys?${query}`)).body, "data") ?? []).map((key) => isObject(key) && key["name"]);

  describe("rotating a key", () => {
    test("gives a new secret at once and leaves the old one working until the overlap ends", async () => {
      const { id, secret } = await makeKey();
      expect(await works(secret)).toBe(true);
      const rotated = await rotate(id, 30);
      const next = stringAt(rotated, "secret");
      expect([await works(secret), await works(next)]).toEqual([true, true]);
      plane.clock.now += 30 * minute - 1;
      expect(await works(secret)).toBe(true);
      plane.clock.now += 1;
      expect([await works(secret), await works(next)]).toEqual([false, true]);
    });

    test("keeps the id, the settings and the limits, and says which secret is the previous one", async () => {
      const { id, secret } = await makeKey({ spend_limit_usd: "5", rate_limit_per_minute: 9, allowed_models: ["a/*"] });
      const rotated = await rotate(id, 60);
      expect(rotated).toMatchObject({
        id,
        spend_limit_usd: "5.000000000000",
        rate_limit_per_minute: 9,
        allowed_models: ["a/*"],
        previous: {
          prefix: secret.slice(0, 23),
          ends_at: new Date(Math.floor(plane.clock.now) + 60 * minute).toISOString(),
        },
        prefix: (stringAt(rotated, "secret") ?? "").slice(0, 23),
      });
      const [old, current] = await Promise.all(
        [secret, stringAt(rotated, "secret")].map((one) => plane.keys.authenticate(one ?? "")),
      );
      expect([old?.key.id, current?.key.id].map(String)).toEqual([id, id]);
      // Whoever still uses the old secret is seen by its prefix.
      expect(`astrolabe_live_${old?.key.prefix}`).toBe(secret.slice(0, 23));
      plane.clock.now += 61 * minute;
      expect((await send("GET", `/keys/${id}`)).body["previous"]).toBeNull();
    });

    test("without an overlap ends the old secret at once, and by default an hour later", async () => {
      const first = await makeKey();
      await rotate(first.id, 0);
      expect(await works(first.secret)).toBe(false);
      const second = await makeKey();
      await rotate(second.id);
      plane.clock.now += 59 * minute;
      expect(await works(second.secret)).toBe(true);
      plane.clock.now += minute;
      expect(await works(second.secret)).toBe(false);
    });

    test("twice ends the secret before the previous one", async () => {
      const { id, secret } = await makeKey();
      const second = stringAt(await rotate(id, 60), "secret");
      const third = stringAt(await rotate(id, 60), "secret");
      expect(await Promise.all([works(secret), works(second), works(third)])).toEqual([false, true, true]);
    });

    test("never outlives the key's own expiry, and a revocation ends both secrets", async () => {
      const expires = await makeKey({ expires_at: "2030-01-01T00:10:00Z" });
      await rotate(expires.id, 60);
      plane.clock.now += 10 * minute;
      expect(await works(expires.secret)).toBe(false);
      const revoked = await makeKey();
      const next = stringAt(await rotate(revoked.id, 60), "secret");
      await send("POST", `/keys/${revoked.id}/revoke`);
      expect(await Promise.all([works(revoked.secret), works(next)])).toEqual([false, false]);
    });

    test("is refused for a key that is revoked or expired, of another workspace, or with a senseless overlap", async () => {
      const { id } = await makeKey({ expires_at: "2030-01-01T00:10:00Z" });
      expect((await send("POST", `/keys/${id}/rotate`, { overlap_minutes: 43_201 })).status).toBe(400);
      const other = stringAt((await send("POST", "/api/workspaces", { name: "Other" })).body, "id");
      expect((await send("POST", `/api/workspaces/${other}/keys/${id}/rotate`, {})).status).toBe(404);
      plane.clock.now += 10 * minute;
      expect((await send("POST", `/keys/${id}/rotate`, {})).status).toBe(409);
      await send("POST", `/keys/${id}/revoke`);
      expect((await send("POST", `/keys/${id}/rotate`, {})).status).toBe(409);
    });

    test("stores neither secret", async () => {
      const { id, secret } = await makeKey();
      const next = stringAt(await rotate(id, 60), "secret") ?? "";
      const stored = JSON.stringify(
        await plane.database.query.selectFrom("api_keys").selectAll().execute(),
        (_, value) => (typeof value === "bigint" ? String(value) : value),
      );
      expect([secret, next].filter((one) => stored.includes(one.slice(23)))).toEqual([]);
    });
  });

  describe("the last use of a key", () => {
    test("is shown at once here, written down later, and never goes back", async () => {
      const { id, secret } = await makeKey();
      const shown = async () => (await send("GET", `/keys/${id}`)).body["last_used_at"];
      expect(await shown()).toBeNull();
      await works(secret);
      const used = new Date(plane.clock.now).toISOString();
      expect(await shown()).toBe(used);
      await plane.keyUses.flush();
      expect(await shown()).toBe(used);
      await plane.services.keys.records.recordUses(new Map([[asId<KeyId>(id), plane.clock.now - 5_000]]));
      expect(await shown()).toBe(used);
    });

    test("is not moved by a key that is refused", async () => {
      const { id, secret } = await makeKey();
      await send("POST", `/keys/${id}/revoke`);
      expect(await works(secret)).toBe(false);
      expect((await send("GET", `/keys/${id}`)).body["last_used_at"]).toBeNull();
    });

    test("of many keys is written down in pieces", async () => {
      const made = [];
      for (let count = 0; count < 3; count++) made.push(await makeKey());
      for (const { secret } of made) await works(secret);
      await plane.keyUses.flush();
      const rows = await plane.database.query.selectFrom("api_keys").select("last_used_at").execute();
      expect(rows.map((row) => Number(row.last_used_at))).toEqual(made.map(() => Math.floor(plane.clock.now)));
    });
  });

  describe("listing keys", () => {
    test("takes a status, a mode, a stack, and part of a name or prefix", async () => {
      await makeKey({ name: "Web app" });
      await makeKey({ name: "Nightly 100%_batch", mode: "test", stack: "low-cost" });
      await makeKey({ name: "Old", expires_at: "2030-01-01T00:10:00Z" });
      const gone = await makeKey({ name: "Gone" });
      await send("POST", `/keys/${gone.id}/revoke`);
      plane.clock.now += 10 * minute;
      expect(await names("status=active")).toEqual(["Nightly 100%_batch", "Web app"]);
      expect(await names("status=expired")).toEqual(["Old"]);
      expect(await names("status=revoked")).toEqual(["Gone"]);
      expect(await names("mode=test")).toEqual(["Nightly 100%_batch"]);
      expect(await names("stack=low-cost")).toEqual(["Nightly 100%_batch"]);
      expect(await names("search=WEB")).toEqual(["Web app"]);
      expect(await names(`search=${encodeURIComponent("0%_b")}`)).toEqual(["Nightly 100%_batch"]);
      expect(await names("search=%25")).toEqual(["Nightly 100%_batch"]);
      expect(await names(`search=${gone.secret.slice(15, 21)}`)).toEqual(["Gone"]);
      expect(await names(`search=${gone.secret.slice(0, 23)}`)).toEqual(["Gone"]);
      expect(await names("search=gone&status=active&limit=1")).toEqual([]);
      const unknown = await send("GET", "/keys?stack=nothing-like-it");
      expect([unknown.status, stringAt(objectAt(unknown.body, "error") ?? {}, "param")]).toEqual([400, "stack"]);
    });
  });
});
