import { describe, expect, test } from "bun:test";
import { forEachCluster, startTestCluster, type TestCluster } from "../../tests/support/kubernetes-cluster.ts";
import type { Workload } from "../../blueprint/workload.ts";
import { RuntimeError, type LogLine, type Revision, type RolloutStep } from "../runtime.ts";
import { createKubernetesRuntime } from "./kubernetes-runtime.ts";
import { identity, objectName } from "./names.ts";
import { anyObject, readAll, secretObject } from "./observed.ts";
import type { Kind } from "./resources.ts";

const secret = "sk-very-secret-value";

function workload(changes: Partial<Workload> = {}): Workload {
  return {
    name: "agent",
    component: "agent",
    image: "test/ok:1",
    environment: { ASTRO_GATEWAY_API_KEY: secret },
    ports: [80],
    replicas: 1,
    run: "always",
    frontend: false,
    ...changes,
  };
}

const store = workload({
  name: "knowledge-cache",
  component: "knowledge",
  image: "test/ok:redis",
  ports: [6379],
  volume: { name: "cache", path: "/data" },
});
const ingestion = workload({
  name: "ingestion-docs",
  component: "ingestion",
  image: "test/done:1",
  ports: [],
  run: "manual",
});

function revision(project: string, number: number, workloads: readonly Workload[] = [workload()]): Revision {
  return { project, number, workloads, labels: { agent: "shop" }, access: "none", startTimeoutMs: 20_000 };
}

function runtimeOf({ settings }: TestCluster): ReturnType<typeof createKubernetesRuntime> {
  return createKubernetesRuntime({ settings, now: Date.now, pollMs: 25 });
}

const never = new AbortController().signal;
let projects = 0;
/** Names differ by test, so that tests do not meet. */
function newProject(): string {
  projects += 1;
  return `p${projects}-${crypto.randomUUID().slice(0, 8)}`;
}

async function failureOf(work: Promise<unknown>): Promise<RuntimeError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RuntimeError) return error;
  throw new Error(`no RuntimeError but ${String(error)}`, { cause: error });
}

const everyKind: readonly Kind[] = [
  "Ingress",
  "CronJob",
  "Job",
  "Deployment",
  "StatefulSet",
  "Service",
  "Secret",
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "Pod",
];

async function left(cluster: TestCluster, project: string): Promise<string[]> {
  const lists = everyKind.map(async (kind) => {
    const items = readAll(anyObject, await cluster.admin.list(kind, identity(project)));
    return items.map(({ metadata }) => `${kind} ${metadata.name}`);
  });
  return (await Promise.all(lists)).flat();
}

async function collect(
  lines: AsyncIterable<LogLine>,
  enough: (texts: readonly string[]) => boolean,
): Promise<string[]> {
  const texts: string[] = [];
  for await (const line of lines) {
    texts.push(line.text);
    if (enough(texts)) break;
  }
  return texts;
}

