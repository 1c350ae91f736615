// Adds blocks up by group and interval. Numbers are doubles in one long row of cells: sums below 2^53 are exact, and money
// comes in halves that are carried over long before they could grow to that.

import { picodollars } from "../../money/picodollars.ts";
import { tookRange } from "../../workspaces/latency.ts";
import type { Ranking, SeriesQuery, UsageSums } from "../../workspaces/usage-records.ts";
import { mostRows, type Block, type Column } from "./block.ts";
import { matchingRows } from "./block-filter.ts";
import { cellWidth as width, figures, half, place, rankedFigures, summed, type Figure } from "./cell-figures.ts";

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
    const count = matchingRows(this.#query.filter, block, this.#rows);
    if (count === 0) return;
    this.#placeRows(block, count);
    this.#addColumns(block, count);
    this.endBlock();
  }

  /** Notes the cell of each row that matches. Neighbours mostly share their interval, and so the cells of their groups. */
  #placeRows({ base, lists, column }: Block, count: number): void {
    const { groupBy } = this.#query;
    const groups = (groupBy === undefined ? [""] : lists[groupBy]).map((name) => this.#groupOf(name));
    const numbers = groupBy === undefined ? undefined : column(groupBy);
    const arrivedAfter = column("arrivedAfter");
    const [rows, cellOf] = [this.#rows, this.#cellOf];
    const known = new Int32Array(groups.length);
    let [interval, from, until] = [0, 0, 0];
    for (let index = 0; index < count; index++) {
      const at = rows[index] ?? 0;
      const after = arrivedAfter?.[at] ?? 0;
      if (after < from || after >= until) {
        interval = this.#intervals.placeOf(base + after);
        from = (this.#intervals.starts[interval] ?? 0) - base;
        until = (this.#intervals.starts[interval + 1] ?? Number.POSITIVE_INFINITY) - base;
        known.fill(-1);
      }
      const group = numbers?.[at] ?? 0;
      let cell = known[group] ?? 0;
      if (cell === -1) known[group] = cell = this.#cell(groups[group], interval);
      cellOf[index] = cell;
    }
  }

  /** Column by column, which is several times as fast as row by row. */
  #addColumns(block: Block, count: number): void {
    for (const [name, figure] of summed) this.#addColumn(block.column(name), figure, count);
    this.#addColumn(signed(block.column("debitHigh")), place.debitHigh, count);
    this.#addColumn(signed(block.column("savingsHigh")), place.savingsHigh, count);
    this.#countAnswers(block, count);
    this.#countUnbilled(block, count);
  }

  #addColumn(column: Column | Int32Array | undefined, figure: number, count: number): void {
    if (column === undefined) return;
    const [cells, rows, cellOf] = [this.#cells, this.#rows, this.#cellOf];
    for (let index = 0; index < count; index++) {
      const cell = (cellOf[index] ?? 0) + figure;
      cells[cell] = (cells[cell] ?? 0) + (column[rows[index] ?? 0] ?? 0);
    }
  }

  /** Requests, errors, and by how long they took all that are none. */
  #countAnswers({ lists, column }: Block, count: number): void {
    const [cells, rows, cellOf] = [this.#cells, this.#rows, this.#cellOf];
    const failed = Uint8Array.from(lists.status, (status) => (Number(status) >= 400 ? 1 : 0));
    const [statuses, totalMs] = [column("status"), column("totalMs")];
    for (let index = 0; index < count; index++) {
      const at = rows[index] ?? 0;
      const cell = cellOf[index] ?? 0;
      const hasFailed = failed[statuses?.[at] ?? 0] === 1;
      const figure = cell + (hasFailed ? place.errors : figures.length + tookRange(totalMs?.[at] ?? 0));
      cells[figure] = (cells[figure] ?? 0) + 1;
      cells[cell + place.requests] = (cells[cell + place.requests] ?? 0) + 1;
    }
  }

  #countUnbilled({ lists, column }: Block, count: number): void {
    const free = Uint8Array.from(lists.reason, (reason) => (reason === "" ? 0 : 1));
    if (!free.includes(1)) return;
    const [cells, rows, cellOf, reasons] = [this.#cells, this.#rows, this.#cellOf, column("reason")];
    for (let index = 0; index < count; index++) {
      if (free[reasons?.[rows[index] ?? 0] ?? 0] === 0) continue;
      const figure = (cellOf[index] ?? 0) + place.unbilled;
      cells[figure] = (cells[figure] ?? 0) + 1;
    }
  }

  /** Adds what rows came to that were added up before, all of one interval. */
  addCells(cells: ReadonlyMap<string, Float64Array>, ms: number): void {
    for (const [name, added] of cells) {
      const cell = this.cellAt(name, ms);
      for (let figure = 0; figure < width; figure++) this.addTo(cell, figure, added[figure] ?? 0);
    }
    this.endBlock();
  }

  /** The cell of a group, by its name, and of the interval that a moment lies in. */
  cellAt(name: string, ms: number): number {
    return this.#cell(this.#groupOf(name), this.#intervals.placeOf(ms));
  }

  addTo(cell: number, figure: number, value: number): void {
    this.#cells[cell + figure] = (this.#cells[cell + figure] ?? 0) + value;
  }

  /** To be told of each block whose sums were added. */
  endBlock(): void {
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
    const took: number[] = [];
    for (let index = cell + figures.length; index < cell + width; index++) took.push(this.#cells[index] ?? 0);
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
      took,
    };
  }
}

function signed(column: Column | undefined): Int32Array | undefined {
  return column && new Int32Array(column);
}

/** The group of all that is not named. No name holds a NUL. */
export const restName = "\0rest";
