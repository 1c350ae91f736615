// A deployed agent from end to end, in real containers: it answers through the front door, what it asks the gateway is
// debited, a redeploy keeps its key, a failing one changes nothing, and undeploying ends the key and leaves nothing.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { buildImage } from "../../runtimes/docker/build-image.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { arrayAt, isObject, stringAt } from "../../server/contracts/json.ts";
import { bunImage } from "../support/bun-image.ts";
import { describeWithContainers, testEngine } from "../support/container-engine.ts";
import { deployingAs, specOf, untilRolledOut, type Deployer } from "../support/deploying.ts";
import { asObject } from "../support/gateway.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp, type SignedInPerson } from "../support/people.ts";
import { root } from "../tidy/source-tree.ts";

const program = `
import OpenAI from "openai";
if (process.env["TONE"] === "none") {
  console.error("FATAL there is no tone");
  process.exit(1);
}
const client = new OpenAI({ apiKey: process.env["ASTRO_GATEWAY_API_KEY"], baseURL: process.env["ASTRO_GATEWAY_URL"] });
Bun.serve({
  port: Number(process.env["PORT"] ?? 80),
  idleTimeout: 0,
  async fetch(request, server) {
    const { pathname } = new URL(request.url);
    if (pathname === "/key") return new Response(process.env["ASTRO_GATEWAY_API_KEY"]);
    if (pathname === "/socket") return server.upgrade(request) ? undefined : new Response("no", { status: 400 });
    if (pathname === "/well") return new Response("well");
    const { choices } = await client.chat.completions.create({
      model: process.env["MODEL_DEFAULT"],
      messages: [{ role: "user", content: "Write one sentence explaining routing stacks." }],
    });
    return Response.json({ tone: process.env["TONE"], says: choices[0]?.message.content, seen: Object.fromEntries(request.headers) });
  },
  websocket: { message: (socket, text) => void socket.send("you said " + text) },
});
console.log("INFO listening");
`;

const spec = (image: string) =>
  specOf(`agent:
  image: ${image}
  interfaces: { frontend: true }
  healthcheck: { path: /well, interval: 1s, timeout: 1s, retries: 3 }
models:
  default: { provider: gateway, models: [astrolabe/auto] }
inputs:
  tone: { name: TONE, datatype: string }
`);

