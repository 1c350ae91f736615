import { expect, test } from "bun:test";
import { parseProcessUsage, readProcessUsage } from "./process-usage.ts";

test("processor time and memory are found behind a command name full of parentheses", () => {
  const stat = "4242 (bun) S 1 (x) S 1 4242 4242 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 100 1000 200";
  expect(parseProcessUsage(stat, "Name:\tbun\nVmRSS:\t   61440 kB\nThreads:\t9\n")).toEqual({
    cpuMicroseconds: 3_000_000,
    residentBytes: 62_914_560,
  });
});

test("a process that has ended has no usage", () => {
  expect(parseProcessUsage("4242 (bun) Z 1 4242 4242 0 -1 0 0 0 0 0 1 1 0", "Name:\tbun\n")).toBeUndefined();
  expect(readProcessUsage(2 ** 30)).toBeUndefined();
});

test("this process has used more after it has worked, where the system tells", () => {
  if (process.platform !== "linux") {
    expect(readProcessUsage(process.pid)).toBeUndefined();
    return;
  }
  const before = readProcessUsage(process.pid);
  const until = performance.now() + 60;
  while (performance.now() < until);
  const after = readProcessUsage(process.pid);
  expect(after?.residentBytes).toBeGreaterThan(1024 * 1024);
  expect(after?.cpuMicroseconds).toBeGreaterThan(before?.cpuMicroseconds ?? Number.NaN);
});
