// Deploying with `ast` and looking after what is deployed: real processes against the whole server, whose containers are
// the tests' own.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { RuntimeError } from "../../runtimes/runtime.ts";
import { installAst, keepSession, type Ast, type Ended } from "../support/ast.ts";
import { specOf, startDeployer, type Deployer } from "../support/deploying.ts";
import type { Program } from "../support/memory-container.ts";

const serving: Program = async ({ environment, write }) => {
  write(`INFO tone ${environment["TONE"] ?? "none"}`);
  return { fetch: () => Response.json(environment) };
};
const ending: Program = async ({ write }) => {
  write("FATAL no words come", "stderr");
  return 1;
};
const job: Program = async ({ write }) => {
  write("INFO imported");
  return 0;
};

const spec = (image: string) =>
  specOf(`agent:
  image: ${image}
  interfaces: { frontend: true }
models:
  default: { provider: gateway, models: [claude-haiku-4-5, claude-opus-4-8] }
inputs:
  tone: { name: TONE, datatype: string, description: How it sounds }
ingestion:
  import: { container: { image: "job:1" }, trigger: { type: manual } }
`);

let poets: Deployer;
let ast: Ast;

beforeAll(async () => {
  poets = await startDeployer({}, { "poet:1": serving, "poet:bad": ending, "job:1": job });
  await poets.register("b1", spec("poet:1"));
  ast = installAst({ ASTRO_SERVER_URL: poets.gateway.url });
  await keepSession(ast, poets.gateway, poets.ada);
  writeFileSync(join(ast.home, "astropods.yml"), spec("poet:1"));
});
afterAll(async () => {
  ast.remove();
  expect(poets.gateway.faults).toEqual([]);
  await poets.close();
});

function run(line: string, input?: string): Promise<Ended> {
  return ast.run(line.split(" "), { cwd: ast.home, ...(input !== undefined && { input }) });
}

function idOf({ json }: Ended): string {
  return stringAt(json, "id") ?? stringAt(json, "deployment_id") ?? "";
}

async function environmentOf(name: string): Promise<Readonly<Record<string, string>>> {
  const { json } = await run(`agent get ${name} --json`);
  return poets.runtime.environmentOf(stringAt(json, "namespace") ?? "", "agent") ?? {};
}

function first(body: JsonObject, list: string): JsonObject {
  return (arrayAt(body, list) ?? []).filter(isObject)[0] ?? {};
}

describe("before anything is deployed", () => {
  test("what is missing is named with the way to give it, and nothing is deployed", async () => {
    const { code, stderr, stdout } = await run("deploy --wait");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/TONE: .*\n.*--var TONE=/);
    expect((await run("agent list")).stdout).toContain("No agent is deployed");
    const wrong = await run("deploy poet --var TONE=x --model default=gpt-1");
    expect([wrong.code, wrong.stderr.includes("default (models): ")]).toEqual([2, true]);
  });

  test("a dry run says where every value comes from", async () => {
    const dry = await run("deploy poet --var TONE=s3cret --dry-run");
    expect([dry.code, dry.stderr]).toEqual([0, ""]);
    expect(dry.stdout).toContain("nothing was deployed");
    expect(dry.stdout).toMatch(/TONE +what you gave/);
    expect(dry.stdout).not.toContain("s3cret");
    expect(objectAt((await run("deploy poet --var TONE=x --dry-run --json")).json, "validation")).toMatchObject({
      valid: true,
    });
    const template = await run("blueprint get poet --template");
    expect(template.stdout).toMatch(/TONE +yes .*How it sounds/);
  });

  test.each([
    ["deploy nothing-like-it --var TONE=x", 4],
    ["deploy poet --build nope --var TONE=x", 4],
    ["deploy poet --adapter web --adapter insecure-web", 2],
    ["status nobody", 4],
    ["logs nobody", 4],
    ["undeploy nobody --yes", 4],
    ["rollback poet --to zero", 2],
  ])("ast %s ends with %d", async (line, code) => {
    expect((await run(line)).code).toBe(code);
  });
});