forEachCluster((cluster) => {
  describe("a roll-out", () => {
    test("brings up what the agent calls first, then the agent, and tells each step", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      const steps: RolloutStep[] = [];
      await runtime.rollOut(revision(project, 1, [workload(), store]), (step) => steps.push(step), never);
      const healthy = steps.filter(({ kind }) => kind === "healthy").map((step) => step.workload);
      expect(healthy).toEqual(["knowledge-cache", "agent"]);
      expect(steps.find(({ kind }) => kind === "switch")?.message).toBe("revision 1 serves");
      const states = await runtime.workloads(project);
      expect(states.map(({ name, state, revision: number, image }) => [name, state, number, image])).toEqual([
        ["agent", "running", 1, "test/ok:1"],
        ["knowledge-cache", "running", 1, "test/ok:redis"],
      ]);
      await runtime.remove(project, { volumes: true });
    });

    test("replaces the agent, leaves what holds data alone when it is the same, and prunes old secrets", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      await runtime.rollOut(revision(project, 1, [workload(), store]), () => undefined, never);
      const [before] = (await runtime.workloads(project)).filter(({ name }) => name === "knowledge-cache");
      const next = [workload({ image: "test/ok:2" }), store];
      await runtime.rollOut(revision(project, 2, next), () => undefined, never);
      const states = await runtime.workloads(project);
      expect(states.map(({ name, image, revision: number }) => [name, image, number])).toEqual([
        ["agent", "test/ok:2", 2],
        ["knowledge-cache", "test/ok:redis", 2],
      ]);
      expect(states[1]?.startedAt).toBe(before?.startedAt);
      const secrets = readAll(secretObject, await cluster().admin.list("Secret", identity(project)));
      expect(secrets.map(({ metadata }) => metadata.name).toSorted()).toEqual(
        [
          `${objectName(project, "agent")}-r2`,
          `${objectName(project, "knowledge-cache")}-r1`,
          objectName(project, "serving"),
        ].toSorted(),
      );
      await runtime.remove(project, { volumes: true });
    });

    test("of the same revision again changes nothing", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      await runtime.rollOut(revision(project, 1), () => undefined, never);
      const [before] = await runtime.workloads(project);
      await runtime.rollOut(revision(project, 1), () => undefined, never);
      expect(await runtime.workloads(project)).toEqual(before === undefined ? [] : [before]);
      await runtime.remove(project, { volumes: true });
    });

    test("of the same revision with another key starts the agent anew with it", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      await runtime.rollOut(revision(project, 1), () => undefined, never);
      const rotated = workload({ environment: { ASTRO_GATEWAY_API_KEY: "sk-another-secret" } });
      await runtime.rollOut(revision(project, 1, [rotated]), () => undefined, never);
      const secrets = readAll(secretObject, await cluster().admin.list("Secret", identity(project, "agent")));
      expect(secrets.map(({ data }) => Buffer.from(data["ASTRO_GATEWAY_API_KEY"] ?? "", "base64").toString())).toEqual([
        "sk-another-secret",
      ]);
      await runtime.remove(project, { volumes: true });
    });
  });

  describe("a roll-out that fails", () => {
    test.each([
      ["test/missing:9", "image_not_found", /agent: its image cannot be pulled: .*test\/missing:9/],
      ["test/crash:9", "exited", /agent: it ends again and again with exit code 1/],
      ["test/oom:9", "exited", /agent: it used more memory than it may/],
    ] as const)("because of %s leaves nothing of a first revision", async (image, code, message) => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      const error = await failureOf(
        runtime.rollOut(revision(project, 1, [workload({ image }), store]), () => undefined, never),
      );
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
      expect(error.workload).toBe("agent");
      expect(await left(cluster(), project)).toEqual([]);
    });

    test("tells the last lines that the agent wrote, with names in place of its secrets", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      const crash = revision(project, 1, [workload({ image: "test/crash:1" })]);
      const error = await failureOf(runtime.rollOut(crash, () => undefined, never));
      expect(error.lastLines).toEqual(["starting", "ASTRO_GATEWAY_API_KEY is [ASTRO_GATEWAY_API_KEY]", "cannot go on"]);
      expect(JSON.stringify([error.message, error.hint, error.lastLines, String(error.cause)])).not.toContain(secret);
    });

    test("puts the older revision back, which never stopped serving", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      await runtime.rollOut(revision(project, 1, [workload(), store]), () => undefined, never);
      const before = await runtime.workloads(project);
      const broken = [workload({ image: "test/crash:2" }), store, workload({ name: "model-x", component: "model" })];
      await failureOf(runtime.rollOut(revision(project, 2, broken), () => undefined, never));
      expect(await runtime.workloads(project)).toEqual(before);
      const names = await left(cluster(), project);
      expect(names.filter((name) => /model-x|-r2/.test(name) && !name.startsWith("Pod "))).toEqual([]);
      await runtime.remove(project, { volumes: true });
    });

    test("puts the older store back on its data", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      await runtime.rollOut(revision(project, 1, [workload(), store]), () => undefined, never);
      const broken = [workload({ image: "test/ok:2" }), { ...store, image: "test/missing:2" }];
      const error = await failureOf(runtime.rollOut(revision(project, 2, broken), () => undefined, never));
      expect(error.code).toBe("image_not_found");
      expect((await runtime.workloads(project)).map(({ image, state }) => [image, state])).toEqual([
        ["test/ok:1", "running"],
        ["test/ok:redis", "running"],
      ]);
      await runtime.remove(project, { volumes: true });
    });

    test("for being never ready is told when its time is up", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      const slow = { ...revision(project, 1, [workload({ image: "test/unready:1" })]), startTimeoutMs: 1_500 };
      const error = await failureOf(runtime.rollOut(slow, () => undefined, never));
      expect([error.code, error.message]).toEqual(["unhealthy", "agent: it does not become ready in time"]);
      expect(await left(cluster(), project)).toEqual([]);
    });

    test("for want of a node says so", async () => {
      const project = newProject();
      const { settings } = cluster();
      const gpu = { nodeSelectors: { cuda: { accelerator: "a100" }, rocm: {} }, memoryLabel: undefined };
      const runtime = createKubernetesRuntime({ settings: { ...settings, gpu }, now: Date.now, pollMs: 25 });
      const wanted = { ...revision(project, 1, [workload({ gpu: { vram: "24Gi" } })]), startTimeoutMs: 1_500 };
      const error = await failureOf(runtime.rollOut(wanted, () => undefined, never));
      expect(error.message).toMatch(/^agent: no node takes it: .*nodes are available/);
    });

    test("by being broken off leaves nothing and throws the reason", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      const stop = new AbortController();
      const unready = revision(project, 1, [workload({ image: "test/unready:1" })]);
      const work = runtime.rollOut(
        unready,
        (step) => step.kind === "wait" && stop.abort(new Error("enough")),
        stop.signal,
      );
      expect(work).rejects.toThrow("enough");
      await work.catch(() => undefined);
      expect(await left(cluster(), project)).toEqual([]);
    });
  });

  test("stopping ends every pod and keeps the data, and resuming brings them back", async () => {
    const project = newProject();
    const runtime = runtimeOf(cluster());
    const nightly = { ...ingestion, name: "ingestion-nightly", run: { cron: "0 3 * * *" } };
    await runtime.rollOut(revision(project, 1, [workload({ replicas: 2 }), store, nightly]), () => undefined, never);
    await runtime.stop(project);
    expect((await runtime.workloads(project)).map(({ name, state }) => [name, state])).toEqual([
      ["agent", "stopped"],
      ["ingestion-nightly", "stopped"],
      ["knowledge-cache", "stopped"],
    ]);
    expect((await left(cluster(), project)).filter((name) => name.startsWith("Pod "))).toEqual([]);
    await runtime.resume(project);
    expect((await runtime.workloads(project)).map(({ name, state }) => [name, state])).toEqual([
      ["agent", "running"],
      ["agent", "running"],
      ["ingestion-nightly", "stopped"],
      ["knowledge-cache", "running"],
    ]);
    expect((await failureOf(runtime.resume("nobody"))).code).toBe("not_found");
    await runtime.stop("nobody");
    await runtime.remove(project, { volumes: true });
  });

  test("restarting replaces the pods", async () => {
    const project = newProject();
    const runtime = runtimeOf(cluster());
    await runtime.rollOut(revision(project, 1), () => undefined, never);
    const [before] = await runtime.workloads(project);
    await runtime.restart(project, "agent");
    for (;;) {
      const [now, ...more] = await runtime.workloads(project);
      if (more.length === 0 && now?.instance !== before?.instance && now?.state === "running") break;
      await Bun.sleep(25);
    }
    expect((await failureOf(runtime.restart(project, "model-x"))).code).toBe("not_found");
    await runtime.remove(project, { volumes: true });
  });

  test("removing leaves nothing, but the data unless asked to", async () => {
    const project = newProject();
    const runtime = runtimeOf(cluster());
    await runtime.rollOut(revision(project, 1, [workload(), store, ingestion]), () => undefined, never);
    await runtime.remove(project, { volumes: false });
    expect(await left(cluster(), project)).toEqual([`PersistentVolumeClaim ${objectName(project, "cache")}`]);
    await runtime.remove(project, { volumes: true });
    expect(await left(cluster(), project)).toEqual([]);
    await runtime.remove(project, { volumes: true });
    expect(await runtime.workloads(project)).toEqual([]);
  });

  describe("jobs", () => {
    test("run when somebody asks, hand over their lines and tell their exit code", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      const failing = { ...ingestion, name: "ingestion-bad", image: "test/fails:1" };
      await runtime.rollOut(revision(project, 1, [workload(), ingestion, failing]), () => undefined, never);
      const lines: string[] = [];
      const end = await runtime.runJob(project, "ingestion-docs", ({ text }) => lines.push(text), never);
      expect([end, lines]).toEqual([{ exitCode: 0 }, ["started test/done:1", "all read"]]);
      expect(await runtime.runJob(project, "ingestion-bad", () => undefined, never)).toEqual({ exitCode: 3 });
      const states = await runtime.workloads(project);
      expect(states.map(({ name, state, message }) => [name, state, message])).toEqual([
        ["agent", "running", undefined],
        ["ingestion-bad", "failed", "it ended with exit code 3"],
        ["ingestion-docs", "stopped", undefined],
      ]);
      expect((await failureOf(runtime.runJob(project, "agent", () => undefined, never))).code).toBe("not_found");
      await runtime.remove(project, { volumes: true });
      expect(await left(cluster(), project)).toEqual([]);
    });

    test("run once at a time, and end when they are broken off", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      const lasting = { ...ingestion, image: "test/lasts:1" };
      await runtime.rollOut(revision(project, 1, [workload(), lasting]), () => undefined, never);
      const stop = new AbortController();
      const begun = Promise.withResolvers<void>();
      const run = runtime.runJob(project, "ingestion-docs", () => begun.resolve(), stop.signal);
      await begun.promise;
      expect((await failureOf(runtime.runJob(project, "ingestion-docs", () => undefined, never))).code).toBe(
        "conflict",
      );
      stop.abort(new Error("enough"));
      expect(run).rejects.toThrow("enough");
      await run.catch(() => undefined);
      await runtime.remove(project, { volumes: true });
    });

    test("of a revision's start run once, and one that fails is only told", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      const jobs = [
        { ...ingestion, run: "startup" as const },
        { ...ingestion, name: "ingestion-bad", image: "test/fails:1", run: "startup" as const },
      ];
      const steps: RolloutStep[] = [];
      await runtime.rollOut(revision(project, 1, [workload(), ...jobs]), (step) => steps.push(step), never);
      expect(
        steps
          .filter(({ kind }) => kind === "job" || kind === "warning")
          .map(({ message }) => message)
          .toSorted(),
      ).toEqual([
        "ingestion-bad ended with exit code 3: cannot read",
        "ingestion-bad runs",
        "ingestion-docs is done",
        "ingestion-docs runs",
      ]);
      const runs = cluster().kubelet.started.get("test/fails:1");
      await runtime.rollOut(revision(project, 1, [workload(), ...jobs]), () => undefined, never);
      expect(cluster().kubelet.started.get("test/fails:1")).toBe(runs ?? 0);
      await runtime.remove(project, { volumes: true });
    });
  });

  describe("logs", () => {
    test("are those of all pods by time, since a moment, and the last so many", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      await runtime.rollOut(revision(project, 1, [workload({ replicas: 2 })]), () => undefined, never);
      const [one, other] = (await runtime.workloads(project)).map(({ instance }) => instance);
      for (const [index, pod] of [one, other, one].entries()) {
        cluster().kubelet.write(pod ?? "", `line ${index}`);
        await Bun.sleep(3);
      }
      const query = { workload: "agent", follow: false };
      const all = await Array.fromAsync(runtime.logs(project, query, never));
      expect(all.map(({ text }) => text)).toEqual([
        "started test/ok:1",
        "started test/ok:1",
        "line 0",
        "line 1",
        "line 2",
      ]);
      const last = await Array.fromAsync(runtime.logs(project, { ...query, tail: 1 }, never));
      expect(last.map(({ text, instance }) => [text, instance])).toEqual([
        ["line 1", other ?? ""],
        ["line 2", one ?? ""],
      ]);
      const since = all[3]?.at ?? 0;
      const late = await Array.fromAsync(runtime.logs(project, { ...query, since }, never));
      expect(late.map(({ text }) => text)).toEqual(["line 1", "line 2"]);
      const unknown = Array.fromAsync(runtime.logs(project, { workload: "model-x", follow: false }, never));
      expect((await failureOf(unknown)).code).toBe("not_found");
      await runtime.remove(project, { volumes: true });
    });

    test("go on through a roll-out, and end without an error when they are broken off", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      await runtime.rollOut(revision(project, 1), () => undefined, never);
      const stop = new AbortController();
      const lines = collect(runtime.logs(project, { workload: "agent", follow: true }, stop.signal), (texts) =>
        texts.includes("started test/ok:2"),
      );
      await runtime.rollOut(revision(project, 2, [workload({ image: "test/ok:2" })]), () => undefined, never);
      expect(await lines).toEqual(["started test/ok:1", "started test/ok:2"]);
      const quiet = Array.fromAsync(runtime.logs(project, { workload: "agent", follow: true }, stop.signal));
      await Bun.sleep(100);
      stop.abort();
      expect((await quiet).map(({ text }) => text)).toContain("started test/ok:2");
      await runtime.remove(project, { volumes: true });
    });

    test("hold what a container wrote before it was started anew", async () => {
      const project = newProject();
      const runtime = runtimeOf(cluster());
      await runtime.rollOut(
        revision(project, 1, [workload({ image: "test/flaky:1", environment: {} })]),
        () => undefined,
        never,
      );
      const lines = await Array.fromAsync(runtime.logs(project, { workload: "agent", follow: false }, never));
      expect(lines.map(({ text }) => text)).toEqual(["starting", "cannot go on", "started test/flaky:1"]);
      await runtime.remove(project, { volumes: true });
    });
  });

  test("the cluster is found fit with the role of the repository", async () => {
    await runtimeOf(cluster()).check();
    const elsewhere = { ...cluster().settings, namespace: "elsewhere" };
    const error = await failureOf(createKubernetesRuntime({ settings: elsewhere, now: Date.now }).check());
    expect(error.code).toBe("unavailable");
  });
});

