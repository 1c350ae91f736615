// What a cached look-up promises: freshness, absence, bounds, and no stale answer after a change.

import { describe, expect, test } from "bun:test";
import { LookupCache } from "./lookup-cache.ts";

type Thing = { readonly name: string; readonly endsAt?: number };

function cacheAt(clock: { now: number }): LookupCache<Thing> {
  return new LookupCache<Thing>({
    maxPresent: 2,
    maxAbsent: 2,
    freshForMs: 1000,
    endsAt: (thing) => thing.endsAt,
    now: () => clock.now,
  });
}

function counted(answer: Thing | undefined): { load: () => Promise<Thing | undefined>; calls: () => number } {
  let calls = 0;
  return {
    load: async () => {
      calls += 1;
      return answer;
    },
    calls: () => calls,
  };
}

describe("a look-up cache", () => {
  test("asks once while an answer is fresh and again afterwards", async () => {
    const clock = { now: 5000 };
    const cache = cacheAt(clock);
    const source = counted({ name: "a" });
    await cache.get("a", source.load);
    clock.now = 5999;
    expect(await cache.get("a", source.load)).toEqual({ name: "a" });
    expect(source.calls()).toBe(1);
    clock.now = 6000;
    await cache.get("a", source.load);
    expect(source.calls()).toBe(2);
  });

  test("remembers absence as well", async () => {
    const cache = cacheAt({ now: 1 });
    const source = counted(undefined);
    await cache.get("a", source.load);
    expect(await cache.get("a", source.load)).toBeUndefined();
    expect(source.calls()).toBe(1);
  });

  test("never keeps a value past its own end", async () => {
    const clock = { now: 100 };
    const cache = cacheAt(clock);
    const source = counted({ name: "a", endsAt: 200 });
    await cache.get("a", source.load);
    clock.now = 200;
    await cache.get("a", source.load);
    expect(source.calls()).toBe(2);
  });

  test("shares one look-up between callers who ask at the same time", async () => {
    const cache = cacheAt({ now: 1 });
    const source = counted({ name: "a" });
    await Promise.all([cache.get("a", source.load), cache.get("a", source.load)]);
    expect(source.calls()).toBe(1);
  });

  test("does not let unknown names push out known ones", async () => {
    const cache = cacheAt({ now: 1 });
    const known = counted({ name: "known" });
    await cache.get("known", known.load);
    for (let index = 0; index < 50; index++) await cache.get(`unknown-${index}`, async () => undefined);
    await cache.get("known", known.load);
    expect(known.calls()).toBe(1);
  });

  test("does not remember an answer that was read before the cache was cleared", async () => {
    const cache = cacheAt({ now: 1 });
    const gate = Promise.withResolvers<Thing>();
    const early = cache.get("a", () => gate.promise);
    cache.clear();
    gate.resolve({ name: "before the change" });
    expect(await early).toEqual({ name: "before the change" });
    expect(await cache.get("a", async () => ({ name: "after the change" }))).toEqual({ name: "after the change" });
  });

  test("does not remember a failure", async () => {
    const cache = cacheAt({ now: 1 });
    const failing = cache.get("a", async () => {
      throw new Error("disk");
    });
    expect(failing).rejects.toThrow("disk");
    await failing.catch(() => undefined);
    expect(await cache.get("a", async () => ({ name: "a" }))).toEqual({ name: "a" });
  });
});
