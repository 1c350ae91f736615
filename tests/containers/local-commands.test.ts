// `ast project ...` and `ast build` with small agents in real containers, without a server.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { arrayAt, isObject, stringAt } from "../../server/contracts/json.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { installAst, type Ast, type Ended } from "../support/ast.ts";
import { describeWithContainers, testEngine } from "../support/container-engine.ts";
import { buildShellImage } from "../support/container-image.ts";
import { contractScript } from "../support/contract-program.ts";
import { servingScript, writeShellProject } from "../support/shell-project.ts";

const patience = { timeout: 60_000 };
const contractImage = "localhost/astrolabe-test/contract:1";

const blueprint = `
spec: blueprint/v1
name: little-agent
agent:
  build: { context: ., dockerfile: Dockerfile }
  interfaces: { frontend: true }
inputs:
  REGION: { name: REGION, datatype: string }
knowledge:
  store:
    container:
      image: ${contractImage}
      port: 8080
      volume: /kept
      healthcheck: { test: [CMD-SHELL, "/bin/busybox wget -q -O /dev/null http://127.0.0.1:8080/health"], interval: 1s }
      environment: { VERSION: store, KEEP: /kept }
ingestion:
  load:
    container: { image: ${contractImage}, environment: { MODE: job, VERSION: documents, EXIT_CODE: "0" } }
    trigger: { type: manual }
  fails:
    container: { image: ${contractImage}, environment: { MODE: job, VERSION: nothing, EXIT_CODE: "9" } }
    trigger: { type: manual }
`;

