// Upstreams that keep failing, and very many callers at once.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { arrayAt, isObject, objectAt, parseObject, type JsonObject } from "../server/contracts/json.ts";
import { asObject } from "./support/gateway.ts";
import type { OperatedGateway } from "./support/operator.ts";
import { read, startServer, temporaryDirectory } from "./support/server-process.ts";
import {
  answers,
  refuses,
  startGatewayOver,
  startUpstreamDouble,
  streams,
  upstreamEnvironment,
  type UpstreamDouble,
} from "./support/upstream-double.ts";

let double: UpstreamDouble;
beforeAll(() => {
  double = startUpstreamDouble();
});
afterAll(() => double.close());

describe("a route that fails five times in a row", () => {
  let gateway: OperatedGateway;
  beforeAll(async () => {
    gateway = await startGatewayOver(double);
  });
  afterAll(() => gateway.close());

  const ask = (more: JsonObject = {}) => gateway.post("/v1/responses", { input: "How are you?", ...more });
  const asked = (): string[] => double.calls.map(({ model }) => model);
  const ready = async (): Promise<[number, JsonObject]> => {
    const response = await fetch(`${gateway.url}/ready`);
    return [response.status, asObject(await response.json())];
  };

  test("is given a rest: the next request goes to another candidate at once, and says why", async () => {
    double.behave({ first: refuses(500) });
    for (let time = 0; time < 5; time++) await (await ask()).text();
    double.behave({ first: answers() });
    const response = await ask();
    expect([response.status, response.headers.get("x-astrolabe-model")]).toEqual([200, "anthropic/claude-sonnet-4.6"]);
    expect(asked()).toEqual(["second"]);
    const rejected = (arrayAt(objectAt(await gateway.traceOf(response), "plan") ?? {}, "rejected") ?? []).filter(
      isObject,
    );
    expect(rejected.find(({ model }) => model === "openai/gpt-5.4")?.["reasons"]).toEqual(["route_unhealthy"]);
    expect(await ready()).toMatchObject([200, { ok: true, issues: [] }]);
  });

  test("makes 503 with retry-after when no other is left; /ready says so", async () => {
    double.behave({ first: refuses(500), second: refuses(500), third: refuses(500), fourth: refuses(500) });
    for (let time = 0; time < 6; time++) await (await ask()).text();
    double.behave({});
    const response = await ask();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "30"]);
    const error = objectAt(asObject(await response.json()), "error") ?? {};
    expect(error["code"]).toBe("service_unavailable");
    expect(JSON.stringify(error["details"])).toContain("route_unhealthy");
    expect(double.calls).toEqual([]);
    expect(await ready()).toMatchObject([503, { ok: false, issues: ["no upstream is usable: local"] }]);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    expect((await gateway.credits()).held).toBe(0n);
  });
});

test("512 streams at once through the real program lose no frame and mix none up", async () => {
  const count = 512;
  const words = Array.from({ length: 40 }, (_, number) => `${number} `);
  const everyoneIsHere = Promise.withResolvers<void>();
  async function* counted() {
    if (double.calls.length === count) everyoneIsHere.resolve();
    for (const [number, word] of words.entries()) {
      yield word;
      // No stream goes on before all have begun, so they do run at once.
      if (number === 0) await everyoneIsHere.promise;
      await Bun.sleep(10);
    }
  }
  double.behave({ first: (call) => streams(counted())(call) });
  const directory = temporaryDirectory();
  const outgoing = { BUN_CONFIG_MAX_HTTP_REQUESTS: "2048" };
  const server = await startServer(directory.path, {
    ...upstreamEnvironment(double),
    ...outgoing,
    ASTROLABE_RATE_LIMIT_PER_MINUTE: "100000",
  });
  const startedAt = performance.now();
  const program = join(import.meta.dir, "support/stream-callers.ts");
  const callers = Bun.spawn([process.execPath, program, server.url, server.liveKey, "openai/gpt-5.4", String(count)], {
    env: outgoing,
  });
  const report = parseObject(await new Response(callers.stdout).text()) ?? {};
  process.stdout.write(`    ${count} streams took ${Math.round(performance.now() - startedAt)} ms\n`);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  const said = arrayAt(report, "said") ?? [];
  expect([...new Set(said)]).toEqual([`${words.join("")}[DONE]`]);
  expect(said).toHaveLength(count);
  expect(await read(server, "/v1/credits", server.liveKey)).toMatchObject({ held_usd: "0.000000000000" });
  expect(server.stderr()).toBe("");
  await server.end();
  directory.remove();
}, 20_000);
