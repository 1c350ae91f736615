// The worker behind deployments: what a crash cuts short is taken up by another server, two servers never do the same thing
// twice, what takes too long fails, and jobs run when they should.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { asId, type DeploymentId } from "../../server/contracts/ids.ts";
import { DeployWorker } from "../../server/agents/deploy-worker.ts";
import type { DeployServices } from "../../server/agents/deploy-services.ts";
import { forEachEngine } from "../support/engines.ts";
import { specOf, startDeployer, type Deployer } from "../support/deploying.ts";
import type { Program } from "../support/memory-container.ts";

const serving: Program = async () => ({ fetch: () => new Response("here") });
const job: Program = async ({ environment, write }) => {
  write(`job ${environment["WORD"] ?? "-"}`);
  return environment["WORD"] === "bad" ? 7 : 0;
};
const spec = specOf(`agent: { image: poet, interfaces: { frontend: true } }
knowledge:
  store: { provider: postgres }
inputs:
  word: { name: WORD, datatype: string, optional: true }
ingestion:
  first: { container: { image: job }, trigger: { type: startup } }
  asked: { container: { image: job }, trigger: { type: manual } }
  nightly: { container: { image: job }, trigger: { type: schedule } }
`);
const plain = specOf("agent: { image: poet, interfaces: { frontend: true } }\n", "plain");
const schedules = { nightly: "0 6 * * *" };

