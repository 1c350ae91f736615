// The image of the Dockerfile at the root, as an operator runs it: without rights, on a file system that is not writable.

import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "bun:test";
import type Docker from "dockerode";
import { z } from "zod";
import packageFile from "../../package.json" with { type: "json" };
import { containerLogs } from "../../runtimes/docker/container-logs.ts";
import type { Engine } from "../../runtimes/docker/engine.ts";
import { publishedAddress } from "../../runtimes/docker/published-port.ts";
import { runtimeSettings } from "../../scripts/run-bun.mjs";
import { parseJson } from "../../server/contracts/json.ts";
import { describeWithContainers, testEngine } from "../support/container-engine.ts";
import { asObject } from "../support/gateway.ts";
import { buildServerImage } from "../support/server-image.ts";
import { root } from "../tidy/source-tree.ts";

const image = "localhost/astrolabe-test/server:1";
const volume = `astrolabe-test-server-${process.pid}`;
const patienceMs = 20_000;
const secretsIn = /astrolabe_(?:live|test)_\w{38}|(?<=claim\?token=)\S+/g;

describeWithContainers("the server's image", () => {
  let engine: Engine;
  let first: Docker.Container;
  let url: string;
  let printed: string;

  beforeAll(async () => {
    engine = await testEngine();
    await buildServerImage(engine, image);
    first = await start(engine);
    url = await untilReady(engine, first);
    printed = await logOf(engine, first);
  }, 180_000);

  afterAll(async () => {
    const label = JSON.stringify({ label: [`astrolabe-test=${volume}`] });
    const left = await engine.docker.listContainers({ all: true, filters: label });
    for (const { Id } of left) await engine.docker.getContainer(Id).remove({ force: true });
    await engine.docker.getVolume(volume).remove({ force: true });
  }, 60_000);

  test("says in its configuration what it is, whom it runs as, and how Bun is set", async () => {
    const { Config } = await engine.docker.getImage(image).inspect();
    expect(Config.User).toBe("10001:10001");
    expect(Config.Labels["org.opencontainers.image.version"]).toBe(packageFile.version);
    expect(Config.Labels["org.opencontainers.image.licenses"]).toBe(packageFile.license);
    expect(Object.keys(Config.Volumes ?? {})).toEqual(["/data"]);
    expect([Config.Entrypoint, Config.Cmd]).toEqual([["/usr/local/bin/astrolabe"], ["serve"]]);
    for (const [name, value] of Object.entries(runtimeSettings)) expect(Config.Env).toContain(`${name}=${value}`);
  });

  test("holds the bundle and the console, and no packages or sources", async () => {
    const look = "console.log([...new Bun.Glob('**/*').scanSync('/app')].join('\\n'))";
    const { output } = await run(engine, first, ["bun", "--eval", look]);
    const files = output.trim().split("\n");
    expect(files).toContain("dist/server/main.js");
    expect(files).toContain("dist/console/index.html");
    expect(files.filter((path) => !path.startsWith("dist/")).toSorted()).toEqual(["LICENSE", "package.json"]);
    expect(files.filter((path) => /node_modules|\.tsx?$/.test(path))).toEqual([]);
  });

  test("prints the first keys once, serves the console, and answers through the sandbox", async () => {
    expect(new Set(printed.match(secretsIn)).size).toBe(3);
    expect(printed).toContain("http://localhost:8787/claim?token=");
    expect(await (await fetch(url)).text()).toContain("<title>");
    const key = /test key\s+(\S+)/.exec(printed)?.[1] ?? "";
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "astrolabe/auto", messages: [{ role: "user", content: "One sentence, please." }] }),
    });
    expect(answer.status).toBe(200);
    expect(asObject(await answer.json())).toMatchObject({ object: "chat.completion" });
  });

  test("runs the operator's commands, the check of its health among them", async () => {
    expect(await run(engine, first, ["astrolabe", "ledger", "verify"])).toMatchObject({ code: 0 });
    const listed = await run(engine, first, ["astrolabe", "keys", "list"]);
    expect(listed).toMatchObject({ code: 0, output: expect.stringContaining("active") });
    // Read from the Dockerfile, since images in the format that Podman prefers have no place for it.
    const [, words] = /^HEALTHCHECK .*CMD (\[.+\])$/m.exec(await Bun.file(join(root, "Dockerfile")).text()) ?? [];
    const check = z.array(z.string()).parse(parseJson(words ?? ""));
    expect(check[0]).toBe("/usr/local/bin/astrolabe");
    expect(await run(engine, first, check)).toEqual({ code: 0, output: "ready\n" });
    const elsewhere = await run(engine, first, [...check, "--url", "http://127.0.0.1:1"]);
    expect(elsewhere).toMatchObject({ code: 1, output: expect.stringContaining("does not answer") });
    expect(await endOf(engine, await start(engine, { command: ["help"] }))).toMatchObject({
      code: 0,
      output: expect.stringContaining("astrolabe ledger verify"),
    });
  });

  test("writes nowhere but into its volume, which is its user's alone", async () => {
    const look = `
      const { accessSync, constants, statSync } = require("node:fs");
      const writable = (path) => { try { accessSync(path, constants.W_OK); return true; } catch { return false; } };
      console.log(JSON.stringify({ id: process.getuid(), places: ["/", "/app", "/usr/local/bin", "/data"].filter(writable),
        key: (statSync("/data/master.key").mode & 0o777).toString(8) }));`;
    const { output } = await run(engine, first, ["bun", "--eval", look]);
    expect(output.trim()).toBe('{"id":10001,"places":["/data"],"key":"600"}');
  });

  test("shows no secret to whoever may inspect it, but what was given", async () => {
    const { output } = await run(engine, first, [
      "bun",
      "--eval",
      "console.log(await Bun.file('/data/master.key').text())",
    ]);
    const token = await run(engine, first, ["astrolabe", "token"]);
    const secrets = [...new Set(printed.match(secretsIn)), output.trim(), token.output.trim()];
    expect(secrets.every((secret) => secret.length > 20)).toBe(true);
    const seen = JSON.stringify([
      await first.inspect(),
      await engine.docker.getImage(image).inspect(),
      await engine.docker.getImage(image).history(),
    ]);
    expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
  });

  test(
    "ends in order when it is told to, and starts again on the same data without printing a secret",
    async () => {
      await first.kill({ signal: "SIGTERM" });
      const ended = await endOf(engine, first);
      expect(ended.code).toBe(0);
      expect(ended.output).toContain("Stopping");
      const again = await start(engine);
      url = await untilReady(engine, again);
      const log = await logOf(engine, again);
      expect(log).toContain("Astrolabe is serving");
      expect(log.match(secretsIn)).toBeNull();
      const key = /live key\s+(\S+)/.exec(printed)?.[1] ?? "";
      const credits = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
      expect(credits.status).toBe(200);
      await again.kill({ signal: "SIGTERM" });
      expect((await endOf(engine, again)).code).toBe(0);
    },
    { timeout: 60_000 },
  );
});

