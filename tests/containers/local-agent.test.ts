// `ast dev project start` from end to end: a signed-in developer, a real server, a real container whose agent asks the
// gateway with the official client, and nothing left when it is over.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { numberAt, objectAt, parseObject, stringAt } from "../../server/contracts/json.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { installAst, keepSession, type Ast } from "../support/ast.ts";
import { bunImage } from "../support/bun-image.ts";
import { describeWithContainers, testEngine } from "../support/container-engine.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp } from "../support/people.ts";
import { root } from "../tidy/source-tree.ts";

const program = `
import OpenAI from "openai";
const client = new OpenAI({ apiKey: process.env["ASTRO_GATEWAY_API_KEY"], baseURL: process.env["ASTRO_GATEWAY_URL"] });
const answer = await client.chat.completions.create({
  model: process.env["MODEL_DEFAULT"] ?? "claude-sonnet-4-6",
  messages: [{ role: "user", content: "Write one sentence explaining routing stacks." }],
});
console.log("the model says:", answer.choices[0]?.message.content);
Bun.serve({ port: Number(process.env["PORT"] ?? 0), fetch: () => new Response("the agent is here") });
console.log("listening");
`;

const blueprint = `
spec: blueprint/v1
name: asks-the-gateway
agent:
  build: { context: ., dockerfile: Dockerfile }
  interfaces: { frontend: true }
models:
  default: { provider: gateway, models: [astrolabe/auto] }
`;

