// The three clocks and the caller's signal against an upstream that dawdles.

import { afterAll, expect, test } from "bun:test";
import {
  chatCall,
  chunk,
  collect,
  completion,
  done,
  failureOf,
  sse,
  sseOf,
  startUpstream,
} from "../openai-compatible/upstream-double.ts";

const { script, server, provider } = startUpstream();
afterAll(() => server.stop(true));

const hang = () => new Promise<Response>(() => undefined);

test("an upstream that never sends headers is a timeout", async () => {
  script.answer = hang;
  const clocks = { firstByteMs: 40, betweenChunksMs: 5_000, totalMs: 5_000 };
  expect((await failureOf(provider.call(chatCall({ clocks })))).kind).toBe("timeout");
});

test("a stream whose first event does not come is a timeout, even if comments do", async () => {
  script.answer = () =>
    sse(async function* () {
      for (let beat = 0; beat < 50; beat += 1) {
        yield ": still here\n\n";
        await Bun.sleep(10);
      }
    });
  const clocks = { firstByteMs: 60, betweenChunksMs: 5_000, totalMs: 5_000 };
  const reply = await provider.call(chatCall({ clocks, stream: true }));
  expect((await failureOf(collect(reply))).kind).toBe("timeout");
});

test("a stall between chunks is a timeout and cancels the upstream", async () => {
  const cancelled = Promise.withResolvers<void>();
  script.answer = (request) => {
    request.signal.addEventListener("abort", () => cancelled.resolve());
    return sse(async function* () {
      yield chunk({ content: "a" });
      await Bun.sleep(3_000);
    }, cancelled.resolve);
  };
  const clocks = { firstByteMs: 5_000, betweenChunksMs: 40, totalMs: 5_000 };
  const reply = await provider.call(chatCall({ clocks, stream: true }));
  expect((await failureOf(collect(reply))).kind).toBe("timeout");
  await cancelled.promise;
});

test("a stream that keeps sending is ended by the total clock", async () => {
  script.answer = () =>
    sse(async function* () {
      for (let count = 0; count < 100; count += 1) {
        yield chunk({ content: "a" });
        await Bun.sleep(10);
      }
    });
  const clocks = { firstByteMs: 5_000, betweenChunksMs: 5_000, totalMs: 80 };
  const reply = await provider.call(chatCall({ clocks, stream: true }));
  expect((await failureOf(collect(reply))).kind).toBe("timeout");
});

test("a slow reader does not make the upstream time out", async () => {
  script.answer = () => sseOf(chunk({ content: "a" }, "stop"), done);
  const clocks = { firstByteMs: 300, betweenChunksMs: 300, totalMs: 5_000 };
  const reply = await provider.call(chatCall({ clocks, stream: true }));
  if (reply.kind !== "stream") throw new Error("expected a stream");
  let count = 0;
  for await (const event of reply.events) {
    count += event.raw === undefined ? 0 : 1;
    await Bun.sleep(700);
  }
  expect(count).toBe(2);
});

test("a caller who leaves before the headers cancels at once", async () => {
  script.answer = hang;
  const leaving = new AbortController();
  setTimeout(() => leaving.abort(), 20);
  const began = performance.now();
  expect((await failureOf(provider.call(chatCall({ signal: leaving.signal })))).kind).toBe("cancelled");
  expect(performance.now() - began).toBeLessThan(1_000);
});

test("a caller who left before the call costs no call", async () => {
  let called = false;
  script.answer = () => {
    called = true;
    return Response.json(completion);
  };
  expect((await failureOf(provider.call(chatCall({ signal: AbortSignal.abort() })))).kind).toBe("cancelled");
  expect(called).toBe(false);
});

test("a caller who leaves during a stream cancels it, upstream included", async () => {
  const cancelled = Promise.withResolvers<void>();
  script.answer = (request) => {
    request.signal.addEventListener("abort", () => cancelled.resolve());
    return sse(async function* () {
      yield chunk({ content: "a" });
      await Bun.sleep(3_000);
    }, cancelled.resolve);
  };
  const leaving = new AbortController();
  const reply = await provider.call(chatCall({ stream: true, signal: leaving.signal }));
  setTimeout(() => leaving.abort(), 20);
  expect((await failureOf(collect(reply))).kind).toBe("cancelled");
  await cancelled.promise;
});

test("leaving the loop early closes the connection to the upstream", async () => {
  const cancelled = Promise.withResolvers<void>();
  script.answer = (request) => {
    request.signal.addEventListener("abort", () => cancelled.resolve());
    return sse(async function* () {
      yield chunk({ content: "a" });
      await Bun.sleep(3_000);
    }, cancelled.resolve);
  };
  const reply = await provider.call(chatCall({ stream: true }));
  if (reply.kind !== "stream") throw new Error("expected a stream");
  for await (const event of reply.events) if (event.parts.length > 0) break;
  await cancelled.promise;
});