/** As the guide and the manifests run it. */
async function start(engine: Engine, { command = ["serve"] }: { command?: string[] } = {}): Promise<Docker.Container> {
  const container = await engine.docker.createContainer({
    Image: image,
    Cmd: command,
    Labels: { "astrolabe-test": volume },
    ExposedPorts: { "8787/tcp": {} },
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Binds: [`${volume}:/data`],
      PortBindings: { "8787/tcp": [{ HostIp: "127.0.0.1", HostPort: "0" }] },
    },
  });
  await container.start();
  return container;
}

/** The address that answers `/ready`. @throws Error with the log */
async function untilReady(engine: Engine, container: Docker.Container): Promise<string> {
  for (const giveUpAt = Date.now() + patienceMs; Date.now() < giveUpAt; await Bun.sleep(50)) {
    const shown = publishedAddress(engine, await container.inspect(), 8787);
    if (shown === undefined) continue;
    const url = `http://${shown.host}:${shown.port}`;
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.status === 200) return url;
  }
  throw new Error(`the server is not ready: ${await logOf(engine, container)}`);
}

async function logOf(engine: Engine, container: Docker.Container): Promise<string> {
  const lines: string[] = [];
  const signal = AbortSignal.timeout(patienceMs);
  for await (const line of containerLogs(engine, container.id, { follow: false }, signal)) lines.push(line.text);
  return lines.join("\n");
}

/** How a container ended, once it has. */
async function endOf(engine: Engine, container: Docker.Container): Promise<{ code: number; output: string }> {
  for (const giveUpAt = Date.now() + patienceMs; Date.now() < giveUpAt; await Bun.sleep(50)) {
    const { State } = await container.inspect();
    if (!State.Running && State.Status !== "created") {
      return { code: State.ExitCode, output: await logOf(engine, container) };
    }
  }
  throw new Error(`the server does not end: ${await logOf(engine, container)}`);
}

/** Runs a program in a container: its exit code, and what it wrote to both streams. */
async function run(
  engine: Engine,
  container: Docker.Container,
  Cmd: string[],
): Promise<{ code: number | null; output: string }> {
  const exec = await container.exec({ Cmd, AttachStdout: true, AttachStderr: true });
  const output = new PassThrough();
  const stream = await exec.start({});
  stream.once("end", () => output.end());
  container.modem.demuxStream(stream, output, output);
  return { output: await text(output), code: (await exec.inspect()).ExitCode };
}
