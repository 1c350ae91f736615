// How a block is stored: a head of JSON, and its columns one after the other, each as narrow as its values allow and packed
// only where that saves much. A column is read when it is asked for; most charts touch a few.

import { isObject, parseJson } from "../../contracts/json.ts";
import { blockNames, byName, numberColumns, wholeAmount, type Block, type BlockColumn, type Column } from "./block.ts";
import { unpackFirstForm } from "./first-form.ts";

const form = 2;
/** What makes a column small enough to be worth unpacking, as a share of its size. */
const packedShare = 0.25;
const compression = { level: 1 };

/** In the order of the data. Times are stored as steps, which are small numbers. */
const storedColumns: readonly BlockColumn[] = [...numberColumns, ...blockNames];

/** Bytes of each value and of all of them in the data; none of either: all are the value that follows. */
type Stored = readonly [width: 1 | 2 | 4, bytes: number] | readonly [width: 0, value: number];

/** What a block is without its columns: enough to tell that none of its rows can match. */
export type BlockHead = {
  readonly rows: number;
  readonly base: number;
  readonly lists: Block["lists"];
  /** Of any row. Picodollars as text. */
  readonly mostDebit: string;
  readonly mostMs: number;
};
export type PackedBlock = { readonly head: string; readonly data: Uint8Array };

export function packBlock(block: Block): PackedBlock {
  const { rows, base, lists } = block;
  const packed = storedColumns.map((name) => packColumn(storedValues(block, name)));
  const [low, high] = [block.column("debitLow"), block.column("debitHigh")];
  let mostDebit = 0n;
  for (let at = 0; at < rows; at++) {
    const debit = wholeAmount(low?.[at] ?? 0, high?.[at] ?? 0);
    if (debit > mostDebit) mostDebit = debit;
  }
  const mostMs = largest(block.column("totalMs"));
  const columns = packed.map(({ stored }) => stored);
  const head = { form, rows, base, lists, mostDebit: mostDebit.toString(), mostMs, columns };
  return { head: JSON.stringify(head), data: Buffer.concat(packed.map(({ bytes }) => bytes)) };
}

function packColumn(values: Uint32Array): { readonly stored: Stored; readonly bytes: Uint8Array } {
  const most = largest(values);
  const first = values[0] ?? 0;
  if (values.every((value) => value === first)) return { stored: [0, first], bytes: new Uint8Array() };
  const width = most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : 4;
  const narrow = width === 1 ? new Uint8Array(values) : width === 2 ? new Uint16Array(values) : values;
  const bytes = new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength);
  const packed = Bun.zstdCompressSync(bytes, compression);
  const smaller = packed.byteLength <= bytes.byteLength * packedShare ? packed : bytes;
  return { stored: [width, smaller.byteLength], bytes: smaller };
}

function largest(column: Column | undefined): number {
  let most = 0;
  for (let at = 0; at < (column?.length ?? 0); at++) most = Math.max(most, column?.[at] ?? 0);
  return most;
}

/** @throws Error when the text is not the head of a block */
export function readHead(text: string): BlockHead {
  return headOf(parseHead(text));
}

/** @throws Error when it is not what `packBlock` gives, now or in its first form */
export function unpackBlock({ head: text, data }: PackedBlock): Block {
  const parsed = parseHead(text);
  const { rows, base, lists } = headOf(parsed);
  if (parsed["form"] === 1) return unpackFirstForm({ rows, base, lists }, parsed["constants"], data);
  const places = placesOf(parsed["columns"], data.byteLength);
  const read = new Map<BlockColumn, Column | undefined>();
  const column = (name: BlockColumn): Column | undefined => {
    if (!read.has(name)) {
      const place = places.get(name);
      const stored = place && readColumn(place, rows, data);
      if (name === "requestAfter") read.set(name, madeAfter(stored, rows));
      else if (name === "arrivedAfter") read.set(name, arrivedAfter(stored, column("requestAfter"), rows));
      else read.set(name, stored);
    }
    return read.get(name);
  };
  return { rows, base, lists, column };
}

