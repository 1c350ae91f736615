// Adds blocks up by group and interval. Numbers are doubles in one long row of cells: sums below 2^53 are exact, and money
// comes in halves that are carried over long before they could grow to that.

import { picodollars } from "../../money/picodollars.ts";
import { tookBounds, tookRange } from "../../workspaces/latency.ts";
import type { Grouping, Ranking, SeriesQuery, UsageSums } from "../../workspaces/usage-records.ts";
import { mostRows, tokenColumns, type Block } from "./block.ts";
import { rowTest } from "./block-filter.ts";

const ranges = tookBounds.length + 1;
const figures = [
  "requests",
  "errors",
  "unbilled",
  "debitLow",
  "debitHigh",
  "savingsLow",
  "savingsHigh",
  ...tokenColumns,
] as const;
const width = figures.length + ranges;
/** Figures of a cell. */
export const cellWidth = width;
type Figure = (typeof figures)[number];
const at = (name: Figure): number => figures.indexOf(name);
const place: { readonly [Name in Figure]: number } = {
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
const summed = (["debitLow", "savingsLow", ...tokenColumns] as const).map((name) => [name, place[name]] as const);
const half = 2 ** 32;
/** What groups are ranked by, and what each figure counts for. */
const rankedFigures: { readonly [Name in Ranking]: readonly (readonly [figure: number, weight: number])[] } = {
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
/** Blocks after which halves are carried: their sum stays below 2^52. */
const carriedAfter = 256;
const firstCells = 64;

export type Cells = {
  /** By group, then by interval; undefined: nothing there. */
  readonly groups: ReadonlyMap<string, ReadonlyMap<number, UsageSums>>;
};

/** Where an interval begins, by the number of its place among the intervals of the series. */
export type Intervals = { readonly starts: readonly number[]; readonly placeOf: (ms: number) => number };

export class Adder {
  readonly #query: Pick<SeriesQuery, "filter" | "groupBy">;
  readonly #intervals: Intervals;
  /** Of the groups that are kept apart; everything else is the rest. Undefined: all are. */
  readonly #named: ReadonlySet<string> | undefined;
  readonly #groups = new Map<string, Map<number, number>>();
  #cells = new Float64Array(firstCells * width);
  #used = 0;
  #blocks = 0;
  /** The matching rows of the block under way, and where each is added. */
  readonly #rows = new Int32Array(mostRows);
  readonly #cellOf = new Int32Array(mostRows);

  constructor(query: Pick<SeriesQuery, "filter" | "groupBy">, intervals: Intervals, named?: ReadonlySet<string>) {
    this.#query = query;
    this.#intervals = intervals;
    this.#named = named;
  }

  add(block: Block): void {
    const test = rowTest(this.#query.filter, block);
    if (!test) return;
    const count = this.#placeRows(block, test);
    this.#addColumns(block, count);
    if (++this.#blocks % carriedAfter === 0) this.#carry();
  }

  /** Notes which rows match and the cell of each; returns how many do. */
  #placeRows(block: Block, test: (at: number) => boolean): number {
    const { groupBy } = this.#query;
    const groups = this.#groupsOf(block, groupBy);
    const numbers = groupBy === undefined ? undefined : block.names[groupBy];
    const { base, arrivedAfter, rows } = block;
    let count = 0;
    // Neighbours mostly share their interval, and so the cell of each group.
    const recent: { interval: number; cell: number }[] = groups.map(() => ({ interval: -1, cell: 0 }));
    for (let at = 0; at < rows; at++) {
      if (!test(at)) continue;
      const group = numbers === undefined ? 0 : (numbers[at] ?? 0);
      const interval = this.#intervals.placeOf(base + (arrivedAfter[at] ?? 0));
      const last = recent[group];
      if (!last) continue;
      if (last.interval !== interval) {
        last.interval = interval;
        last.cell = this.#cell(groups[group], interval);
      }
      this.#rows[count] = at;
      this.#cellOf[count++] = last.cell;
    }
    return count;
  }

  /** Column by column, which is several times as fast as row by row. */
  #addColumns({ wide, names, lists }: Block, count: number): void {
    for (const [column, figure] of summed) this.#addColumn(wide[column], figure, count);
    this.#addColumn(new Int32Array(wide.debitHigh.buffer), place.debitHigh, count);
    this.#addColumn(new Int32Array(wide.savingsHigh.buffer), place.savingsHigh, count);
    const [cells, rows, cellOf] = [this.#cells, this.#rows, this.#cellOf];
    const failed = lists.status.map((status) => Number(status) >= 400);
    const free = lists.reason.map((reason) => reason !== "");
    const [statuses, reasons, { totalMs }] = [names.status, names.reason, wide];
    for (let index = 0; index < count; index++) {
      const at = rows[index] ?? 0;
      const cell = cellOf[index] ?? 0;
      const figure = failed[statuses[at] ?? 0] ? place.errors : figures.length + tookRange(totalMs[at] ?? 0);
      cells[cell + figure] = (cells[cell + figure] ?? 0) + 1;
      cells[cell + place.requests] = (cells[cell + place.requests] ?? 0) + 1;
      if (free[reasons[at] ?? 0]) cells[cell + place.unbilled] = (cells[cell + place.unbilled] ?? 0) + 1;
    }
  }

  #addColumn(column: Uint32Array | Int32Array, figure: number, count: number): void {
    if (!column.some((value) => value !== 0)) return;
    const [cells, rows, cellOf] = [this.#cells, this.#rows, this.#cellOf];
    for (let index = 0; index < count; index++) {
      const cell = (cellOf[index] ?? 0) + figure;
      cells[cell] = (cells[cell] ?? 0) + (column[rows[index] ?? 0] ?? 0);
    }
  }

  /** Adds what rows came to that were added up before, all of one interval. */
  addCells(cells: ReadonlyMap<string, Float64Array>, ms: number): void {
    const interval = this.#intervals.placeOf(ms);
    for (const [name, added] of cells) {
      const cell = this.#cell(this.#groupOf(name), interval);
      for (let place = 0; place < width; place++) {
        this.#cells[cell + place] = (this.#cells[cell + place] ?? 0) + (added[place] ?? 0);
      }
    }
    if (++this.#blocks % carriedAfter === 0) this.#carry();
  }

  /** The cells of one interval, by the names of their groups. */
  *cells(interval: number): Generator<[name: string, cell: Float64Array]> {
    for (const [name, cells] of this.#groups) {
      const cell = cells.get(interval);
      if (cell !== undefined) yield [name, this.#cells.subarray(cell, cell + width)];
    }
  }

  /** How many groups there are so far. */
  get size(): number {
    return this.#groups.size;
  }

  /**
   * Adds all but the largest groups to the rest, so that what is made of them stays small; a tie goes by the name.
   * @param most groups that are kept apart.
   */
  fold(rankBy: Ranking, most: number): void {
    const named = [...this.#groups].filter(([name]) => name !== restName);
    const sizes = new Map(named.map(([name, cells]) => [name, this.#size(cells, rankBy)]));
    const sizeOf = (name: string): number => sizes.get(name) ?? 0;
    const names = named.map(([name]) => name);
    names.sort((left, right) => sizeOf(right) - sizeOf(left) || (left < right ? -1 : 1));
    const folded = names.slice(most);
    if (folded.length === 0) return;
    const rest = this.#groups.get(restName) ?? new Map<number, number>();
    for (const name of folded) {
      for (const [interval, cell] of this.#groups.get(name) ?? []) {
        const into = this.#cell(rest, interval);
        for (let figure = 0; figure < width; figure++) {
          this.#cells[into + figure] = (this.#cells[into + figure] ?? 0) + (this.#cells[cell + figure] ?? 0);
        }
      }
      this.#groups.delete(name);
    }
    this.#groups.set(restName, rest);
    this.#carry();
  }

  #size(cells: ReadonlyMap<number, number>, rankBy: Ranking): number {
    const parts = rankedFigures[rankBy];
    let size = 0;
    for (const cell of cells.values()) {
      for (const [figure, weight] of parts) size += (this.#cells[cell + figure] ?? 0) * weight;
    }
    return size;
  }

  finish(): Cells {
    const groups = new Map<string, ReadonlyMap<number, UsageSums>>();
    for (const [name, cells] of this.#groups) {
      groups.set(name, new Map([...cells].map(([interval, cell]) => [interval, this.#sums(cell)])));
    }
    return { groups };
  }

  /** The cells of each name in the block's list. */
  #groupsOf(block: Block, groupBy: Grouping | undefined): Map<number, number>[] {
    const list = groupBy === undefined ? [""] : block.lists[groupBy];
    return list.map((name) => this.#groupOf(name));
  }

  #groupOf(name: string): Map<number, number> {
    const group = this.#named && !this.#named.has(name) ? restName : name;
    let cells = this.#groups.get(group);
    if (!cells) this.#groups.set(group, (cells = new Map<number, number>()));
    return cells;
  }

  #cell(cells: Map<number, number> | undefined, interval: number): number {
    const known = cells?.get(interval);
    if (known !== undefined) return known;
    const cell = this.#used++ * width;
    if (cell + width > this.#cells.length) {
      const larger = new Float64Array(this.#cells.length * 2);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    cells?.set(interval, cell);
    return cell;
  }

  #carry(): void {
    const cells = this.#cells;
    for (let cell = 0; cell < this.#used * width; cell += width) {
      for (const [low, high] of [
        [place.debitLow, place.debitHigh],
        [place.savingsLow, place.savingsHigh],
      ] as const) {
        const over = Math.floor((cells[cell + low] ?? 0) / half);
        cells[cell + low] = (cells[cell + low] ?? 0) - over * half;
        cells[cell + high] = (cells[cell + high] ?? 0) + over;
      }
    }
  }

  #sums(cell: number): UsageSums {
    const of = (name: Figure): number => this.#cells[cell + place[name]] ?? 0;
    const money = (low: number, high: number) => picodollars((BigInt(high) << 32n) + BigInt(low));
    return {
      requests: of("requests"),
      errors: of("errors"),
      unbilled: of("unbilled"),
      debit: money(of("debitLow"), of("debitHigh")),
      savings: money(of("savingsLow"), of("savingsHigh")),
      inputTokens: of("input"),
      cachedInputTokens: of("cachedInput"),
      cacheWriteTokens: of("cacheWrite"),
      outputTokens: of("output"),
      reasoningTokens: of("reasoning"),
      took: Array.from(this.#cells.subarray(cell + figures.length, cell + width)),
    };
  }
}

/** The group of all that is not named. No name holds a NUL. */
export const restName = "\0rest";
