// A table of labels: `id`, one column a model with 0, 1 or nothing, and `len:` columns with the characters of each answer.

import { DataMistake } from "./data-mistake.ts";
import type { LinesOfFile } from "./read-lines.ts";

export type Labels = { readonly outcomes: Float64Array; readonly outputCharacters: Float64Array };

export type LabelTable = {
  readonly file: string;
  readonly models: readonly string[];
  readonly byId: ReadonlyMap<string, Labels>;
};

const lengthMark = "len:";

/** @throws DataMistake */
export function readLabelTable({ file, lines }: LinesOfFile): LabelTable {
  const [header, ...rows] = lines;
  const columns = header?.text.split(",") ?? [];
  if (columns[0] !== "id") throw new DataMistake(file, 1, 'the first column must be "id"');
  const models = columns.slice(1).filter((name) => !name.startsWith(lengthMark));
  if (models.length === 0) throw new DataMistake(file, 1, "there must be a column for at least one model");
  const places = models.map((model) => ({
    model,
    outcome: columns.indexOf(model),
    length: columns.indexOf(`${lengthMark}${model}`),
  }));
  const byId = new Map<string, Labels>();
  for (const { number, text } of rows) {
    const cells = text.split(",");
    const problem = (words: string): DataMistake => new DataMistake(file, number, words);
    if (cells.length !== columns.length) {
      throw problem(`has ${cells.length} cells, but the header has ${columns.length}`);
    }
    const id = cells[0] ?? "";
    if (byId.has(id)) throw problem(`"id" ${id} is there twice`);
    const outcomes = places.map(({ model, outcome }) => {
      const value = numberIn(cells[outcome]);
      if (value === undefined || value < 0 || value > 1) throw problem(`"${model}" must be from 0 to 1, or empty`);
      return value;
    });
    const lengths = places.map(({ model, length }) => {
      const value = length < 0 ? Number.NaN : numberIn(cells[length]);
      if (value === undefined || value < 0) {
        throw problem(`"${lengthMark}${model}" must be a number of characters, or empty`);
      }
      return value;
    });
    byId.set(id, { outcomes: Float64Array.from(outcomes), outputCharacters: Float64Array.from(lengths) });
  }
  return { file, models, byId };
}

/** NaN for an empty cell, undefined for what is no number. */
function numberIn(cell: string | undefined): number | undefined {
  if (cell === undefined || cell === "") return Number.NaN;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}
