import { describe, expect, test } from "bun:test";
import { blueprintOf } from "../tests/support/blueprints.ts";
import { planWorkloads, type PlanOptions } from "./plan-workloads.ts";
import { workloadNames } from "./workload-names.ts";

function plan(text: string, options: Partial<PlanOptions> = {}) {
  const workloads = planWorkloads(blueprintOf(text), {
    place: "deployed",
    imageOf: (workload, named) => named ?? `built/${workload}`,
    environments: new Map([["agent", { A: "1" }]]),
    ...options,
  });
  return Object.fromEntries(workloads.map((workload) => [workload.name, workload]));
}

const project = `agent:
  build: { context: ., dockerfile: Dockerfile }
  interfaces: { frontend: true }
  healthcheck: { path: /health }
models:
  Local.LLM: { container: { image: llama, port: 9000, volume: /models, gpu: { vram: 24Gi } } }
  hosted: { provider: openai }
knowledge:
  cache: { provider: redis }
ingestion:
  nightly: { container: { build: { context: jobs, dockerfile: D } }, trigger: { type: schedule } }
  hook: { container: { image: hook, port: 4000 }, trigger: { type: webhook } }
  first: { container: { image: first }, trigger: { type: startup } }
dev: { command: bun --watch run start, interfaces: { frontend: { port: 3000 } } }
`;

describe("the containers of an agent", () => {
  test("are those of the file, each with its image, ports, volume and check", () => {
    const workloads = plan(project);
    expect(Object.keys(workloads)).toEqual([
      "agent",
      "model-local-llm",
      "knowledge-cache",
      "ingestion-nightly",
      "ingestion-hook",
      "ingestion-first",
    ]);
    expect(Object.keys(workloads)).toEqual(workloadNames(blueprintOf(project)));
    expect(workloads["agent"]).toEqual({
      name: "agent",
      component: "agent",
      image: "built/agent",
      environment: { A: "1" },
      ports: [80],
      volume: { name: "agent-data", path: "/data" },
      healthcheck: { path: "/health", intervalMs: 10_000, timeoutMs: 5000, retries: 3 },
      replicas: 1,
      run: "always",
      frontend: true,
    });
    expect(workloads["model-local-llm"]).toMatchObject({
      component: "model",
      image: "llama",
      ports: [9000],
      volume: { name: "model-local-llm-data", path: "/models" },
      gpu: { vram: "24Gi" },
      environment: {},
    });
    expect(workloads["knowledge-cache"]).toMatchObject({
      image: "redis:7-alpine",
      ports: [6379],
      volume: { name: "knowledge-cache-data", path: "/data" },
      healthcheck: { test: ["CMD", "redis-cli", "ping"] },
    });
  });

  test("start otherwise on a developer's machine: own command, own port, no schedule", () => {
    const schedules = new Map([["nightly", "0 3 * * *"]]);
    const local = plan(project, { place: "local", schedules });
    expect(local["agent"]).toMatchObject({ command: ["sh", "-c", "bun --watch run start"], ports: [3000] });
    expect(local["ingestion-nightly"]?.run).toBe("manual");
    const deployed = plan(project, { schedules });
    expect(deployed["agent"]).not.toHaveProperty("command");
    expect(deployed["ingestion-nightly"]?.run).toEqual({ cron: "0 3 * * *" });
  });

  test("of jobs run when their trigger says, and are reached only where they listen", () => {
    const workloads = plan(project);
    const shown = ["nightly", "hook", "first"].map((job) => workloads[`ingestion-${job}`]);
    expect(shown.map((workload) => [workload?.run, workload?.ports])).toEqual([
      ["manual", []],
      ["always", [4000]],
      ["startup", []],
    ]);
    const hook = "ingestion: { hook: { container: { image: hook }, trigger: { type: webhook } } }";
    expect(plan(hook)["ingestion-hook"]?.ports).toEqual([3001]);
  });

  test("listen on nothing when the agent has no pages and no check by HTTP", () => {
    expect(plan("")["agent"]).toMatchObject({ ports: [], frontend: false });
    expect(plan("agent: { image: a, healthcheck: { path: /ok } }")["agent"]).toMatchObject({
      ports: [80],
      frontend: false,
    });
  });

  test("are several of an agent that may run side by side, which then keeps no folder", () => {
    const distributed = "agent: { image: a, distributed: true }";
    expect(plan(distributed, { replicas: 3 })["agent"]).toMatchObject({ replicas: 3 });
    expect(plan(distributed, { replicas: 3 })["agent"]).not.toHaveProperty("volume");
    expect(plan(distributed, { place: "local" })["agent"]).toHaveProperty("volume");
    expect(plan("agent: { image: a }", { replicas: 3 })["agent"]).toMatchObject({ replicas: 1 });
  });

  test("share the agent's folder with the messaging service", () => {
    const messaging = { image: "messages:1", adapters: ["web"] };
    expect(plan("", { messaging })["messaging"]).toMatchObject({
      image: "messages:1",
      ports: [9090, 8080],
      volume: { name: "agent-data", path: "/data" },
    });
  });

  test("may have other images than the file names, such as a mirror's", () => {
    const mirror = plan("knowledge: { cache: { provider: redis } }", {
      imageOf: (_, named) => `mirror.test/${named ?? "own"}`,
    });
    expect(mirror["knowledge-cache"]?.image).toBe("mirror.test/redis:7-alpine");
  });
});
