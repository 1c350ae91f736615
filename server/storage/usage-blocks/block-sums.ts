// What the rows of a block add up to, by group, kept beside it: a series by day needs no row of a block that lies within
// one day and of which nothing is filtered out.

import { isObject, parseJson } from "../../contracts/json.ts";
import { groupings, type Grouping } from "../../workspaces/usage-records.ts";
import { Adder } from "./add-up.ts";
import type { Block } from "./block.ts";
import { cellWidth } from "./cell-figures.ts";

const dayMs = 86_400_000;
/** The name of the sums of all rows together. */
const together = "all";
const everything = { filter: { from: 0, to: Number.MAX_SAFE_INTEGER } };
const oneInterval = { starts: [0], placeOf: () => 0 };

export function isOneDay(firstAt: number, lastAt: number): boolean {
  return Math.floor(firstAt / dayMs) === Math.floor(lastAt / dayMs);
}

/** JSON: grouping -> name -> the figures of its cell that are not zero, each after its place. */
export function writeBlockSums(block: Block): string {
  const groups = [undefined, ...groupings].map((groupBy) => {
    const adder = new Adder({ ...everything, groupBy }, oneInterval);
    adder.add(block);
    const cells = [...adder.cells(0)].map(([name, cell]) => [name, sparse(cell)] as const);
    return [groupBy ?? together, Object.fromEntries(cells)] as const;
  });
  return JSON.stringify(Object.fromEntries(groups));
}

function sparse(cell: Float64Array): number[] {
  const pairs: number[] = [];
  for (const [place, value] of cell.entries()) if (value !== 0) pairs.push(place, value);
  return pairs;
}

/** The cells of one grouping, by name; undefined when the text is none of ours. */
export function readBlockSums(text: string, groupBy: Grouping | undefined): Map<string, Float64Array> | undefined {
  const all = parseJson(text);
  const groups = isObject(all) ? all[groupBy ?? together] : undefined;
  if (!isObject(groups)) return undefined;
  const cells = new Map<string, Float64Array>();
  for (const [name, pairs] of Object.entries(groups)) {
    const cell = new Float64Array(cellWidth);
    if (!Array.isArray(pairs)) return undefined;
    for (let at = 0; at + 1 < pairs.length; at += 2) cell[Number(pairs[at])] = Number(pairs[at + 1]);
    cells.set(name, cell);
  }
  return cells;
}