forEachEngine((engine) => {
  let poets: Deployer;
  let services: DeployServices;
  const workers: DeployWorker[] = [];
  beforeAll(async () => {
    const programs = { poet: serving, job, "pgvector/pgvector:pg17": serving };
    poets = await startDeployer(await engine.environment(), programs);
    await poets.register("b1", spec);
    await poets.register("p1", plain);
    services = await poets.gateway.wired.agents.deployments();
  });
  afterAll(async () => {
    hanging.resolve();
    for (const worker of workers) await worker.stop();
    expect(poets.gateway.faults).toEqual([]);
    await poets.close();
  });

  /** Another server on the same database, whose clock may be ahead. */
  const server = (name: string, aheadMs = 0): DeployWorker => {
    const worker = new DeployWorker({
      services: { ...services, now: () => Date.now() + aheadMs, wake: () => undefined },
      name,
      roundMs: 20,
    });
    workers.push(worker);
    return worker;
  };
  /** What a server that has crashed would have waited for. */
  const hanging = Promise.withResolvers<void>();
  const rollouts = (label: string) => poets.runtime.calls.filter((call) => call.startsWith(`rollOut ${label}`));
  const runsOf = async (id: string, name: string) => {
    const jobs = (arrayAt(await poets.get(id), "jobs") ?? []).filter(isObject);
    const own = jobs.find((one) => one["name"] === name) ?? {};
    return (arrayAt(own, "runs") ?? []).filter(isObject);
  };
  const untilRun = async (id: string, name: string): Promise<JsonObject> => {
    for (let tries = 0; tries < 400; tries++, await Bun.sleep(10)) {
      const [run] = await runsOf(id, name);
      if (run !== undefined && ["succeeded", "failed"].includes(stringAt(run, "status") ?? "")) return run;
    }
    throw new Error(`no run of ${name} has ended`);
  };

  test("a job runs when it is asked for, and tells how it ended; a schedule needs its cron", async () => {
    const unscheduled = await poets.template({});
    expect(arrayAt(objectAt(unscheduled.body, "validation") ?? {}, "errors")).toEqual([
      expect.objectContaining({ field: "schedules.nightly" }),
    ]);
    const odd = await poets.template({ schedules: { nightly: "61 * * * *" } });
    expect(objectAt(odd.body, "validation")).toMatchObject({ valid: false });
    const id = await poets.deployed("worker", { schedules, variables: { WORD: { value: "good" } } });
    expect((await poets.get(id))["jobs"]).toEqual([
      expect.objectContaining({ name: "first", trigger: "startup" }),
      expect.objectContaining({ name: "asked", trigger: "manual", next_run_at: null }),
      expect.objectContaining({
        name: "nightly",
        schedule: "0 6 * * *",
        next_run_at: expect.stringContaining("T06:00:00.000Z"),
      }),
    ]);
    expect((await poets.act(id, "jobs/asked/run")).status).toBe(201);
    expect(await untilRun(id, "asked")).toMatchObject({ status: "succeeded", exit_code: 0, trigger: "manual" });
    await poets.deployed("worker", { deployment_id: id, variables: { WORD: { value: "bad" } } });
    await poets.act(id, "jobs/asked/run");
    await Bun.sleep(20);
    for (let tries = 0; (await runsOf(id, "asked"))[0]?.["status"] !== "failed" && tries < 400; tries++)
      await Bun.sleep(10);
    expect((await runsOf(id, "asked"))[0]).toMatchObject({ status: "failed", exit_code: 7, message: "job bad" });
    expect((await poets.act(id, "jobs/nobody/run")).status).toBe(404);
    const label = stringAt(await poets.get(id), "namespace") ?? "";
    const password = () => poets.runtime.environmentOf(label, "knowledge-store")?.["POSTGRES_PASSWORD"];
    const made = password();
    expect(made?.length).toBeGreaterThan(20);
    await poets.deployed("worker", { deployment_id: id });
    expect(password()).toBe(made ?? "");
  });
  test("a schedule comes due once, however many servers look", async () => {
    const id = await poets.deployed("nightly", { schedules });
    const dayMs = 86_400_000;
    const ahead = [server("ahead-1", dayMs), server("ahead-2", dayMs)];
    await Promise.all(ahead.map((worker) => worker.round()));
    await Promise.all(ahead.map((worker) => worker.idle()));
    expect((await runsOf(id, "nightly")).map((run) => run["trigger"])).toEqual(["schedule"]);
  });

  test("a rollout that a crash cut short is taken up by another server, under its own lease", async () => {
    const entered = Promise.withResolvers<void>();
    poets.runtime.beforeSwitch = () => {
      entered.resolve();
      return hanging.promise;
    };
    const answer = await poets.deploy("crashed", {}, "plain");
    const id = stringAt(answer.body, "deployment_id") ?? "";
    await entered.promise;
    poets.runtime.beforeSwitch = undefined;
    expect(await poets.get(id)).toMatchObject({ status: "provisioning" });
    // What holds the lease is gone: nobody renews it any more.
    const { query } = poets.gateway.wired.database;
    await query.updateTable("deployments").set({ lease_by: "gone", lease_until: 1 }).where("id", "=", id).execute();
    const other = server("successor");
    other.start();
    await poets.until(id, "active");
    const label = stringAt(await poets.get(id), "namespace") ?? "";
    expect(rollouts(label)).toEqual([`rollOut ${label} 1`, `rollOut ${label} 1`]);
    await other.stop();
  });

  test("what comes up for too long has failed", async () => {
    const { query } = poets.gateway.wired.database;
    const slow = await poets.deployed("slow", {}, "plain");
    await query
      .updateTable("deployment_revisions")
      .set({ status: "provisioning", started_at: Date.now() - 16 * 60_000, serving_from: null })
      .where("deployment_id", "=", slow)
      .execute();
    const due = { due_at: 1, serving_revision: null, status: "provisioning", version: 99 };
    await query.updateTable("deployments").set(due).where("id", "=", slow).execute();
    services.wake();
    expect(await poets.until(slow, "failed")).toMatchObject({ newest: { failure: { code: "timed_out" } } });
  });

  test("several servers take turns: each revision is rolled out once", async () => {
    const others = [server("one"), server("two"), server("three")];
    for (const worker of others) worker.start();
    const ids = await Promise.all(["a", "b", "c", "d"].map((name) => poets.deployed(`shared-${name}`, {}, "plain")));
    for (const id of ids) {
      const label = stringAt(await poets.get(id), "namespace") ?? "";
      expect(rollouts(label)).toEqual([`rollOut ${label} 1`]);
    }
    await Promise.all(others.map((worker) => worker.stop()));
    const found = await services.records.find(asId<DeploymentId>(ids[0] ?? ""));
    expect(found?.status).toBe("active");
  });
});
