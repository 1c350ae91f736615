// The operator's commands against a control API that listens on a real socket.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openTestControlPlane, type TestControlPlane } from "../control-plane.test-kit.ts";
import { arrayAt, parseObject, stringAt } from "../contracts/json.ts";
import { readKeySecret } from "../keys/key-secret.ts";
import { createWorkspace } from "../workspaces/manage-workspaces.ts";
import { readConfig } from "../config.ts";
import { runCli } from "./run-cli.ts";

let plane: TestControlPlane;
let server: Bun.Server<undefined>;
beforeEach(async () => {
  plane = await openTestControlPlane();
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: plane.app.fetch });
});
afterEach(async () => {
  await server.stop(true);
  await plane.close();
});

async function astrolabe(line: string, changes: Record<string, string> = {}) {
  const printed: string[] = [];
  const errors: string[] = [];
  const environment = {
    PORT: String(server.port),
    ASTROLABE_DATA_DIR: plane.dataDir,
    ASTROLABE_MASTER_KEY: Buffer.from(plane.master).toString("base64"),
    ...changes,
  };
  const out = {
    info: (text: string) => printed.push(text),
    error: (text: string) => errors.push(text),
    write: async (text: string) => void printed.push(text),
  };
  const code = await runCli(line.split(" ").filter(Boolean), { environment, readSettings: readConfig, out });
  return { code, printed: printed.join("\n"), errors: errors.join("\n") };
}

