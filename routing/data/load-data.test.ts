import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { loadData } from "./load-data.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "routing-data-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lay(name: string, ...lines: (string | object)[]): void {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(text) : text);
}

function layPro(): void {
  const prompt = "Which planet of ours has the most moons?\nA. Mars\nB. Saturn";
  lay("mmlupro_prompts.jsonl.gz", { id: "mmlupro/1", task: "mmlu-pro", sub: "physics", prompt });
  lay("mmlupro_labels.csv.gz", "id,one,two,len:one,len:two", "mmlupro/1,1,,40,");
  lay("mmlupro_preds.csv.gz", "# a note", "id,gold,preds", "mmlupro/1,B,B-");
}

const mmluRow = { id: "mmlu/x/1", task: "mmlu", sub: "x", prompt: "Why?", y: { weak: 0, strong: 1 } };

describe("a directory of graded prompts", () => {
  test("becomes pools with prices, answers and what was not asked", () => {
    layPro();
    lay("prices.csv", "pool,model,usd_per_1m_in,usd_per_1m_out,hidden_output_factor", "mmlupro,one,0.1,0.2,8");
    const [pool] = loadData(folder).pools;
    expect(pool?.models).toEqual([
      { name: "one", inputPrice: 0.1, outputPrice: 0.2, hiddenOutputFactor: 8 },
      { name: "two", inputPrice: undefined, outputPrice: undefined, hiddenOutputFactor: 1 },
    ]);
    const [row] = pool?.rows ?? [];
    expect([...(row?.outcomes ?? [])]).toEqual([1, Number.NaN]);
    expect([...(row?.outputCharacters ?? [])]).toEqual([40, Number.NaN]);
    expect(row).toMatchObject({ id: "mmlupro/1", subject: "physics", answers: ["B", undefined] });
  });

  test("groups the same question with other options, across pools", () => {
    layPro();
    const prompt = "Which planet of ours has the MOST moons?\nA. Venus\nB. Saturn\nAnswer:";
    lay("routellm_mmlu_gsm8k.jsonl.gz", mmluRow, { ...mmluRow, id: "mmlu/x/2", prompt });
    const { pools } = loadData(folder);
    expect(pools.map(({ name }) => name)).toEqual(["mmlu", "mmlupro"]);
    expect(pools.flatMap(({ rows }) => rows.map(({ group }) => group))).toEqual([0, 1, 1]);
  });

  test("gives another directory's rows the order of models that was trained", () => {
    lay("routellm_mmlu_gsm8k.jsonl.gz", mmluRow);
    const training = folder;
    folder = mkdtempSync(join(tmpdir(), "routing-data-"));
    lay("routellm_mmlu_gsm8k.jsonl.gz", { ...mmluRow, id: "mmlu/x/9", y: { weak: 1, added: 1 } });
    const { testPools } = loadData(training, folder);
    expect(testPools[0]?.models.map(({ name }) => name)).toEqual(["strong", "weak"]);
    expect([...(testPools[0]?.rows[0]?.outcomes ?? [])]).toEqual([Number.NaN, 1]);
    rmSync(training, { recursive: true, force: true });
  });
});

describe("a mistake in the data names its file, line and field", () => {
  const mistakes: readonly (readonly [string, () => void, string])[] = [
    [
      "an outcome out of range",
      () => lay("routellm_mmlu_gsm8k.jsonl.gz", mmluRow, { ...mmluRow, y: { weak: 2 } }),
      'routellm_mmlu_gsm8k.jsonl.gz:2: "y.weak" must be a number from 0 to 1',
    ],
    [
      "a prompt that is missing",
      () => lay("routellm_mmlu_gsm8k.jsonl.gz", { ...mmluRow, prompt: "" }),
      'routellm_mmlu_gsm8k.jsonl.gz:1: "prompt" must be text that is not empty',
    ],
    ["a line that is no object", () => lay("llmrouter_default.jsonl.gz", "[]"), ":1: must be one JSON object"],
    [
      "labels that are missing",
      () => lay("zeroeval_prompts.jsonl.gz", { id: "z" }),
      "zeroeval_labels.csv.gz: is missing, but zeroeval_prompts is there",
    ],
    [
      "a cell too few",
      () => (layPro(), lay("mmlupro_labels.csv.gz", "id,one,two,len:one,len:two", "mmlupro/1,1")),
      "mmlupro_labels.csv.gz:2: has 2 cells, but the header has 5",
    ],
    [
      "letters for other models",
      () => (layPro(), lay("mmlupro_preds.csv.gz", "id,gold,preds", "mmlupro/1,B,BCD")),
      'mmlupro_preds.csv.gz:2: "preds" has 3 letters, but there are 2 models',
    ],
    [
      "a prompt without labels",
      () => (layPro(), lay("mmlupro_labels.csv.gz", "id,one,two", "mmlupro/7,1,0")),
      'mmlupro_prompts.jsonl.gz:1: "id" mmlupro/1 has no row in',
    ],
    [
      "a price that is no number",
      () => {
        layPro();
        lay("prices.csv", "pool,model,usd_per_1m_in,usd_per_1m_out,hidden_output_factor", "mmlupro,one,,1,1");
      },
      'prices.csv:2: "usd_per_1m_in" must be a number of at least 0',
    ],
    ["a cut file", () => writeFileSync(join(folder, "llmrouter_default.jsonl.gz"), "x"), "is not a whole gzip file"],
    ["an empty directory", () => undefined, "has none of the files of graded prompts"],
  ];
  for (const [name, prepare, words] of mistakes) {
    test(name, () => {
      prepare();
      expect(() => loadData(folder)).toThrow(words);
    });
  }
});
