// What goes wrong with a deployment is told early: an engine that is not there refuses at once, one that goes away is waited
// for shortly, and every outcome of a revision is an event.

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { RuntimeError } from "../../runtimes/runtime.ts";
import { deployingAs, specOf, startDeployer, stepsOf, type Deployer } from "../support/deploying.ts";
import { forEachEngine } from "../support/engines.ts";
import type { Program } from "../support/memory-container.ts";
import { startOperatedGateway } from "../support/operator.ts";
import { signUp } from "../support/people.ts";

const serving: Program = async () => ({ fetch: () => new Response("here") });
const ending: Program = async ({ write }) => {
  write("FATAL s3cret-line-of-the-agent", "stderr");
  return 1;
};
const spec = (image: string) =>
  specOf(`agent: { image: ${image}, interfaces: { frontend: true } }
models:
  default: { provider: gateway, models: [claude-haiku-4-5] }
`);
const gone = new RuntimeError("unavailable", "The engine is gone.", { hint: "Start it." });

forEachEngine((engine) => {
  let poets: Deployer;
  beforeAll(async () => {
    poets = await startDeployer(await engine.environment(), { good: serving, bad: ending });
    await poets.register("b1", spec("good"));
    await poets.register("b2", spec("good"));
    await poets.register("bad", spec("bad"));
  });
  afterEach(() => {
    poets.runtime.failure = undefined;
    poets.runtime.beforeSwitch = undefined;
  });
  afterAll(async () => {
    expect(poets.gateway.faults).toEqual([]);
    await poets.close();
  });

  const listed = async (id: string): Promise<JsonObject> => {
    const { body } = await poets.ada.send("GET", `/api/v1/deployments?account=${poets.slug}`);
    return (arrayAt(body, "deployments") ?? []).filter(isObject).find((one) => one["id"] === id) ?? {};
  };
  const eventsOf = async (id: string) => {
    const { body } = await poets.gateway.operator.send("GET", "/events?limit=100");
    const events = (arrayAt(body, "data") ?? []).filter(isObject);
    return events.filter((event) => objectAt(event, "data")?.["deployment_id"] === id).toReversed();
  };
  const table = () => poets.gateway.wired.database.query.updateTable("deployments");
  /** Lets the tries that would come in the next minutes come now, until the deployment is as wanted. */
  const hurry = async (id: string, isDone: (deployment: JsonObject) => boolean): Promise<JsonObject> => {
    const services = await poets.gateway.wired.agents.deployments();
    for (let tries = 0; tries < 1_000; tries++) {
      // Read anew: the deployment and its revision are read one after the other.
      if (isDone(await poets.get(id))) return poets.get(id);
      await table().set({ due_at: 1 }).where("id", "=", id).where("due_at", "is not", null).execute();
      services.wake();
      await Bun.sleep(5);
    }
    throw new Error(`it did not come so far: ${JSON.stringify(await poets.get(id))}`);
  };
  const newestIs = (status: string) => (deployment: JsonObject) =>
    objectAt(deployment, "newest")?.["status"] === status;
  /** The engine goes away in the middle of the next rollout. */
  const breakDown = (): void => {
    poets.runtime.beforeSwitch = async () => {
      poets.runtime.failure = gone;
      throw gone;
    };
  };

  test("without an engine nothing is accepted: 503 with the reason and the way out, and nothing is left behind", async () => {
    const id = await poets.deployed("there", { build: "b1" });
    await poets.deployed("there", { build: "b2", deployment_id: id });
    await poets.act(id, "stop");
    await poets.until(id, "stopped");
    const before = await poets.get(id);
    poets.runtime.failure = gone;
    const refused = [
      await poets.deploy("never", { build: "b1" }),
      await poets.deploy("there", { build: "b1", deployment_id: id }),
      await poets.act(id, "redeploy"),
      await poets.act(id, "rollback"),
      await poets.act(id, "wakeup"),
    ];
    const told = {
      error: "Nothing was changed, because the server cannot start agents now. The engine is gone.",
      error_code: "service_unavailable",
      hint: "On the server: Start it.",
    };
    for (const { status, body } of refused) expect([status, body]).toEqual([503, expect.objectContaining(told)]);
    expect(poets.gateway.faults.splice(0)).toHaveLength(refused.length);
    poets.runtime.failure = undefined;
    expect(await poets.get(id)).toEqual(before);
    const { query } = poets.gateway.wired.database;
    const names = await query.selectFrom("deployments").select("display_name").execute();
    expect(names.map((row) => row.display_name)).not.toContain("never");
  });

  test("an engine that goes away is waited for with the reason in sight; then the first revision has failed", async () => {
    breakDown();
    const id = stringAt((await poets.deploy("unlucky", { build: "b1" })).body, "deployment_id") ?? "";
    const waits = await hurry(id, ({ status_reason: reason }) => reason !== null);
    expect(waits["status_reason"]).toBe("The engine is gone. It is tried again for up to two minutes.");
    const failed = await hurry(id, newestIs("failed"));
    const reason = "The engine could not be used for two minutes. The engine is gone.";
    expect(failed).toMatchObject({
      status: "failed",
      status_reason: `Revision 1 failed: ${reason}`,
      newest: { failure: { code: "unavailable", message: reason, hint: "Start it." } },
    });
    const told = await hurry(id, (deployment) => stepsOf(deployment).includes("failed"));
    expect(stepsOf(told)).toEqual(["preparing", "start", "healthy", "waiting", "failed"]);
    expect(await eventsOf(id)).toEqual([
      expect.objectContaining({
        type: "deployment.failed",
        data: {
          agent: "unlucky",
          deployment_id: id,
          blueprint: "poet",
          build_id: "b1",
          revision: 1,
          code: "unavailable",
          reason,
          serving_revision: null,
        },
      }),
    ]);
  });

  test("an engine that comes back in time goes on with the revision, and each attempt is told once", async () => {
    breakDown();
    const id = stringAt((await poets.deploy("lucky", { build: "b1" })).body, "deployment_id") ?? "";
    const checks = () => poets.runtime.calls.filter((call) => call === "check").length;
    await hurry(id, ({ status_reason: reason }) => reason !== null);
    const first = checks();
    await hurry(id, () => checks() > first + 2);
    poets.runtime.failure = undefined;
    poets.runtime.beforeSwitch = undefined;
    await hurry(id, ({ status }) => status === "active");
    const live = await poets.get(id);
    expect(live).toMatchObject({ status_reason: null, serving_revision: 1 });
    const told = (arrayAt(live, "steps") ?? []).filter(isObject).map(({ kind, message }) => [kind, message]);
    expect(told.filter(([kind]) => kind === "preparing" || kind === "waiting")).toEqual([
      ["preparing", "build b1"],
      ["waiting", "The engine is gone."],
      ["preparing", "build b1, once more"],
    ]);
  });

  test("a paused one whose engine goes away as it is resumed has failed with the reason, and can be resumed", async () => {
    const id = await poets.deployed("sleepy", { build: "b1" });
    await poets.act(id, "stop");
    await poets.until(id, "stopped");
    const resume = poets.runtime.resume.bind(poets.runtime);
    poets.runtime.resume = () => Promise.reject(gone);
    await poets.act(id, "wakeup");
    const failed = await hurry(id, ({ status }) => status === "failed");
    poets.runtime.resume = resume;
    expect(failed["status_reason"]).toBe("The engine could not be used for two minutes. The engine is gone. Start it.");
    expect((await poets.act(id, "wakeup")).status).toBe(200);
    expect(await poets.until(id, "active")).toMatchObject({ serving_revision: 1, status_reason: null });
  });

  test("an older revision serves on beside one that failed, and the list says so", async () => {
    const id = await poets.deployed("steady", { build: "b1" });
    expect(await listed(id)).toMatchObject({ status: "active", newest_status: "active" });
    await poets.deployed("steady", { build: "bad", deployment_id: id });
    expect(await listed(id)).toMatchObject({
      status: "active",
      revision: 2,
      serving_revision: 1,
      newest_status: "failed",
    });
    breakDown();
    await poets.deploy("steady", { build: "b2", deployment_id: id });
    expect(await hurry(id, newestIs("failed"))).toMatchObject({ status: "active", revision: 3, serving_revision: 1 });
    const events = await eventsOf(id);
    expect(events.map(({ type, data }) => [type, isObject(data) && data["revision"]])).toEqual([
      ["deployment.live", 1],
      ["deployment.failed", 2],
      ["deployment.failed", 3],
    ]);
    expect(objectAt(events[0] ?? {}, "data")).toMatchObject({
      agent: "steady",
      build_id: "b1",
      replaced_revision: null,
    });
    expect(objectAt(events[1] ?? {}, "data")).toMatchObject({ code: "exited", serving_revision: 1 });
    expect(JSON.stringify(events)).not.toContain("s3cret");
  });

  test("an outcome that is told is true: without the lease neither is written", async () => {
    const id = await poets.deployed("lost", { build: "b1" });
    const entered = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    poets.runtime.beforeSwitch = async () => {
      entered.resolve();
      await held.promise;
      throw new RuntimeError("exited", "It ended.", { hint: "Look." });
    };
    await poets.deploy("lost", { build: "b2", deployment_id: id });
    await entered.promise;
    await table()
      .set({ lease_by: "another server", lease_until: Date.now() + 60_000 })
      .where("id", "=", id)
      .execute();
    held.resolve();
    const services = await poets.gateway.wired.agents.deployments();
    for (let tries = 0; tries < 20; tries++) {
      services.wake();
      await Bun.sleep(5);
    }
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual(["deployment.live"]);
    expect(await poets.get(id)).toMatchObject({ newest: { status: "provisioning" } });
    poets.runtime.beforeSwitch = undefined;
    await table().set({ lease_by: null, lease_until: 0 }).where("id", "=", id).execute();
    await hurry(id, newestIs("active"));
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual(["deployment.live", "deployment.live"]);
  });

  test("a build is deployed while some deployment serves it, and no longer", async () => {
    for (const build of ["o1", "o2"])
      await poets.register(build, specOf("agent: { image: good, interfaces: { frontend: true } }\n", "other"));
    const deployedBuilds = async () => {
      const { body } = await poets.ada.send("GET", `/api/v1/agents/${poets.slug}/other/builds`);
      const builds = (arrayAt(body, "builds") ?? []).filter(isObject);
      return builds.filter(({ deployed }) => deployed === true).map(({ build_id: build }) => build);
    };
    const id = await poets.deployed("turns", { build: "o1" }, "other");
    expect(await deployedBuilds()).toEqual(["o1"]);
    await poets.deployed("turns", { build: "o2", deployment_id: id }, "other");
    expect(await deployedBuilds()).toEqual(["o2"]);
    await poets.act(id, "stop");
    await poets.until(id, "stopped");
    expect(await deployedBuilds()).toEqual(["o2"]);
    await poets.ada.send("POST", "/api/v1/undeploy", { deployment_id: id });
    await poets.until(id, "undeployed");
    expect(await deployedBuilds()).toEqual([]);
  });

  test("the key of one that has served for long can be rotated: it has not waited since then", async () => {
    const id = await poets.deployed("old", { build: "b1" });
    await table()
      .set({ status_since: Date.now() - 86_400_000 })
      .where("id", "=", id)
      .execute();
    const key = stringAt(objectAt(await poets.get(id), "gateway_key") ?? {}, "id") ?? "";
    const { status } = await poets.ada.send("POST", `/api/v1/accounts/${poets.slug}/ai-gateway-keys/${key}/rotate`, {});
    expect(status).toBe(200);
    const isOver = (deployment: JsonObject) => newestIs("active")(deployment) || newestIs("failed")(deployment);
    await hurry(id, (deployment) => deployment["revision"] === 2 && isOver(deployment));
    expect(await poets.get(id)).toMatchObject({ serving_revision: 2, newest: { failure: null } });
  });
});

