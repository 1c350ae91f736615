import { describe, expect, test } from "bun:test";
import { readSummary, testArguments } from "./test-run.mjs";

const passing = "\n 12 pass\n 0 fail\n 40 expect() calls\nRan 12 tests across 3 files. [1.00s]\n";

describe("the closing line counts", () => {
  test("what Bun counted, colours or not", () => {
    expect(readSummary(passing, 0)).toEqual({ passed: 12, failed: 0 });
    expect(readSummary("\u001b[32m 12 pass\u001b[0m\n\u001b[31m 2 fail\u001b[0m\n", 1)).toEqual({
      passed: 12,
      failed: 2,
    });
  });

  test("the last summary, not a number that a test printed", () => {
    expect(readSummary(`99 pass\n${passing}`, 0)).toEqual({ passed: 12, failed: 0 });
  });

  test("a crash, a run without tests and a file that does not load as one failure", () => {
    expect(readSummary("panic: out of memory", 134)).toEqual({ passed: 0, failed: 1 });
    expect(readSummary(" 0 pass\n 0 fail\n", 0)).toEqual({ passed: 0, failed: 1 });
    expect(readSummary(" 3 pass\n 0 fail\n 1 error\n", 0)).toEqual({ passed: 3, failed: 1 });
  });
});

describe("bun test is given", () => {
  test("every folder with tests when no path is named", () => {
    expect(testArguments(["-t", "settle"])).toEqual([
      "test",
      "--timeout=30000",
      "-t",
      "settle",
      "server",
      "routing",
      "tests",
      "scripts",
      "bench",
      "console",
    ]);
  });

  test("only the paths that are named, and the caller's own time limit", () => {
    expect(testArguments(["server/ledger", "--timeout=100"])).toEqual(["test", "server/ledger", "--timeout=100"]);
  });
});
