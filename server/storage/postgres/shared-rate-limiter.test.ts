import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newPostgresDatabase } from "../../../tests/support/postgres.ts";
import { startPostgresProxy, type PostgresProxy } from "../../../tests/support/postgres-proxy.ts";
import type { RateLimiter } from "../../limits/rate-limiter.ts";
import type { OpenDatabase } from "../database.ts";
import { openPostgres } from "./open-postgres.ts";

/** Half a second into a minute of its own, later than any test before. */
let at = 500;
let proxy: PostgresProxy;
let processes: OpenDatabase[] = [];
let subjects = 0;
let subject = "";

beforeAll(async () => {
  proxy = startPostgresProxy(await newPostgresDatabase());
  const open = () => openPostgres({ url: proxy.url, reportFault: () => undefined });
  processes = [await open(), await open(), await open()];
});
afterAll(async () => {
  await Promise.all(processes.map((database) => database.close()));
  proxy.close();
});
beforeEach(() => {
  subject = `key_${++subjects}`;
  at += 600_000;
});

function limits(index = 0): RateLimiter {
  const database = processes[index % processes.length];
  if (!database) throw new Error("no process is open");
  return database.limits;
}

async function allowedOf(count: number, limit: number, nowMs = at, process?: number): Promise<number> {
  const takes = Array.from({ length: count }, (_, turn) => limits(process ?? turn).take(subject, limit, nowMs));
  return (await Promise.all(takes)).filter(({ allowed }) => allowed).length;
}

describe("requests per minute over several processes", () => {
  for (const limit of [1, 3, 10, 97, 600]) {
    test(`never exceed a limit of ${limit}, and come close to it though each process takes slices`, async () => {
      const allowed = await allowedOf(limit * 3, limit);
      expect(allowed).toBeLessThanOrEqual(limit);
      expect(allowed).toBeGreaterThanOrEqual(Math.ceil(limit * 0.8));
    });
  }

  test("are all a single process's when the others are silent", async () => {
    expect(await allowedOf(500, 100, at, 0)).toBe(100);
  });

  test("count down and start anew at the full minute", async () => {
    const endOfMinute = Math.ceil(at / 60_000) * 60;
    expect(await limits().take(subject, 2, at)).toEqual({
      allowed: true,
      limit: 2,
      remaining: 1,
      resetsAt: endOfMinute,
    });
    expect(await limits().take(subject, 2, at)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await limits(1).take(subject, 2, at)).toEqual({
      allowed: false,
      limit: 2,
      remaining: 0,
      resetsAt: endOfMinute,
    });
    expect(await limits(1).take(subject, 2, endOfMinute * 1000)).toMatchObject({
      allowed: true,
      resetsAt: endOfMinute + 60,
    });
  });

  test("are answered from memory while a slice lasts, and when the minute is used up", async () => {
    await limits().take(subject, 100, at);
    expect(limits().take(subject, 100, at)).not.toBeInstanceOf(Promise);
    await allowedOf(200, 100, at, 0);
    expect(limits().take(subject, 100, at)).toMatchObject({ allowed: false });
  });

  test("follow a limit that is raised within the minute", async () => {
    expect(await allowedOf(20, 5)).toBe(5);
    expect(await allowedOf(20, 10)).toBe(5);
  });

  test("are refused as 503 when the database cannot say", async () => {
    proxy.cut();
    const asked = Promise.resolve(limits().take(subject, 5, at));
    const refusal: unknown = await asked.catch((error: unknown) => error);
    proxy.restore();
    expect(refusal).toMatchObject({ code: "service_unavailable", retryAfterSeconds: 1 });
    expect(await limits().take(subject, 5, at)).toMatchObject({ allowed: true });
  });
});

test("windows that are long over are deleted", async () => {
  const [database] = processes;
  await allowedOf(1, 5, at);
  await allowedOf(1, 5, at + 3_600_000);
  await database?.prune(at + 3_600_000);
  const rows = await database?.query.selectFrom("rate_windows").select("started_at").execute();
  expect(rows?.map((row) => Number(row.started_at))).toEqual([at - 500 + 3_600_000]);
});
