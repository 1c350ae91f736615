// A new installation, interrupted ones included, on a real database and ledger.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { forEachEngine } from "../../tests/support/engines.ts";
import { openTestControlPlane, type TestControlPlane } from "../control-plane.test-kit.ts";
import { makeKeySecret } from "../keys/key-secret.ts";
import { formatUsdShort, noMoney } from "../money/picodollars.ts";
import { firstStartText } from "./first-start-text.ts";
import type { FirstStartSecrets, InitValues } from "./first-start.ts";

let plane: TestControlPlane;
forEachEngine((engine) => {
  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
  });
  afterEach(() => plane.close());

  const nothing: InitValues = {
    ownerEmail: undefined,
    ownerPassword: undefined,
    creditsUsd: undefined,
    apiKey: undefined,
    testKey: undefined,
  };

  async function balanceOf(secrets: FirstStartSecrets | undefined): Promise<string> {
    const account = secrets && (await plane.ledger.account(secrets.workspaceId));
    return formatUsdShort(account?.balance ?? noMoney);
  }

  const countOf = async (table: "workspaces" | "api_keys" | "ledger_entries") =>
    (await plane.database.query.selectFrom(table).selectAll().execute()).length;

  describe("the first start", () => {
    test("makes a workspace with its owner, 25 USD and one working key of each mode", async () => {
      const secrets = await plane.firstStart(nothing);
      expect(await balanceOf(secrets)).toBe("25");
      expect((await plane.keys.authenticate(secrets?.liveKey ?? ""))?.key.mode).toBe("live");
      expect((await plane.keys.authenticate(secrets?.testKey ?? ""))?.key.mode).toBe("test");
      const owners = await plane.database.query
        .selectFrom("members")
        .innerJoin("users", "users.id", "members.user_id")
        .select(["email", "role", "workspace_id"])
        .execute();
      expect(owners).toEqual([{ email: "owner@localhost", role: "owner", workspace_id: String(secrets?.workspaceId) }]);
    });

    test("happens once: a second start changes nothing and gives no secrets, whatever the values", async () => {
      await plane.firstStart(nothing);
      expect(await plane.firstStart({ ...nothing, creditsUsd: "not money" })).toBeUndefined();
      expect([await countOf("workspaces"), await countOf("api_keys"), await countOf("ledger_entries")]).toEqual([
        1, 2, 1,
      ]);
    });

    test("uses the values it was given", async () => {
      const apiKey = makeKeySecret("live", plane.services.keys.random);
      const testKey = makeKeySecret("test", plane.services.keys.random);
      const values = { ownerEmail: "ada@example.com", ownerPassword: undefined, creditsUsd: "0.50", apiKey, testKey };
      const secrets = await plane.firstStart(values);
      expect(secrets).toMatchObject({ liveKey: apiKey, testKey });
      expect(await balanceOf(secrets)).toBe("0.5");
      const users = await plane.database.query.selectFrom("users").select("email").execute();
      expect(users).toEqual([{ email: "ada@example.com" }]);
    });

    test("makes no entry for a grant of zero", async () => {
      const secrets = await plane.firstStart({ ...nothing, creditsUsd: "0" });
      expect([secrets === undefined, await countOf("ledger_entries")]).toEqual([false, 0]);
    });

    test("stores nothing when a value is invalid, and names the variable but not the secret", async () => {
      const liveForTest = makeKeySecret("live", plane.services.keys.random);
      const invalid: [string, Partial<InitValues>][] = [
        ["ASTROLABE_INIT_API_KEY", { apiKey: "astrolabe_live_tooshort" }],
        ["ASTROLABE_INIT_TEST_KEY", { testKey: liveForTest }],
        ["ASTROLABE_INIT_CREDITS_USD", { creditsUsd: "-1" }],
        ["ASTROLABE_INIT_OWNER_EMAIL", { ownerEmail: "nobody" }],
      ];
      for (const [variable, values] of invalid) {
        const message = await plane.firstStart({ ...nothing, ...values }).then(() => "", String);
        expect(message).toContain(variable);
        expect(message).not.toContain(liveForTest);
      }
      expect(await countOf("workspaces")).toBe(0);
    });

    test("resumes after a crash before the credit, in the same workspace", async () => {
      plane.ledgerFault.active = true;
      expect(plane.firstStart(nothing)).rejects.toThrow();
      await plane.firstStart(nothing).catch(() => undefined);
      expect([await countOf("workspaces"), await countOf("api_keys")]).toEqual([1, 0]);
      plane.ledgerFault.active = false;
      const secrets = await plane.firstStart({ ...nothing, creditsUsd: "99" });
      expect(await balanceOf(secrets)).toBe("25");
      const given = { liveKey: false, testKey: false };
      expect(
        firstStartText({ address: "http://here", upstreams: [], secrets, given, owner: "claimed" }).join("\n"),
      ).toContain("with 25 USD");
      expect(await plane.keys.authenticate(secrets?.liveKey ?? "")).toBeDefined();
      expect(await countOf("workspaces")).toBe(1);
    });

    test("resumes after a crash between credit and keys without crediting twice", async () => {
      await plane.firstStart(nothing);
      await plane.database.query.deleteFrom("settings").where("name", "=", "first_start.completed_at").execute();
      await plane.database.query.deleteFrom("api_keys").execute();
      const secrets = await plane.firstStart(nothing);
      expect(await balanceOf(secrets)).toBe("25");
      expect(await plane.keys.authenticate(secrets?.testKey ?? "")).toBeDefined();
    });

    test("run by two processes at once leaves one workspace, and one of them has the secrets", async () => {
      const both = await Promise.all([plane.firstStart(nothing), plane.firstStart(nothing)]);
      expect(both.filter((secrets) => secrets !== undefined).length).toBe(1);
      expect([await countOf("workspaces"), await countOf("api_keys"), await countOf("ledger_entries")]).toEqual([
        1, 2, 1,
      ]);
    });
  });
});