test.each([
  [
    "no engine at its address",
    { DOCKER_HOST: "unix:///nowhere/engine.sock" },
    "Nothing was changed, because the server cannot start agents now. " +
      "No container engine answers (unix:///nowhere/engine.sock: nothing listens).",
    "On the server: Start Docker",
  ],
  ["no runtime", { ASTROLABE_RUNTIME: "none" }, "This server runs no agents.", "ASTROLABE_RUNTIME=docker"],
])("a whole server with %s refuses a deploy at once", async (_, environment, error, hint) => {
  const gateway = await startOperatedGateway(environment);
  try {
    const { id, slug } = (await gateway.operator.send("GET", "")).body;
    const ada = await signUp(gateway, { roles: { [String(id)]: "developer" } });
    const poets = deployingAs(gateway, ada, String(slug));
    await poets.register("b1", spec("good"));
    const { status, body } = await poets.deploy("never");
    expect([status, body]).toEqual([503, expect.objectContaining({ error, hint: expect.stringContaining(hint) })]);
    const { body: list } = await ada.send("GET", `/api/v1/deployments?account=${String(slug)}`);
    expect(list).toEqual({ deployments: [], count: 0 });
    expect(gateway.faults).toHaveLength(1);
  } finally {
    await gateway.close();
  }
});
