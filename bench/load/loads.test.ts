import { afterAll, describe, expect, test } from "bun:test";
import type { Server } from "bun";
import { readOrder, type StreamOrder } from "../prompt.ts";
import { streamScript } from "../servers/mock-answers.ts";
import { Connection } from "./connection.ts";
import type { LoadedServer } from "./job.ts";
import { seededRandom } from "./seeded-random.ts";
import { runSoakLoad } from "./soak-load.ts";
import { runStreamsLoad } from "./streams-load.ts";
import { runThroughputLoad } from "./throughput-load.ts";

const started: Server<undefined>[] = [];
afterAll(async () => {
  for (const server of started) await server.stop(true);
});

function serve(answer: (body: string) => Response): LoadedServer {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: async (request) => answer(await request.text()) });
  started.push(server);
  return { port: server.port ?? 0, pid: process.pid, model: "m", headers: { "x-test": "1" } };
}

/** Streams what a request orders, each piece changed by `alter`; anything else gets a short answer. */
function upstream(alter: (piece: string, index: number) => string = (piece) => piece): LoadedServer {
  return serve((body) => {
    if (!body.includes('"stream":true')) return new Response("{}");
    const order = readOrder(body);
    const script = streamScript("chat", order);
    const frames = Array.from({ length: order.frames }, (_, index) => alter(script.frame(index), index));
    return new Response([script.opening, ...frames, script.closing()].join(""));
  });
}

const throughput = { kind: "throughput", protocol: "chat", callers: 4, warmUpMs: 20, measureMs: 80 } as const;
const streams = { kind: "streams", protocol: "chat", streams: 8, frames: 20, paceMs: 0, limitMs: 5_000 } as const;
const soak = { kind: "soak", protocol: "chat", callers: 4, durationMs: 150, hangUpShare: 0.3, seed: 1 } as const;

describe("a throughput load", () => {
  test("counts what succeeds and how long it takes", async () => {
    const result = await runThroughputLoad({ ...throughput, server: serve(() => new Response("{}")) });
    expect(result.failures).toBe(0);
    expect(result.requests).toBeGreaterThan(10);
    expect(result.p50Ms).toBeGreaterThan(0);
    expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms ?? Number.NaN);
  });

  test("measures the time an answer takes, not less", async () => {
    const slow = serve(() => new Response(slowly()));
    const result = await runThroughputLoad({ ...throughput, server: slow });
    expect(result.p50Ms).toBeWithin(9.5, 30);
  });

  test("counts every answer that is not 200 as a failure and none as a request", async () => {
    const result = await runThroughputLoad({ ...throughput, server: serve(() => new Response("no", { status: 503 })) });
    expect(result).toMatchObject({ requests: 0, firstFailure: "HTTP 503" });
    expect(result.failures).toBeGreaterThan(0);
    expect(result.p50Ms).toBeUndefined();
  });

  test("ends early and reports it when the server closes its connections", async () => {
    const hangingUp = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: (socket) => void socket.end() } });
    const server = { port: hangingUp.port, pid: process.pid, model: "m", headers: {} };
    const result = await runThroughputLoad({ ...throughput, server });
    hangingUp.stop(true);
    expect(result).toMatchObject({ requests: 0, failures: 4 });
    expect(result.firstFailure).toContain("closed the connection");
  });
});

describe("a load of streams", () => {
  test("finds no fault in streams relayed as they were sent", async () => {
    const result = await runStreamsLoad({ ...streams, server: upstream() });
    expect(result).toMatchObject({ frames: 160, lost: 0, disordered: 0, altered: 0, badEndings: 0, failures: 0 });
    expect(result.firstByteP50Ms).toBeGreaterThan(0);
  });

  test("counts the frames a server swallows and those it changes", async () => {
    const swallowing = upstream((piece, index) => (index === 3 ? "" : piece));
    expect(await runStreamsLoad({ ...streams, server: swallowing })).toMatchObject({ lost: 8, altered: 0 });
    const changing = upstream((piece, index) => (index === 3 ? piece.replace("she", "he") : piece));
    expect(await runStreamsLoad({ ...streams, server: changing })).toMatchObject({ lost: 8, altered: 8 });
  });

  test("breaks off streams that do not end, and counts what is missing", async () => {
    const stuck = serve(
      () => new Response(new ReadableStream({ start: (control) => control.enqueue("data: {}\n\n") })),
    );
    const result = await runStreamsLoad({ ...streams, limitMs: 100, server: stuck });
    expect(result).toMatchObject({ lost: 160, badEndings: 8, failures: 8, firstFailure: "hung up" });
  });
});

describe("a soak load", () => {
  test("mixes whole answers, whole streams and hang-ups, and none of them fails", async () => {
    const slowUpstream = serve((body) => {
      return new Response(body.includes('"stream":true') ? frameByFrame(readOrder(body)) : "{}");
    });
    const result = await runSoakLoad({ ...soak, durationMs: 500, server: slowUpstream });
    expect(result.failures).toBe(0);
    expect(result.answers).toBeGreaterThan(0);
    expect(result.streams).toBeGreaterThan(0);
    expect(result.hangUps).toBeGreaterThan(0);
  });

  test("counts refusals as failures, also where it meant to hang up", async () => {
    const refusing = serve(() => new Response("no credits", { status: 402 }));
    const result = await runSoakLoad({ ...soak, hangUpShare: 1, server: refusing });
    expect(result).toMatchObject({ answers: 0, streams: 0, hangUps: 0, firstFailure: "HTTP 402" });
  });

  test("counts a stream that misses a frame as a failure", async () => {
    const result = await runSoakLoad({ ...soak, server: upstream((piece, index) => (index === 3 ? "" : piece)) });
    expect(result.firstFailure).toBe("a stream arrived incomplete or altered");
  });
});

test("a caller that hangs up ends its exchange at once", async () => {
  const { port } = serve(() => new Response(new ReadableStream()));
  const connection = await Connection.open(port);
  const exchange = connection.exchange(Buffer.from("GET / HTTP/1.1\r\nhost: test\r\n\r\n"));
  connection.hangUp();
  expect(exchange).rejects.toThrow("hung up");
  await exchange.catch(() => undefined);
});

test("the same seed gives the same numbers, spread over the whole range", () => {
  const first = seededRandom(7);
  const second = seededRandom(7);
  const numbers = Array.from({ length: 1_000 }, () => first());
  expect(numbers).toEqual(Array.from({ length: 1_000 }, () => second()));
  expect(Math.min(...numbers)).toBeWithin(0, 0.01);
  expect(Math.max(...numbers)).toBeWithin(0.99, 1);
  expect(numbers.filter((number) => number < 0.3).length).toBeWithin(250, 350);
});

async function* frameByFrame(order: StreamOrder): AsyncGenerator<string> {
  const script = streamScript("chat", order);
  yield script.opening;
  for (let index = 0; index < order.frames; index += 1) {
    await Bun.sleep(1);
    yield script.frame(index);
  }
  yield script.closing();
}

async function* slowly(): AsyncGenerator<string> {
  await Bun.sleep(10);
  yield "{}";
}