describeWithContainers("a deployed agent", () => {
  const image = "localhost/astrolabe-test/poet:1";
  let engine: Engine;
  let gateway: OperatedGateway;
  let ada: SignedInPerson;
  let deploying: Pick<Deployer, "register" | "deployed" | "deploy" | "get" | "until" | "act">;
  let id: string;

  beforeAll(async () => {
    engine = await testEngine();
    const port = await freePort();
    gateway = await startOperatedGateway({
      PORT: String(port),
      ASTROLABE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      DOCKER_HOST: engine.dockerHost,
    });
    gateway.wired.agents.start();
    const workspace = (await gateway.operator.send("GET", "")).body;
    ada = await signUp(gateway, { roles: { [stringAt(workspace, "id") ?? ""]: "developer" } });
    deploying = deployingAs(gateway, ada, stringAt(workspace, "slug") ?? "");
    await buildPoet();
    await deploying.register("b1", spec(image));
    await deploying.register("b2", spec(image));
  }, 120_000);

  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  }, 30_000);

  async function buildPoet(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "astrolabe-poet-"));
    try {
      mkdirSync(join(folder, "agent"));
      const source = join(folder, "main.ts");
      writeFileSync(source, program.replace('"openai"', JSON.stringify(join(root, "node_modules/openai/index.mjs"))));
      const built = await Bun.build({ entrypoints: [source], target: "bun", outdir: join(folder, "agent") });
      expect(built.success).toBe(true);
      const base = await bunImage(engine);
      writeFileSync(
        join(folder, "Dockerfile"),
        `FROM ${base}\nWORKDIR /app\nCOPY agent agent\nCMD ["agent/main.js"]\n`,
      );
      const request = { image, name: image, folder, dockerfile: "Dockerfile", args: {}, labels: {}, fresh: false };
      await buildImage(engine, { ...request, secrets: new Map() }, () => undefined, AbortSignal.timeout(60_000));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const hostOf = async () => {
    const [url] = (arrayAt(await deploying.get(id), "external_urls") ?? []).filter(isObject);
    return new URL(stringAt(url ?? {}, "url") ?? "").host;
  };
  /** As a browser asks the agent, whose name this machine may not be able to look up. */
  const open = async (path: string) =>
    fetch(gateway.url + path, { headers: { host: await hostOf() }, redirect: "manual" });
  const containers = async () =>
    engine.docker.listContainers({ all: true, filters: { label: [`astrolabe.deployment=${id}`] } });

  test("comes up, answers through the front door, and what it asks the gateway is debited", async () => {
    const before = await gateway.credits();
    id = await deploying.deployed("poet", {
      build: "b1",
      interfaces: { adapters: ["web"] },
      variables: { TONE: { value: "dark" } },
    });
    expect(await deploying.get(id)).toMatchObject({ status: "active", workloads_problem: null });
    const answer = await open("/poem?of=stacks");
    const body = asObject(await answer.json());
    expect(body).toMatchObject({ tone: "dark", says: expect.any(String) });
    expect(body["seen"]).toMatchObject({ "x-forwarded-host": await hostOf(), "x-forwarded-proto": "http" });
    const after = await gateway.credits();
    expect(after.balance).toBeLessThan(before.balance);
    const usage = await ada.send("GET", `/api/v1/deployments/${id}/usage`);
    expect(usage.body).toMatchObject({ requests: 1, by_revision: [{ revision: 1, requests: 1 }] });
    const logs = await fetch(`${gateway.url}/api/v1/deployments/${id}/logs`, { headers: ada.headers });
    expect(await logs.json()).toEqual([expect.objectContaining({ level: "INFO", message: "INFO listening" })]);
  }, 60_000);

  test("keeps its key over a redeploy and a rollback", async () => {
    const key = await (await open("/key")).text();
    expect(key).toStartWith("astrolabe_live_");
    await deploying.deployed("poet", { build: "b2", deployment_id: id, variables: { TONE: { value: "light" } } });
    expect(await (await open("/")).json()).toMatchObject({ tone: "light" });
    expect(await (await open("/key")).text()).toBe(key);
    await deploying.act(id, "rollback");
    await untilRolledOut(() => deploying.get(id));
    expect(await deploying.get(id)).toMatchObject({ build_id: "b1", serving_revision: 3 });
    expect(await (await open("/")).json()).toMatchObject({ tone: "dark" });
    expect(await (await open("/key")).text()).toBe(key);
  }, 90_000);

  test("serves on when a newer revision fails, which says with which words", async () => {
    await deploying.deployed("poet", { build: "b2", deployment_id: id, variables: { TONE: { value: "none" } } });
    expect(await deploying.get(id)).toMatchObject({
      status: "active",
      serving_revision: 3,
      newest: {
        status: "failed",
        failure: { workload: "agent", log_lines: expect.arrayContaining(["FATAL there is no tone"]) },
      },
    });
    expect(await (await open("/")).json()).toMatchObject({ tone: "dark" });
  }, 60_000);

  test("is gone when it is undeployed, and its key is dead", async () => {
    const key = await (await open("/key")).text();
    const { host } = { host: await hostOf() };
    expect((await ada.send("POST", "/api/v1/undeploy", { deployment_id: id })).status).toBe(200);
    expect((await gateway.post("/v1/responses", { model: "astrolabe/auto", input: "x" }, { key })).status).toBe(401);
    await deploying.until(id, "undeployed");
    expect(await containers()).toEqual([]);
    expect((await fetch(gateway.url, { headers: { host } })).status).toBe(404);
  }, 60_000);
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
