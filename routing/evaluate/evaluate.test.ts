import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Trainer } from "../pool.ts";
import { evaluate } from "./evaluate.ts";
import { recordedReport } from "./markdown-report.ts";
import { reportJson, reportRows, reportTitles } from "./report.ts";
import { hashOf } from "./seeded.ts";

let folder: string;
let held: string;
beforeAll(() => {
  [folder = "", held = ""] = [200, 60].map((count) => {
    const made = mkdtempSync(join(tmpdir(), "routing-evaluate-"));
    const rows = Array.from({ length: count }, (_, index) => {
      const hard = hashOf(String(index), count) % 2;
      const y = { "mixtral-8x7b": 1 - hard, "gpt-4-1106": 1 };
      return {
        id: `mmlu/x/${count}-${index}`,
        task: "mmlu",
        sub: "x",
        prompt: `${hard ? "hard" : "easy"} ${count} ${index}?`,
        y,
      };
    });
    writeFileSync(join(made, "routellm_mmlu_gsm8k.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
    return made;
  });
});
afterAll(() => [folder, held].forEach((made) => rmSync(made, { recursive: true, force: true })));

/** Knows which prompts are hard. */
const knowing: Trainer = () => ({
  forecast: (prompt) => ({
    pass: Float64Array.of(0.9, prompt.startsWith("hard") ? 0.1 : 0.9),
    outputCharacters: Float64Array.of(400, 400),
    known: 1,
  }),
});

function run(test: string | undefined, targets: readonly string[] | undefined = ["T1"]) {
  return evaluate({
    data: folder,
    test,
    targets,
    seed: 1,
    trainer: knowing,
    onTarget: () => undefined,
    clock: () => 0,
  });
}

describe("a run of the report", () => {
  test("measures a forecast that knows everything as the oracle, in folds and on another folder", () => {
    for (const [report, rows] of [
      [run(undefined), 200],
      [run(held), 60],
    ] as const) {
      const [measure] = report.measures;
      expect(measure?.value).toBe(measure?.baselines.find(({ name }) => name === "oracle")?.value ?? 0);
      expect(measure?.notes[0]).toContain(`${rows} rows`);
      expect(reportRows(report).every((row) => row.length === reportTitles.length)).toBe(true);
      expect(reportJson(report)["ok"]).toBe(true);
    }
  });

  test("is the same for the same seed", () => {
    expect(JSON.stringify(reportJson(run(undefined)))).toBe(JSON.stringify(reportJson(run(undefined))));
  });

  test("refuses to measure on what it was trained on", () => {
    expect(() => run(folder)).toThrow("--test must name another folder");
  });

  test("names the targets that there are", () => {
    expect(() => run(undefined, ["T99"])).toThrow('There is no target "T99", only T1, T2');
  });

  test("is recorded above earlier ones", () => {
    const first = recordedReport(run(undefined), { date: "2030-01-01", commit: "a", command: "c" }, undefined);
    const second = recordedReport(run(undefined), { date: "2030-01-02", commit: "b", command: "c" }, first);
    expect([...second.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(["2030-01-02, b", "2030-01-01, a"]);
  });
});
