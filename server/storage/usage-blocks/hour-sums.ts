// What the rows of a full block add up to by the hour, for each grouping by itself: a chart by the hour reads these instead
// of rows, where nothing is filtered out. Bytes: the names as JSON after its length, the first hour, and then cells:
// the place of the name, hours after the first, how many figures follow, and these, each after its place.

import { parseJson } from "../../contracts/json.ts";
import { groupings, type Grouping } from "../../workspaces/usage-records.ts";
import { Adder } from "./add-up.ts";
import { mostRows, type Block } from "./block.ts";

const hourMs = 3_600_000;
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };
/** More cells are no quicker to go through than the rows themselves. */
const mostCells = mostRows / 8;
/** Stands for no grouping. */
const together = "all";

export type HourSums = { readonly groupedBy: string; readonly data: Uint8Array };

export function groupedBy(grouping: Grouping | undefined): string {
  return grouping ?? together;
}

/** None of a block that more rows may be added to. A grouping of too many cells is left out. */
export function writeHourSums(block: Block, firstAt: number, lastAt: number): HourSums[] {
  if (block.rows < mostRows) return [];
  const first = Math.floor(firstAt / hourMs);
  const hours = Math.floor(lastAt / hourMs) - first + 1;
  if (hours > mostCells) return [];
  const starts = Array.from({ length: hours }, (_, hour) => (first + hour) * hourMs);
  const placeOf = (ms: number): number => Math.floor(ms / hourMs) - first;
  return [undefined, ...groupings].flatMap((groupBy) => {
    const adder = new Adder({ filter: everything, groupBy }, { starts, placeOf });
    adder.add(block);
    const cells = starts.flatMap((_, hour) => [...adder.cells(hour)].map(([name, cell]) => ({ hour, name, cell })));
    return cells.length > mostCells ? [] : [{ groupedBy: groupedBy(groupBy), data: writeCells(first, cells) }];
  });
}

type HourCell = { readonly hour: number; readonly name: string; readonly cell: Float64Array };

function writeCells(first: number, cells: readonly HourCell[]): Uint8Array {
  const names = [...new Set(cells.map(({ name }) => name))];
  const places = new Map(names.map((name, place) => [name, place]));
  const text = Buffer.from(JSON.stringify(names));
  const bytes: number[] = [];
  writeNumber(bytes, text.byteLength);
  bytes.push(...text);
  writeNumber(bytes, first);
  for (const { hour, name, cell } of cells) {
    const figures = [...cell.entries()].filter(([, value]) => value !== 0);
    for (const number of [places.get(name) ?? 0, hour, figures.length]) writeNumber(bytes, number);
    for (const [figure, value] of figures) {
      writeNumber(bytes, figure);
      writeNumber(bytes, value < 0 ? -2 * value - 1 : 2 * value);
    }
  }
  return Uint8Array.from(bytes);
}

/** Seven bits a byte, the lowest first; the upper bit says that more follow. @param number whole, 0 to 2^53 */
function writeNumber(bytes: number[], number: number): void {
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
  bytes.push(rest);
}

/** @throws Error when the bytes are not what `writeHourSums` gives */
export function addHourSums(adder: Adder, data: Uint8Array): void {
  const numbers = new NumberReader(data);
  const names = parseJson(new TextDecoder().decode(numbers.bytes(numbers.next())));
  if (!Array.isArray(names)) throw new Error("Sums of usage cannot be read.");
  const first = numbers.next();
  while (numbers.more) {
    const name: unknown = names[numbers.next()];
    const cell = adder.cellAt(typeof name === "string" ? name : "", (first + numbers.next()) * hourMs);
    for (let figures = numbers.next(); figures > 0; figures--) {
      const figure = numbers.next();
      const value = numbers.next();
      adder.addTo(cell, figure, value % 2 === 0 ? value / 2 : -(value + 1) / 2);
    }
  }
  adder.endBlock();
}

class NumberReader {
  readonly #data: Uint8Array;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get more(): boolean {
    return this.#at < this.#data.length;
  }

  next(): number {
    let byte = this.#data[this.#at++] ?? 0;
    if (byte < 128) return byte;
    let number = 0;
    let unit = 1;
    for (; byte >= 128; unit *= 128) {
      number += (byte - 128) * unit;
      byte = this.#data[this.#at++] ?? 0;
    }
    return number + byte * unit;
  }

  bytes(length: number): Uint8Array {
    return this.#data.subarray(this.#at, (this.#at += length));
  }
}
