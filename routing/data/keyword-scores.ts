// What a published keyword scorer says of every prompt: a baseline.

import { DataMistake } from "./data-mistake.ts";
import { readLines } from "./read-lines.ts";

/** Higher is harder, by the id of the row; empty when the directory has no such file. @throws DataMistake */
export function readKeywordScores(directory: string): Map<string, number> {
  const read = readLines(directory, "rule_scorer_baseline.tsv");
  if (read === undefined) return new Map();
  const [first, ...rows] = read.lines;
  if (!first?.text.startsWith("id\tscore"))
    throw new DataMistake(read.file, 1, 'the header must begin with "id", "score"');
  return new Map(
    rows.map(({ number, text }) => {
      const [id = "", cell = ""] = text.split("\t");
      const score = Number(cell === "" ? Number.NaN : cell);
      if (!Number.isFinite(score)) throw new DataMistake(read.file, number, '"score" must be a number');
      return [id, score];
    }),
  );
}