test("a roll-out whose server was lost is continued by another one, or goes back to what served before", async () => {
  const cluster = await startTestCluster();
  const runtime = runtimeOf(cluster);
  const next = [workload({ image: "test/unready:2" }), workload({ name: "model-x", component: "model" })];
  await runtime.rollOut(revision("shop", 1), () => undefined, never);
  const before = await runtime.workloads("shop");
  // From the first wait on for its agent the first server reaches nothing any more.
  const cut = (step: RolloutStep): void => {
    if (step.workload === "agent" && step.kind === "wait") cluster.double?.fail(/./, 403, 10_000);
  };
  await failureOf(runtime.rollOut(revision("shop", 2, next), cut, never));
  cluster.double?.heal();
  expect((await left(cluster, "shop")).filter((name) => name.includes("model-x")).length).toBeGreaterThan(1);
  const again = { ...revision("shop", 2, next), startTimeoutMs: 1_000 };
  expect((await failureOf(runtimeOf(cluster).rollOut(again, () => undefined, never))).code).toBe("unhealthy");
  expect(await runtime.workloads("shop")).toEqual(before);
  const good = [workload({ image: "test/ok:2" })];
  await failureOf(runtime.rollOut(revision("shop", 3, next), cut, never));
  cluster.double?.heal();
  await runtimeOf(cluster).rollOut(revision("shop", 3, good), () => undefined, never);
  expect((await runtime.workloads("shop")).map(({ image, state }) => [image, state])).toEqual([
    ["test/ok:2", "running"],
  ]);
  await cluster.close();
});
