// Who a secret belongs to, over the life of a key, on a real database.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openTestControlPlane, type TestControlPlane } from "../control-plane.test-kit.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import { createWorkspace, updateWorkspace } from "../workspaces/manage-workspaces.ts";
import { KeyDirectory } from "./key-directory.ts";
import { createKey, revokeKey, updateKey } from "./manage-keys.ts";
import { makeKeySecret } from "./key-secret.ts";

let plane: TestControlPlane;
let workspace: Workspace;
beforeEach(async () => {
  plane = await openTestControlPlane();
  workspace = await createWorkspace(plane.services.workspaces, "Acme");
});
afterEach(() => plane.close());

const newKey = (expiresAt?: number) =>
  createKey(plane.services.keys, { workspaceId: workspace.id, name: "k", mode: "live", expiresAt });

describe("authenticating a key", () => {
  test("gives the key and its workspace", async () => {
    const { key, secret } = await newKey();
    expect(await plane.keys.authenticate(secret)).toEqual({ key, workspace });
  });

  test("gives nobody for an unknown or malformed secret", async () => {
    expect(await plane.keys.authenticate(makeKeySecret("live", plane.services.keys.random))).toBeUndefined();
    expect(await plane.keys.authenticate("sk-something")).toBeUndefined();
  });

  test("never asks the database about a secret whose checksum is wrong", async () => {
    const { secret } = await newKey();
    await plane.database.query.schema.dropTable("api_keys").execute();
    const mistyped = secret.slice(0, -1) + (secret.endsWith("0") ? "1" : "0");
    expect(await plane.keys.authenticate(mistyped)).toBeUndefined();
  });

  test("sees a revocation in this process at once", async () => {
    const { key, secret } = await newKey();
    await plane.keys.authenticate(secret);
    await revokeKey(plane.services.keys, workspace.id, key.id);
    expect(await plane.keys.authenticate(secret)).toBeUndefined();
  });

  test("sees a revocation by another process within a second", async () => {
    const { key, secret } = await newKey();
    const { records, hashKey } = plane.services.keys;
    const uses = { note: () => undefined };
    const elsewhere = new KeyDirectory({ records, uses, hashKey, now: () => plane.clock.now });
    await elsewhere.authenticate(secret);
    await revokeKey(plane.services.keys, workspace.id, key.id);
    plane.clock.now += 1000;
    expect(await elsewhere.authenticate(secret)).toBeUndefined();
  });

  test("ends at the key's expiry although the answer was remembered", async () => {
    const { secret } = await newKey(Math.floor(plane.clock.now) + 10);
    expect(await plane.keys.authenticate(secret)).toBeDefined();
    plane.clock.now += 10;
    expect(await plane.keys.authenticate(secret)).toBeUndefined();
  });

  test("sees changed limits and a suspended workspace at once", async () => {
    const { key, secret } = await newKey();
    await plane.keys.authenticate(secret);
    await updateKey(plane.services.keys, workspace.id, key.id, { rateLimitPerMinute: 7 });
    await updateWorkspace(plane.services.workspaces, workspace.id, { status: "suspended" });
    const found = await plane.keys.authenticate(secret);
    expect(found?.key.rateLimitPerMinute).toBe(7);
    expect(found?.workspace.status).toBe("suspended");
  });

  test("answers service_unavailable, not nobody, when the database fails", async () => {
    const { secret } = await newKey();
    await plane.database.query.schema.dropTable("api_keys").execute();
    expect(plane.keys.authenticate(secret)).rejects.toMatchObject({ code: "service_unavailable" });
  });

  test("stores the secret nowhere", async () => {
    const { secret } = await newKey();
    const rows = await plane.database.query.selectFrom("api_keys").selectAll().execute();
    const stored = rows.map((row) => Object.values(row).join(" ")).join(" ");
    expect(stored).not.toContain(secret.slice(15, 47));
  });
});