describe("the life of an agent", () => {
  test("it is deployed, and serves with what was given", async () => {
    await run("secrets create MOOD --value grave");
    const deployed = await run("deploy --name singer --var TONE=@MOOD --model default=claude-opus-4-8 --wait");
    expect([deployed.code, deployed.stdout]).toEqual([
      0,
      expect.stringMatching(/✓ singer serves revision 1 of build b1\.\n {2}http/),
    ]);
    expect(deployed.stderr).toContain("singer, revision 1: ");
    expect(await environmentOf("singer")).toMatchObject({ TONE: "grave", MODEL_DEFAULT: "claude-opus-4-8" });
    const again = await run("deploy poet --name singer --var TONE=x");
    expect([again.code, again.stderr.includes("singer")]).toEqual([5, true]);
  });

  test("it is shown by name, by its blueprint, by id, and as the agent of the folder", async () => {
    const id = idOf(await run("agent get singer --json"));
    for (const line of [`agent get --id ${id}`, "status --name singer", "status poet", "status", `status ${id}`]) {
      const { code, stdout } = await run(line);
      expect([line, code, stdout.split("\n")[0]]).toEqual([line, 0, "singer  active"]);
    }
    expect((await run("agent get singer --id x")).code).toBe(2);
    expect((await run("agent list")).stdout).toMatch(/\nsinger +active +poet +b1 +1 /);
    expect((await run("status")).stdout).toMatch(/agent +running/);
  });

  test("its lines are shown, and followed until Ctrl-C", async () => {
    expect((await run("logs singer")).stdout).toMatch(/Z INFO tone grave\n/);
    const tail = ast.start(["logs", "singer", "--tail"], { cwd: ast.home });
    await tail.shows(/tone grave/);
    tail.interrupt();
    expect((await tail.ended).code).toBe(0);
    const unknown = await run("logs singer --workload nothing");
    expect([unknown.code, unknown.stderr.includes("agent")]).toEqual([4, true]);
  });

  test("a redeployment keeps what is not given, a failing one leaves the old one serving and shows its last lines", async () => {
    const before = await environmentOf("singer");
    expect((await run("redeploy singer --wait")).stdout).toContain("singer serves revision 2");
    expect(await environmentOf("singer")).toEqual(before);
    await poets.register("bad", spec("poet:bad"));
    const failed = await run("agent redeploy --name singer --wait");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("Revision 3 of singer does not serve: ");
    expect(failed.stderr).toContain("    FATAL no words come\n");
    expect(failed.stderr).toContain("Revision 2 serves on.");
    expect(await environmentOf("singer")).toEqual(before);
    expect((await run("status singer")).stdout).toContain("FATAL no words come");
  });

  test("it goes back, and its history says so", async () => {
    await run("redeploy singer --build b1 --var TONE=gay --wait");
    expect((await environmentOf("singer"))["TONE"]).toBe("gay");
    const back = await run("rollback singer --to 1 --wait");
    expect([back.code, back.stdout.includes("revision 5 of build b1")]).toEqual([0, true]);
    expect((await environmentOf("singer"))["TONE"]).toBe("grave");
    const history = await run("agent history singer");
    expect(history.stdout).toMatch(/5 +b1 +active .*rollback to 1/);
    expect(history.stdout).toMatch(/3 +bad +failed /);
    expect(first((await run("agent history singer --json")).json, "revisions")).toMatchObject({ revision: 5 });
  });

  test("it is paused, resumed and restarted, and its job is run", async () => {
    expect((await run("agent pause singer")).code).toBe(0);
    const resumed = await run("agent resume singer --wait");
    expect([resumed.code, resumed.stdout.includes("serves revision 5")]).toEqual([0, true]);
    expect((await run("agent restart singer --component agent")).stdout).toContain("starts anew");
    const ran = await run("agent trigger import --name singer --wait");
    expect([ran.code, ran.stdout, ran.stderr.includes("failed")]).toEqual([0, "✓ import has ended well.\n", false]);
  });

  test("its key is replaced by name", async () => {
    const before = (await environmentOf("singer"))["ASTRO_GATEWAY_API_KEY"];
    const rotated = await run("keys rotate singer --overlap 0");
    expect([rotated.code, rotated.stderr]).toEqual([0, ""]);
    await poets.until(idOf(await run("agent get singer --json")), "active");
    for (let tries = 0; tries < 100 && (await environmentOf("singer"))["ASTRO_GATEWAY_API_KEY"] === before; tries++) {
      await Bun.sleep(20);
    }
    expect((await environmentOf("singer"))["ASTRO_GATEWAY_API_KEY"]).not.toBe(before);
  });

  test("a suspended account is told so with exit code 5", async () => {
    await poets.gateway.operator.send("PATCH", "", { status: "suspended" });
    const refused = await run("redeploy singer --wait");
    await poets.gateway.operator.send("PATCH", "", { status: "active" });
    expect([refused.code, refused.stdout]).toEqual([5, ""]);
    await poets.until(idOf(await run("agent get singer --json")), "active");
  });

  test("it ends only when that is confirmed, and its key with it", async () => {
    const { ASTRO_GATEWAY_API_KEY: key = "" } = await environmentOf("singer");
    expect((await run("undeploy singer")).code).toBe(2);
    expect((await run("agent delete --name singer --confirm other")).code).toBe(2);
    expect((await run("status singer")).code).toBe(0);
    const ended = await run("undeploy singer --yes --wait");
    expect([ended.code, ended.stdout.includes("singer is gone")]).toEqual([0, true]);
    const dead = await poets.gateway.post("/v1/responses", { model: "astrolabe/auto", input: "x" }, { key });
    expect(dead.status).toBe(401);
    expect((await run("agent list")).stdout).not.toContain("singer");
  });
});

