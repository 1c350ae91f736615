// Pools in which each line has the prompt and every model's outcome: RouteLLM's two, and LLMRouter's.

import { Fields } from "./fields.ts";
import { DataMistake } from "./data-mistake.ts";
import { readLines } from "./read-lines.ts";
import { inOrder, unknownOf, type UngroupedPool, type UngroupedRow } from "./ungrouped.ts";

type GradedLine = {
  readonly fields: Fields;
  readonly outcomes: ReadonlyMap<string, number>;
  readonly line: number;
};

/** MMLU and GSM8K, each as a pool; none when the directory has no such file. @throws DataMistake */
export function loadRouteLlm(directory: string): UngroupedPool[] {
  const { file, graded, models } = readGraded(directory, "routellm_mmlu_gsm8k.jsonl");
  const rows = graded.map(({ fields, outcomes, line }): UngroupedRow => {
    const task = fields.text("task");
    if (task !== "mmlu" && task !== "gsm8k") throw new DataMistake(file, line, '"task" must be "mmlu" or "gsm8k"');
    return {
      id: fields.text("id"),
      task,
      subject: fields.optionalText("sub"),
      prompt: fields.text("prompt"),
      outcomes: inOrder(models, outcomes),
      outputCharacters: fields.has("len")
        ? inOrder(models, fields.numbers("len", { least: 0, most: 1e7 }))
        : unknownOf(models),
    };
  });
  return ["mmlu", "gsm8k"]
    .map((name) => ({ name, models, rows: rows.filter(({ task }) => task === name) }))
    .filter((pool) => pool.rows.length > 0);
}

/** Undefined when the directory has no such file. @throws DataMistake */
export function loadLlmRouter(directory: string): UngroupedPool | undefined {
  const { file, graded, models } = readGraded(directory, "llmrouter_default.jsonl");
  if (graded.length === 0) return undefined;
  const rows = graded.map(({ fields, outcomes, line }): UngroupedRow => {
    const split = fields.text("split");
    if (split !== "train" && split !== "test") throw new DataMistake(file, line, '"split" must be "train" or "test"');
    return {
      id: fields.text("id"),
      task: fields.text("task"),
      subject: undefined,
      prompt: fields.text("prompt"),
      outcomes: inOrder(models, outcomes),
      outputCharacters: unknownOf(models),
      split,
    };
  });
  return { name: "llmrouter", models, rows };
}

/** Models are listed by name, so that another directory's rows have the same order. */
function readGraded(directory: string, name: string) {
  const read = readLines(directory, name);
  const file = read?.file ?? name;
  const graded = (read?.lines ?? []).map((line): GradedLine => {
    const fields = new Fields(file, line);
    return { fields, outcomes: fields.numbers("y", { least: 0, most: 1 }), line: line.number };
  });
  const models = [...new Set(graded.flatMap(({ outcomes }) => [...outcomes.keys()]))].toSorted();
  return { file, graded, models };
}