describeWithContainers("an agent on its developer's machine", () => {
  let engine: Engine;
  let gateway: OperatedGateway;
  let ast: Ast;
  let folder: string;
  let secret: string;
  let before: number;

  beforeAll(async () => {
    engine = await testEngine();
    const port = await freePort();
    gateway = await startOperatedGateway({ PORT: String(port), ASTROLABE_PUBLIC_URL: `http://127.0.0.1:${port}` });
    const home = stringAt((await gateway.operator.send("GET", "")).body, "id") ?? "";
    const ada = await signUp(gateway, { roles: { [home]: "developer" } });
    ast = installAst({ ASTRO_SERVER_URL: gateway.url, ASTRO_ACCOUNT: home, DOCKER_HOST: engine.dockerHost });
    await keepSession(ast, gateway, ada);
    const key = await ada.send("POST", `/api/v1/accounts/${home}/ai-gateway-keys`);
    secret = stringAt(key.body, "api_key") ?? "";
    before = await containersLeft();
    folder = await writeProject();
  }, 120_000);

  afterAll(async () => {
    ast.remove();
    rmSync(folder, { recursive: true, force: true });
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  async function writeProject(): Promise<string> {
    const project = mkdtempSync(join(tmpdir(), "astrolabe-project-"));
    const built = await Bun.build({
      entrypoints: [writeSource(project)],
      target: "bun",
      outdir: join(project, "agent"),
    });
    expect(built.success).toBe(true);
    const base = await bunImage(engine);
    writeFileSync(join(project, "Dockerfile"), `FROM ${base}\nWORKDIR /app\nCOPY agent agent\nCMD ["agent/main.js"]\n`);
    writeFileSync(join(project, "astropods.yml"), blueprint);
    return project;
  }

  /** Beside this repository's packages, where the bundler finds the official client. */
  function writeSource(project: string): string {
    mkdirSync(join(project, "agent"));
    const path = join(project, "main.ts");
    writeFileSync(path, program.replace('"openai"', JSON.stringify(join(root, "node_modules/openai/index.mjs"))));
    return path;
  }

  /** Of the agent of this test, the newest first. */
  const ownContainers = async () => {
    const listed = await engine.docker.listContainers({ all: true, filters: { label: ["astrolabe.local=yes"] } });
    const own = listed.filter(({ Names: names }) => names.some((name) => name.includes("asks-the-gateway")));
    return own.toSorted((one, other) => other.Created - one.Created);
  };
  const containersLeft = async (): Promise<number> => (await ownContainers()).length;

  test("is built, asks the gateway and prints its answer; Ctrl-C leaves nothing, and its key was nowhere to be seen", async () => {
    const running = ast.start(["dev", "project", "start"], { cwd: folder });
    await running.shows(/the model says: \S+/);
    await running.shows(/listening/);
    const [, address = ""] = await running.shows(/(http:\/\/localhost:\d+)/);
    expect(await (await fetch(address)).text()).toBe("the agent is here");

    const [listed] = await ownContainers();
    const details = await engine.docker.getContainer(listed?.Id ?? "").inspect();
    expect(details.Config.Env).toContain(`ASTRO_GATEWAY_API_KEY=${secret}`);
    const { Env: _, ...config } = details.Config;
    expect(JSON.stringify({ ...details, Config: config })).not.toContain(secret);
    expect(secret.length).toBeGreaterThan(20);
    expect(processLines()).toContain("project");
    expect(processLines()).not.toContain(secret);

    running.interrupt();
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(secret);
    expect(stderr).toContain("development key");
    expect(await containersLeft()).toBe(before);
    expect(existsSync(join(folder, ".ast/running.json"))).toBe(false);
    const networks = await engine.docker.listNetworks({ filters: { label: ["astrolabe.local=yes"] } });
    expect(networks.filter(({ Name: name }) => name.startsWith("asks-the-gateway"))).toEqual([]);
    const { body } = await gateway.operator.send("GET", "/usage");
    expect(JSON.stringify(body)).toContain("200");
  }, 120_000);

  test("goes on in the background, reaching the gateway by a process of its own that stop ends", async () => {
    const started = await ast.run(["dev", "-b", "--json"], { cwd: folder });
    expect(started).toMatchObject({ code: 0 });
    const logs = ast.start(["dev", "logs"], { cwd: folder });
    await logs.shows(/the model says: \S+/);
    logs.interrupt();
    await logs.ended;
    const noted = parseObject(readFileSync(join(folder, ".ast/running.json"), "utf8")) ?? {};
    const relay = numberAt(objectAt(noted, "relay") ?? {}, "pid");
    expect(existsSync(`/proc/${relay}`)).toBe(true);
    expect(readFileSync(join(folder, ".ast/running.json"), "utf8")).not.toContain(secret);
    expect(await ast.run(["project", "stop", "--volumes"], { cwd: folder })).toMatchObject({ code: 0 });
    await gone(`/proc/${relay}/exe`);
    expect(await containersLeft()).toBe(before);
  }, 120_000);

  test("is run from the three lines that ask for the gateway and an image of this machine", async () => {
    const images = await engine.docker.listImages({ filters: { label: ["astrolabe.built=agent"] } });
    const own = images.filter(({ RepoTags: tags }) => tags?.some((tag) => tag.includes("asks-the-gateway")));
    const newest = own.toSorted((one, other) => other.Created - one.Created)[0]?.Id ?? "";
    const names = engine.flavour === "podman" ? ["localhost/my-agent"] : ["my-agent"];
    for (const repo of names) await engine.docker.getImage(newest).tag({ repo, tag: "latest" });
    const short = mkdtempSync(join(tmpdir(), "three-lines-"));
    writeFileSync(join(short, "astropods.yml"), "agent:\n  image: my-agent:latest\n  astro_ai_gateway: true\n");
    const running = ast.start(["dev"], { cwd: short });
    try {
      await running.shows(/the model says: \S+/);
    } finally {
      running.interrupt();
    }
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(await ast.run(["dev", "stop", "--volumes"], { cwd: short })).toMatchObject({ code: 0 });
    rmSync(short, { recursive: true, force: true });
  }, 120_000);
});

/** What every process of this machine was started with, as `ps` shows it. */
function processLines(): string {
  const lines = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, "utf8");
      } catch {
        return "";
      }
    });
  return lines.join("\n");
}

/** Waits until it is no more. */
async function gone(path: string): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (existsSync(path)) {
    if (Date.now() > giveUpAt) throw new Error(`${path} is still there`);
    await Bun.sleep(50);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
