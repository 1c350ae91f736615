// The figures of a cell of sums: which there are, where each is, and what groups are ranked by.

import { tookBounds } from "../../workspaces/latency.ts";
import type { Ranking } from "../../workspaces/usage-records.ts";
import { tokenColumns } from "./block.ts";

const ranges = tookBounds.length + 1;
/** Those by name; counts by how long answers took follow them. */
export const figures = [
  "requests",
  "errors",
  "unbilled",
  "debitLow",
  "debitHigh",
  "savingsLow",
  "savingsHigh",
  ...tokenColumns,
] as const;
/** Figures of a cell. */
export const cellWidth = figures.length + ranges;
export type Figure = (typeof figures)[number];
const at = (name: Figure): number => figures.indexOf(name);
export const place: { readonly [Name in Figure]: number } = {
  requests: at("requests"),
  errors: at("errors"),
  unbilled: at("unbilled"),
  debitLow: at("debitLow"),
  debitHigh: at("debitHigh"),
  savingsLow: at("savingsLow"),
  savingsHigh: at("savingsHigh"),
  input: at("input"),
  cachedInput: at("cachedInput"),
  cacheWrite: at("cacheWrite"),
  output: at("output"),
  reasoning: at("reasoning"),
};
/** Columns of blocks that are added up as they are. */
export const summed = (["debitLow", "savingsLow", ...tokenColumns] as const).map(
  (name) => [name, place[name]] as const,
);
/** Of the upper half of an amount. */
export const half = 2 ** 32;
/** What groups are ranked by, and what each figure counts for. */
export const rankedFigures: { readonly [Name in Ranking]: readonly (readonly [figure: number, weight: number])[] } = {
  cost: [
    [place.debitLow, 1],
    [place.debitHigh, half],
  ],
  savings: [
    [place.savingsLow, 1],
    [place.savingsHigh, half],
  ],
  requests: [[place.requests, 1]],
  errors: [[place.errors, 1]],
  tokens: [
    [place.input, 1],
    [place.output, 1],
  ],
};
