import { expect, test } from "bun:test";
import { timerSleep, waitWithin } from "./waiting.ts";

test("a wait ends as soon as the caller leaves", async () => {
  const leaving = new AbortController();
  const started = performance.now();
  const waiting = waitWithin(60_000, 120_000, timerSleep, leaving.signal);
  leaving.abort();
  await expect(waiting).rejects.toMatchObject({ kind: "cancelled" });
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("a wait without end runs into its clock", async () => {
  const patient = new AbortController().signal;
  await expect(waitWithin(Infinity, 5, timerSleep, patient)).rejects.toMatchObject({ kind: "timeout" });
});

test("a wait shorter than its clock just passes", async () => {
  const started = performance.now();
  await waitWithin(10, 1_000, timerSleep, new AbortController().signal);
  expect(performance.now() - started).toBeGreaterThanOrEqual(9);
});
