// A real container engine for tests: the one of DOCKER_HOST, one whose socket is there, else a `podman` service of the
// tests' own. Without any the tests fail, unless ASTROLABE_TEST_WITHOUT_CONTAINERS=1 leaves them out and says so.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "bun:test";
import { engineAddresses, type EnginePlace } from "../../runtimes/docker/engine-address.ts";
import { connectEngine, type Engine } from "../../runtimes/docker/engine.ts";
import { RuntimeError } from "../../runtimes/runtime.ts";

const patienceMs = 20_000;
let found: Promise<Engine> | undefined;

/** Declares tests that need containers; left out only when that was asked for. */
export function describeWithContainers(name: string, tests: () => void): void {
  if (process.env["ASTROLABE_TEST_WITHOUT_CONTAINERS"] !== "1") return describe(name, tests);
  process.stderr.write(`Left out, since ASTROLABE_TEST_WITHOUT_CONTAINERS=1: ${name}\n`);
}

/** The tests' engine; the same for the whole process. @throws Error with what to install */
export function testEngine(): Promise<Engine> {
  found ??= findEngine();
  return found;
}

/** As connectEngine wants it, for the given variables on top of this process's own. */
export function testPlace(environment: Record<string, string> = {}): EnginePlace {
  return {
    environment: { ...process.env, ...environment },
    home: process.env["HOME"] ?? "/",
    userId: process.getuid?.(),
    platform: process.platform,
  };
}

async function findEngine(): Promise<Engine> {
  const asked = process.env["DOCKER_HOST"];
  if (asked !== undefined || engineAddresses(testPlace()).length > 0) {
    try {
      return await connectEngine(testPlace());
    } catch (error) {
      if (asked !== undefined || !(error instanceof RuntimeError)) throw error;
    }
  }
  if (Bun.which("podman") === null) {
    throw new Error(
      "These tests need a container engine. Start Docker, or install Podman (Debian: apt-get install podman runc), or " +
        "leave them out with ASTROLABE_TEST_WITHOUT_CONTAINERS=1.",
    );
  }
  return startPodman();
}

/** Ends the service when its input does: then this process is gone, however it ended. */
const untilInputEnds = 'podman system service --time=0 "$1" & service=$!; cat >/dev/null; kill $service; rm -rf "$2"';

/** Runs for as long as this process. */
async function startPodman(): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-podman-"));
  const socket = join(folder, "podman.sock");
  const child = Bun.spawn(["sh", "-c", untilInputEnds, "sh", `unix://${socket}`, folder], {
    stdin: "pipe",
    stdout: "ignore",
    stderr: Bun.file(join(folder, "log")),
    env: { ...process.env, CONTAINERS_CONF: process.env["CONTAINERS_CONF"] ?? writeSettings(folder) },
  });
  const giveUpAt = Date.now() + patienceMs;
  while (child.exitCode === null && Date.now() < giveUpAt) {
    if (existsSync(socket)) return connectEngine(testPlace({ DOCKER_HOST: `unix://${socket}` }));
    await Bun.sleep(50);
  }
  throw new Error(`podman's service does not start: ${readFileSync(join(folder, "log"), "utf8")}`);
}

/** Containers within containers have cgroups and limits that Podman's own settings cannot deal with; runc with these can. */
function writeSettings(folder: string): string {
  const path = join(folder, "containers.conf");
  const runtime = Bun.which("runc") === null ? "" : 'runtime="runc"\n';
  const limits = 'default_ulimits=["nofile=1024:1024","nproc=4096:4096"]\n';
  writeFileSync(path, `[containers]\n${limits}[engine]\ncgroup_manager="cgroupfs"\n${runtime}`);
  return path;
}
