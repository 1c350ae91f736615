import { expect, test } from "bun:test";
import { sleep } from "../../request/sleep.ts";
import { waitWithin } from "./waiting.ts";

test("a wait ends as soon as the caller leaves", async () => {
  const leaving = new AbortController();
  const started = performance.now();
  const waiting = waitWithin(60_000, 120_000, sleep, leaving.signal);
  leaving.abort();
  await expect(waiting).rejects.toMatchObject({ kind: "cancelled" });
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("a wait without end runs into its clock", async () => {
  const patient = new AbortController().signal;
  await expect(waitWithin(Infinity, 5, sleep, patient)).rejects.toMatchObject({ kind: "timeout" });
});

test("a wait shorter than its clock just passes", async () => {
  const started = performance.now();
  await waitWithin(10, 1_000, sleep, new AbortController().signal);
  expect(performance.now() - started).toBeGreaterThanOrEqual(9);
});