type Place = { readonly stored: Stored; readonly from: number };

function placesOf(columns: unknown, length: number): Map<BlockColumn, Place> {
  const places = new Map<BlockColumn, Place>();
  let from = 0;
  for (const [index, name] of storedColumns.entries()) {
    const stored = storedOf(Array.isArray(columns) ? columns[index] : undefined);
    places.set(name, { stored, from });
    if (stored[0] !== 0) from += stored[1];
  }
  if (from !== length) throw new Error("A block of usage is not as long as it says.");
  return places;
}

function storedOf(value: unknown): Stored {
  const [width, number] = Array.isArray(value) ? value : [];
  if (typeof number !== "number") throw unreadable();
  if (width === 0 || width === 1 || width === 2 || width === 4) return [width, number];
  throw unreadable();
}

function readColumn({ stored, from }: Place, rows: number, data: Uint8Array): Column | undefined {
  const [width, number] = stored;
  if (width === 0) return number === 0 ? undefined : new Uint32Array(rows).fill(number);
  const part = data.subarray(from, from + number);
  const bytes = number === rows * width ? part : Bun.zstdDecompressSync(part);
  if (bytes.byteLength !== rows * width) throw new Error("A column of usage is not as long as it says.");
  // Wide values lie where their width divides the address.
  const { buffer, byteOffset } = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  if (width === 4) return new Uint32Array(buffer, byteOffset, rows);
  return width === 2 ? new Uint16Array(buffer, byteOffset, rows) : new Uint8Array(buffer, byteOffset, rows);
}

/** Moments as steps: of when requests were made from one to the next, of arrivals from when their request was made. */
function storedValues({ rows, column }: Block, name: BlockColumn): Uint32Array {
  const values = Uint32Array.from(column(name) ?? new Uint32Array(rows));
  if (name === "requestAfter") return values.map((value, at) => folded(value - (values[at - 1] ?? 0)));
  if (name !== "arrivedAfter") return values;
  const made = column("requestAfter");
  return values.map((value, at) => folded(value - (made?.[at] ?? 0)));
}

/** When requests were made, out of the steps from one to the next. */
function madeAfter(steps: Column | undefined, rows: number): Uint32Array {
  const made = new Uint32Array(rows);
  if (steps === undefined) return made;
  for (let at = 0, last = 0; at < rows; at++) made[at] = last += unfolded(steps[at] ?? 0);
  return made;
}

function arrivedAfter(steps: Column | undefined, made: Column | undefined, rows: number): Column | undefined {
  if (steps === undefined) return made;
  const arrived = new Uint32Array(rows);
  for (let at = 0; at < rows; at++) arrived[at] = (made?.[at] ?? 0) + unfolded(steps[at] ?? 0);
  return arrived;
}

/** Small numbers of either sign as small numbers. */
function folded(step: number): number {
  return step < 0 ? -2 * step - 1 : 2 * step;
}

function unfolded(value: number): number {
  return (value & 1) === 0 ? value >>> 1 : -(value >>> 1) - 1;
}

function parseHead(text: string): { readonly [name: string]: unknown } {
  const head = parseJson(text);
  if (!isObject(head) || (head["form"] !== form && head["form"] !== 1)) throw unreadable();
  return head;
}

function headOf({ rows, base, lists, mostDebit, mostMs }: { readonly [name: string]: unknown }): BlockHead {
  if (typeof rows !== "number" || typeof base !== "number" || typeof mostMs !== "number") throw unreadable();
  if (!isObject(lists) || typeof mostDebit !== "string") throw unreadable();
  return { rows, base, lists: byName((name) => textsOf(lists[name])), mostDebit, mostMs };
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((text) => typeof text === "string") : [];
}

function unreadable(): Error {
  return new Error("A block of usage cannot be read.");
}