describeWithContainers("the commands for an agent on this machine", () => {
  let engine: Engine;
  let ast: Ast;
  const folders: string[] = [];

  beforeAll(async () => {
    engine = await testEngine();
    await buildShellImage(engine, contractImage, contractScript);
    ast = installAst({ DOCKER_HOST: engine.dockerHost, ASTRO_SERVER_URL: "http://127.0.0.1:9" });
  }, 60_000);

  afterAll(async () => {
    for (const folder of folders) {
      await ast.run(["project", "stop", "--volumes"], { cwd: folder });
      rmSync(folder, { recursive: true, force: true });
    }
    ast.remove();
  }, 60_000);

  function project(text: string, script: string, files: Readonly<Record<string, string>> = {}): string {
    const folder = writeShellProject(text, script, files);
    folders.push(folder);
    return folder;
  }
  const run = (folder: string, ...words: string[]): Promise<Ended> => ast.run(words, { cwd: folder });
  const containersOf = async (started: Ended) => {
    const label = [`astrolabe.project=${stringAt(started.json, "project")}`];
    return engine.docker.listContainers({ all: true, filters: { label } });
  };
  const localContainers = async (): Promise<readonly string[]> => {
    const listed = await engine.docker.listContainers({ all: true, filters: { label: ["astrolabe.local=yes"] } });
    const own = listed.filter(({ Names: names }) => names.some((name) => name.includes("little-agent")));
    return own.map(({ Id: id }) => id).toSorted();
  };
  const addressOf = (started: Ended, workload: string): string => {
    const addresses = (arrayAt(started.json, "addresses") ?? []).filter(isObject);
    return stringAt(addresses.find((one) => one["workload"] === workload) ?? {}, "address") ?? "";
  };

  test(
    "start, logs, trigger, configure and stop go together",
    async () => {
      const folder = project(blueprint, servingScript, { ".env": "REGION=from-the-file\n" });
      const first = await run(folder, "dev", "-b", "--json");
      expect(first).toMatchObject({ code: 0 });
      const page = await fetch(addressOf(first, "agent"));
      expect((await page.text()).trim()).toBe("hello from little-agent in from-the-file");
      const containers = await containersOf(first);
      expect(containers.length).toBe(4);
      const shown = containers.flatMap(({ Ports: ports }) => ports).filter(({ PublicPort: port }) => port);
      expect(new Set(shown.map(({ IP: address }) => address))).toEqual(new Set(["127.0.0.1"]));

      const logs = await run(folder, "project", "logs", "--no-follow");
      expect(logs.stdout).toContain("started with REGION=from-the-file\nmay write\n");
      const all = await run(folder, "dev", "logs", "--no-follow", "--all");
      expect(all.stdout).toContain("knowledge-store | kept store");
      expect(await run(folder, "project", "logs", "model-x")).toMatchObject({ code: 4 });

      expect(await run(folder, "project", "trigger", "load")).toMatchObject({ code: 0 });
      const failing = await run(folder, "project", "trigger", "fails");
      expect(failing).toMatchObject({ code: 1 });
      expect(failing.stderr).toContain("fails ended with exit code 9.");
      expect((await run(folder, "project", "trigger")).stdout).toContain("load");

      expect(await run(folder, "configure", "--var", "REGION=kept-value")).toMatchObject({ code: 0 });
      const second = await run(folder, "project", "start", "-b", "--json");
      expect(second).toMatchObject({ code: 0 });
      expect((await containersOf(second)).length).toBe(4);
      expect(await (await fetch(addressOf(second, "agent"))).text()).toContain("kept-value");
      expect((await run(folder, "project", "logs", "knowledge-store", "--no-follow")).stdout).toContain(
        "kept store store",
      );

      expect(await run(folder, "dev", "project", "stop", "--volumes")).toMatchObject({ code: 0 });
      expect(await containersOf(second)).toEqual([]);
      expect(existsSync(join(folder, ".ast/running.json"))).toBe(false);
      expect((await run(folder, "project", "stop")).stdout).toContain("was not running");
    },
    patience,
  );

  test(
    "a taken port is replaced by a free one, and said",
    async () => {
      const taken = createServer();
      const listening = new Promise<void>((resolve) => taken.listen({ host: "127.0.0.1", port: 3200 }, resolve));
      taken.once("error", () => undefined);
      await Promise.race([listening, Bun.sleep(500)]);
      const folder = project(blueprint.replaceAll(/^(?:knowledge|ingestion):[^]*/gm, ""), servingScript, {
        ".env": "REGION=x",
      });
      const started = await run(folder, "dev", "-b");
      expect(started).toMatchObject({ code: 0 });
      expect(started.stderr).toContain("Port 3200 is taken");
      taken.close();
    },
    patience,
  );

  test(
    "an agent that ends by itself leaves nothing behind but its last lines",
    async () => {
      const folder = project(blueprint, 'echo "no such model" >&2\nexit 7\n', { ".env": "REGION=x" });
      const before = await localContainers();
      const started = await run(folder, "dev");
      expect(started).toMatchObject({ code: 1 });
      expect(started.stderr).toContain("agent ends with exit code 7.");
      expect(started.stderr).toContain("| no such model");
      expect(await localContainers()).toEqual(before);
    },
    patience,
  );

  test(
    "what is missing is said before anything is built",
    async () => {
      const folder = project(blueprint, servingScript);
      const started = await run(folder, "dev");
      expect(started).toMatchObject({ code: 2 });
      expect(started.stderr).toContain("REGION");
      expect(started.stderr).not.toContain("Building");
      const asking = project(
        blueprint.replace("inputs:", "models: { default: { provider: gateway } }\ninputs:"),
        servingScript,
        {
          ".env": "REGION=x",
        },
      );
      const unsigned = await run(asking, "dev");
      expect(unsigned).toMatchObject({ code: 3 });
      expect(unsigned.stderr).toContain("ast login");
      expect(unsigned.stderr).not.toContain("Building");
    },
    patience,
  );

  test(
    "a build sees its secrets and its ignored files as it should, and shows why it fails",
    async () => {
      const lines = [
        "FROM scratch",
        "COPY busybox /bin/busybox",
        "COPY busybox /bin/sh",
        "ARG WHO",
        "COPY . /context",
        'RUN --mount=type=secret,id=token /bin/busybox echo "$WHO has $(/bin/busybox wc -c < /run/secrets/token) bytes"',
        "RUN /bin/busybox find /context -type f",
      ];
      const built = blueprint.replace(
        "dockerfile: Dockerfile }",
        "dockerfile: Dockerfile, args: { WHO: the builder }, secrets: [{ id: token, env: BUILD_TOKEN }] }",
      );
      const folder = project(built, servingScript, {
        Dockerfile: lines.join("\n"),
        ".dockerignore": "secrets\n!secrets/shown.txt\n*.log\n",
        "secrets/hidden.txt": "hidden",
        "secrets/shown.txt": "shown",
        "a.log": "log",
        ".env": "BUILD_TOKEN=very-secret-token\n",
      });
      const { code, stderr } = await run(folder, "build", "--verbose");
      if (engine.flavour === "docker" && code !== 0) {
        expect(stderr).toContain("buildx");
        return;
      }
      expect(code).toBe(0);
      expect(stderr).toContain("the builder has 17 bytes");
      expect(stderr).toContain("/context/secrets/shown.txt");
      for (const absent of ["hidden.txt", "a.log", "build-secret", "very-secret-token"])
        expect(stderr).not.toContain(absent);
      writeFileSync(join(folder, "Dockerfile"), `${lines.slice(0, 3).join("\n")}\nRUN echo going wrong && exit 3\n`);
      const failing = await run(folder, "build");
      expect(failing.code).toBe(1);
      expect(failing.stderr).toContain("| going wrong");
      expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toContain("exit 3");
    },
    patience,
  );
});
