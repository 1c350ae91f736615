import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import type { Machine } from "../machine.ts";
import { recordReport } from "./record.ts";
import { hasPassed, type Report } from "./report.ts";

const machine: Machine = {
  cores: 2,
  processor: "Test CPU",
  memoryBytes: 8e9,
  system: "linux 6.1",
  loadBefore: 0.25,
  diskSyncMs: 0.4,
  placement: "processes placed by the system",
  bun: "1.4.5",
  node: "20.20.2",
  portkey: "1.15.2",
  commit: "abc1234",
};
const report: Report = { title: "Throughput over chat", body: "| table |", verdicts: [], failures: [], figures: {} };

test("each recorded run is appended with its date, machine and versions, and earlier runs stay", async () => {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-record-"));
  const path = join(folder, "RESULTS.md");
  try {
    await recordReport(path, report, machine, new Date("2026-11-22T10:00:00Z"));
    await recordReport(path, { ...report, failures: ["broken"] }, machine, new Date("2026-11-23T10:00:00Z"));
    const text = await Bun.file(path).text();
    expect(text.match(/^## .*/gm)).toEqual([
      "## 2026-11-22: Throughput over chat",
      "## 2026-11-23: Throughput over chat",
    ]);
    expect(text).toContain("2 cores of Test CPU, 8 GB, linux 6.1");
    expect(text).toContain("Bun 1.4.5, Node 20.20.2, Portkey 1.15.2, commit abc1234.");
    expect(text).toEndWith("| table |\n\nFAILED: broken\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a run passes only without failures and missed targets; what was not measured does not fail it", () => {
  const verdict = { target: "fast", measured: "1 ms" };
  expect(hasPassed({ ...report, verdicts: [{ ...verdict, outcome: "PASS" }] })).toBe(true);
  expect(hasPassed({ ...report, verdicts: [{ ...verdict, outcome: "not measured" }] })).toBe(true);
  expect(hasPassed({ ...report, verdicts: [{ ...verdict, outcome: "FAIL" }] })).toBe(false);
  expect(hasPassed({ ...report, failures: ["HTTP 500"] })).toBe(false);
});