test("on a terminal it asks for what is missing, and shows how it goes", async () => {
  const words = ["deploy", "poet", "--build", "b1", "--name", "asked", "--wait"];
  const { code, shown } = await ast.converse(words, [[/TONE: How it sounds/, "calm\r"]], { cwd: ast.home });
  expect([code, shown]).toEqual([0, expect.stringContaining("asked serves revision 1 of build b1.")]);
  expect((await environmentOf("asked"))["TONE"]).toBe("calm");
  const kept = await ast.converse(["undeploy", "asked"], [[/End asked for good\?/, "n"]], { cwd: ast.home });
  expect([kept.code, kept.shown]).toEqual([130, expect.stringContaining("nothing was changed")]);
  const ended = await ast.converse(["undeploy", "asked"], [[/End asked for good\?/, "y"]], { cwd: ast.home });
  expect(ended.code).toBe(0);
});

test("an engine that is not there is told at once, and one that goes away while it is waited for", async () => {
  const gone = new RuntimeError("unavailable", "No container engine answers (unix:///x.sock: nothing listens).", {
    hint: "Start Docker.",
  });
  poets.runtime.failure = gone;
  const refused = await run("deploy poet --build b1 --name early --var TONE=x --wait");
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toContain("(unix:///x.sock: nothing listens)");
  expect(refused.stderr).toContain("On the server: Start Docker.");
  expect(poets.gateway.faults.splice(0)).toHaveLength(1);
  poets.runtime.failure = undefined;
  expect((await run("agent list")).stdout).not.toContain("early");
  await run("deploy poet --build b1 --name early --var TONE=x --wait");
  poets.runtime.beforeSwitch = async () => {
    poets.runtime.failure = gone;
    throw gone;
  };
  const waiting = ast.start(["redeploy", "early", "--build", "b1", "--wait"], { cwd: ast.home });
  await waiting.shows(/early, revision 2: No container engine answers .* It is tried again for up to two minutes\./);
  const { query } = poets.gateway.wired.database;
  const services = await poets.gateway.wired.agents.deployments();
  let hasEnded = false;
  const ended = waiting.ended.finally(() => (hasEnded = true));
  while (!hasEnded) {
    await query.updateTable("deployments").set({ due_at: 1 }).where("display_name", "=", "early").execute();
    services.wake();
    await Bun.sleep(10);
  }
  poets.runtime.failure = undefined;
  poets.runtime.beforeSwitch = undefined;
  const { code, stderr } = await ended;
  expect(code).toBe(1);
  expect(stderr).toContain("Revision 2 of early does not serve: The engine could not be used for two minutes.");
  expect(stderr).toContain("Revision 1 serves on.");
  expect((await run("agent list")).stdout).toMatch(/Newest.*\n(?:.*\n)*early +active .* 2 failed /);
  expect((await run("status early")).stdout).toContain("1 serves; 2 failed");
});

test("a wait that is too short ends with 6, and one that is interrupted with 130; the deployment goes on", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  poets.runtime.beforeSwitch = () => held;
  const late = await run("deploy poet --build b1 --name slow --var TONE=x --wait --timeout 1");
  expect([late.code, late.stderr.includes("ast status slow")]).toEqual([6, true]);
  const waiting = ast.start(["redeploy", "slow", "--build", "b1", "--wait"], { cwd: ast.home });
  await waiting.shows(/slow, revision 2/);
  waiting.interrupt();
  expect((await waiting.ended).code).toBe(130);
  poets.runtime.beforeSwitch = undefined;
  release();
  await poets.until(idOf(await run("agent get slow --json")), "active");
});