describe("astrolabe on the command line", () => {
  test("prints the token that the server accepts", async () => {
    expect(await astrolabe("token")).toEqual({ code: 0, printed: plane.token, errors: "" });
  });

  test("creates, lists and revokes keys in the only workspace", async () => {
    await createWorkspace(plane.services.workspaces, "Acme");
    const created = await astrolabe("keys create --name ci --stack low-cost");
    const secret = created.printed.split("\n")[0] ?? "";
    const found = await plane.keys.authenticate(secret);
    expect([created.code, found?.key.name]).toEqual([0, "ci"]);
    const listed = parseObject((await astrolabe("keys list --json")).printed) ?? {};
    expect(arrayAt(listed, "data")).toMatchObject([{ id: found?.key.id, stack: "low-cost", status: "active" }]);
    expect((await astrolabe(`keys revoke ${found?.key.id}`)).code).toBe(0);
    expect(await plane.keys.authenticate(secret)).toBeUndefined();
    expect((await astrolabe("keys list")).printed).toContain("revoked");
  });

  test("grants credits and shows the balance", async () => {
    await createWorkspace(plane.services.workspaces, "Acme");
    const granted = await astrolabe("credits grant 12.50 --memo invoice");
    expect(granted.printed).toContain("Granted 12.5 USD.");
    const shown = parseObject((await astrolabe("credits show --json")).printed) ?? {};
    expect(stringAt(shown, "available_usd")).toBe("12.500000000000");
  });

  test("sets and shows budgets of the workspace and of a key, and makes keys with one", async () => {
    await createWorkspace(plane.services.workspaces, "Acme");
    expect((await astrolabe("budgets show")).printed).toBe("No daily, monthly or lifetime limit.");
    const set = await astrolabe("budgets set --daily 5 --monthly 50 --warn 60");
    expect(set.printed).toMatch(/daily +5 +0 +0 +2030-01-02T00:00:00.000Z/);
    const changed = await astrolabe("budgets set --daily none --per-request 0.5 --json");
    const kept = { monthlyUsd: "50", perRequestMaxUsd: "0.5", warnPercent: 60, hardStopPercent: 100 };
    expect(parseObject(changed.printed)?.["budget"]).toEqual(kept);
    expect((await astrolabe("budgets set --monthly none --per-request none")).printed).toContain("No daily");
    const flags = "--budget-daily 2 --budget-hard-stop 90 --spend-limit 7";
    const id = stringAt(parseObject((await astrolabe(`keys create --name ci ${flags} --json`)).printed) ?? {}, "id");
    const shown = await astrolabe(`budgets show --key ${id}`);
    expect(shown.printed).toMatch(/daily +2 .*\nlifetime +7 +0 +0 +never/);
    expect(await astrolabe("budgets set --warn much")).toMatchObject({ code: 2 });
    expect((await astrolabe("budgets set --daily 9 --monthly 1")).errors).toContain("monthlyUsd");
  });

  test("sets and ends the alert of a low balance", async () => {
    await createWorkspace(plane.services.workspaces, "Acme");
    expect((await astrolabe("credits show")).printed).toMatch(/alert below +off/);
    expect((await astrolabe("credits alert 2.50")).printed).toMatch(/alert below +2\.5/);
    await astrolabe("credits grant 5");
    expect((await astrolabe("credits show")).printed).toMatch(/available +5\nalert below +2\.5/);
    expect((await astrolabe("credits alert off")).printed).toMatch(/alert below +off/);
  });

  test("lists managed and custom stacks", async () => {
    await createWorkspace(plane.services.workspaces, "Acme");
    expect((await astrolabe("stacks list")).printed).toMatch(/default-optimizer +managed +active +1/);
  });

  test("asks for the workspace when there are several", async () => {
    await createWorkspace(plane.services.workspaces, "Acme");
    const other = await createWorkspace(plane.services.workspaces, "Other");
    const refused = await astrolabe("credits show");
    expect([refused.code, refused.errors.includes("--workspace") && refused.errors.includes(other.id)]).toEqual([
      1,
      true,
    ]);
    expect((await astrolabe(`credits show --workspace ${other.id}`)).code).toBe(0);
  });

  test("repeats the server's words when it refuses", async () => {
    await createWorkspace(plane.services.workspaces, "Acme");
    const refused = await astrolabe("credits grant minus-one");
    expect([refused.code, refused.errors.includes("amount_usd")]).toEqual([1, true]);
  });

  test("says so when no server answers, or when the token is another server's", async () => {
    const alone = await astrolabe("keys list --url http://127.0.0.1:1");
    expect([alone.code, alone.errors.includes("Is it running?")]).toEqual([1, true]);
    const stranger = await astrolabe("keys list", { ASTROLABE_MASTER_KEY: Buffer.alloc(32, 1).toString("base64") });
    expect([stranger.code, stranger.errors.includes("another data directory")]).toEqual([1, true]);
    const never = await astrolabe("token", { ASTROLABE_MASTER_KEY: "" });
    expect([never.code, never.errors.includes("start the server once")]).toEqual([1, true]);
  });

  test("does not call a server ready that does not say so, and needs no token to ask", async () => {
    const unlike = await astrolabe("ready", { ASTROLABE_MASTER_KEY: "" });
    expect(unlike).toMatchObject({ code: 1, printed: expect.stringContaining("answers 404") });
    const nobody = await astrolabe("ready --url http://127.0.0.1:1");
    expect(nobody).toMatchObject({ code: 1, errors: expect.stringContaining("does not answer") });
  });

  test("exits with 2 when it was typed wrongly, and says what is missing", async () => {
    expect(await astrolabe("credits grant")).toMatchObject({ code: 2, errors: expect.stringContaining("<usd>") });
    expect(await astrolabe("keys create")).toMatchObject({ code: 2, errors: expect.stringContaining("--name") });
    expect(await astrolabe("keys list --colour")).toMatchObject({
      code: 2,
      errors: expect.stringContaining("--colour"),
    });
    expect(await astrolabe("fly")).toMatchObject({ code: 2, errors: expect.stringContaining('"fly"') });
  });

  test("prints help for everything and for one command", async () => {
    const all = await astrolabe("--help");
    expect([all.code, all.printed.includes("credits grant <usd>")]).toEqual([0, true]);
    const one = await astrolabe("credits grant --help");
    expect([one.code, one.printed.includes("--idempotency-key <text>")]).toEqual([0, true]);
  });

  test("measures and trains the router without a server, and says what is wrong with its data", async () => {
    for (const line of ["routing evaluate", "routing train --out weights.bin"]) {
      expect(await astrolabe(line)).toMatchObject({ code: 2, errors: expect.stringContaining("--data") });
      const missing = await astrolabe(`${line} --data ${plane.dataDir}/none`, { PORT: "1" });
      expect(missing).toMatchObject({ code: 1, errors: expect.stringContaining("there is no such folder") });
      const empty = await astrolabe(`${line} --data ${plane.dataDir}`, { PORT: "1" });
      expect(empty).toMatchObject({ code: 1, errors: expect.stringContaining("none of the files of graded prompts") });
    }
    const unknown = await astrolabe(`routing evaluate --data ${plane.dataDir} --target T99`);
    expect(unknown).toMatchObject({ code: 1, errors: expect.stringContaining('"T99"') });
  });

  test("generates secrets of valid form without a server", async () => {
    const generated = await astrolabe("keys generate --mode test", { PORT: "1" });
    expect(readKeySecret(generated.printed)?.mode).toBe("test");
  });
});
