import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "bun:test";
import { RuntimeError } from "../runtime.ts";
import { createDockerRuntime } from "./docker-runtime.ts";
import { connectEngine, pingEngine } from "./engine.ts";

const folder = mkdtempSync(join(tmpdir(), "engine-"));
const servers: { readonly stop: () => void }[] = [];
afterAll(() => {
  for (const { stop } of servers) stop();
  rmSync(folder, { recursive: true });
});

function placeOf(socket: string) {
  return {
    environment: { DOCKER_HOST: `unix://${join(folder, socket)}` },
    home: folder,
    userId: undefined,
    platform: "linux",
  };
}

/** What answers as an engine does, as far as these tests ask. */
function listen(socket: string): { readonly stop: () => void } {
  const answers: Readonly<Record<string, object>> = {
    "/version": { Version: "1", Arch: "amd64" },
    "/info": { OperatingSystem: "x" },
  };
  const server = Bun.serve({
    unix: join(folder, socket),
    fetch: (request) => Response.json(answers[new URL(request.url).pathname] ?? "OK"),
  });
  const stop = { stop: () => void server.stop(true) };
  servers.push(stop);
  return stop;
}

/** What takes connections and says nothing. */
async function silent(socket: string): Promise<void> {
  const server: Server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(join(folder, socket), resolve));
  servers.push({ stop: () => void server.close() });
}

async function refusalOf(work: Promise<unknown>): Promise<RuntimeError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RuntimeError) return error;
  throw new Error(`not refused by the runtime: ${String(error)}`);
}

test("where nothing listens is named, with what to start", async () => {
  const { code, message, hint } = await refusalOf(connectEngine(placeOf("nobody")));
  expect([code, message]).toEqual([
    "unavailable",
    `No container engine answers (unix://${join(folder, "nobody")}: nothing listens).`,
  ]);
  expect(hint).toContain("Start Docker");
});

test("an engine that takes connections and says nothing is given up in the time that there is", async () => {
  await silent("silent");
  const { message } = await refusalOf(connectEngine(placeOf("silent"), undefined, 50));
  expect(message).toBe(`No container engine answers (unix://${join(folder, "silent")}: it does not answer in time).`);
});

test("a signal ends the search with its own reason", async () => {
  await silent("slow");
  const stop = new AbortController();
  const search = connectEngine(placeOf("slow"), stop.signal);
  stop.abort(new Error("enough"));
  expect(search).rejects.toThrow("enough");
  await search.catch(() => undefined);
});

test("an engine that goes away is told in the same words, and found again when it is back", async () => {
  const first = listen("comes-and-goes");
  const place = placeOf("comes-and-goes");
  const runtime = createDockerRuntime({ connect: (limitMs) => connectEngine(place, undefined, limitMs) });
  await runtime.check(undefined, 5_000);
  const engine = await connectEngine(place);
  first.stop();
  const refusals = [
    await refusalOf(runtime.check(undefined, 5_000)),
    await refusalOf(runtime.check()),
    await refusalOf(pingEngine(engine)),
  ];
  for (const { code, message } of refusals) {
    expect([code, message]).toEqual([
      "unavailable",
      expect.stringMatching(/^No container engine answers \(unix:.*: (?:nothing listens|the connection broke)\)\.$/),
    ]);
  }
  listen("comes-and-goes");
  // Connections that were kept open may break first.
  for (let tries = 0; tries < 10; tries++) await runtime.check(undefined, 5_000).catch(() => Bun.sleep(20));
  await runtime.check(undefined, 5_000);
  await runtime.check();
});
