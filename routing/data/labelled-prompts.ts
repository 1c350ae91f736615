// Pools whose prompts, labels and answers are files of their own, joined by id: MMLU-Pro and ZeroEval.

import { DataMistake } from "./data-mistake.ts";
import { Fields } from "./fields.ts";
import { readLabelTable, type LabelTable } from "./label-table.ts";
import { readLines, requireLines } from "./read-lines.ts";
import type { UngroupedPool, UngroupedRow } from "./ungrouped.ts";

type Answers = ReadonlyMap<string, readonly (string | undefined)[]>;

/** Undefined when the directory has no prompts of it. @throws DataMistake */
export function loadMmluPro(directory: string): UngroupedPool | undefined {
  return loadJoined(directory, "mmlupro", (labels) => readLetters(directory, labels));
}

/** Undefined when the directory has no prompts of it. @throws DataMistake */
export function loadZeroEval(directory: string): UngroupedPool | undefined {
  return loadJoined(directory, "zeroeval", (labels) => readAnswers(directory, labels));
}

function loadJoined(
  directory: string,
  name: string,
  answersOf: (labels: LabelTable) => Answers,
): UngroupedPool | undefined {
  const prompts = readLines(directory, `${name}_prompts.jsonl`);
  if (prompts === undefined) return undefined;
  const labels = readLabelTable(requireLines(directory, `${name}_labels.csv`, `${name}_prompts is there`));
  const answers = answersOf(labels);
  const rows = prompts.lines.map((line): UngroupedRow => {
    const fields = new Fields(prompts.file, line);
    const id = fields.text("id");
    const [found, given] = [labels.byId.get(id), answers.get(id)];
    if (found === undefined)
      throw new DataMistake(prompts.file, line.number, `"id" ${id} has no row in ${labels.file}`);
    if (given === undefined) throw new DataMistake(prompts.file, line.number, `"id" ${id} has no answers`);
    const [task, subject, prompt] = [fields.text("task"), fields.optionalText("sub"), fields.text("prompt")];
    return { id, task, subject, prompt, ...found, answers: given };
  });
  return { name, models: labels.models, rows };
}

/** One letter a model: `-` where none was found in the answer, `.` where the model was not asked. */
function readLetters(directory: string, { models }: LabelTable): Answers {
  const { file, lines } = requireLines(directory, "mmlupro_preds.csv", "mmlupro_prompts is there");
  const rows = lines.filter(({ text }) => !text.startsWith("#") && text !== "id,gold,preds");
  return new Map(
    rows.map(({ number, text }) => {
      const [id = "", , letters = ""] = text.split(",");
      if (letters.length !== models.length) {
        throw new DataMistake(
          file,
          number,
          `"preds" has ${letters.length} letters, but there are ${models.length} models`,
        );
      }
      return [id, [...letters].map((letter) => (letter === "-" || letter === "." ? undefined : letter))];
    }),
  );
}

function readAnswers(directory: string, { models }: LabelTable): Answers {
  const { file, lines } = requireLines(directory, "zeroeval_answers.jsonl", "zeroeval_prompts is there");
  return new Map(
    lines.map((line) => {
      const fields = new Fields(file, line);
      const given = new Map(fields.entries("a"));
      return [
        fields.text("id"),
        models.map((model) => {
          const answer = given.get(model);
          return typeof answer === "string" && answer !== "" ? answer : undefined;
        }),
      ];
    }),
  );
}
