// Usage rows by column: a block of a few thousand, small on disk and quick to go through. What lists are filtered by and
// series add up is there, and nothing else; names are numbers into lists of the block's own.

import { isObject, parseJson } from "../../contracts/json.ts";

/** The named facts of a row, '' where it has none; the HTTP status among them. */
export const blockNames = [
  "key",
  "model",
  "provider",
  "stack",
  "category",
  "requestedModel",
  "reason",
  "status",
] as const;
export type BlockName = (typeof blockNames)[number];

export const tokenColumns = ["input", "cachedInput", "cacheWrite", "output", "reasoning"] as const;

/** Columns of four bytes. Amounts are picodollars in two halves, of which the upper one has the sign. */
const wideColumns = [
  "requestAfter",
  "debitLow",
  "debitHigh",
  "savingsLow",
  "savingsHigh",
  "totalMs",
  ...tokenColumns,
] as const;
type WideColumn = (typeof wideColumns)[number];

export type Block = {
  readonly rows: number;
  /** Unix milliseconds from which the others count. */
  readonly base: number;
  readonly lists: { readonly [Name in BlockName]: string[] };
  readonly names: { readonly [Name in BlockName]: Uint16Array };
  /** When requests were made, by their ids, in milliseconds after the base; rising but for late rows. */
  readonly wide: { readonly [Column in WideColumn]: Uint32Array };
  /** When requests arrived, in milliseconds after the base. */
  readonly arrivedAfter: Int32Array;
};

export type BlockRow = {
  /** Unix milliseconds: by the request's id, and as the server noted its arrival. */
  readonly requestMs: number;
  readonly createdAt: number;
  readonly names: { readonly [Name in BlockName]: string };
  readonly debit: bigint;
  readonly savings: bigint;
  readonly tokens: { readonly [Column in (typeof tokenColumns)[number]]: number };
  readonly totalMs: number;
};

export const mostRows = 2_048;
/** Times of a block lie within this of each other, so that they fit their columns. */
export const longestBlockMs = 20 * 86_400_000;

/** How many of the rows, from the first on, make one block; at least 1 of any. */
export function lengthWithin(rows: readonly BlockRow[]): number {
  let [earliest, latest] = [Number.POSITIVE_INFINITY, 0];
  for (const [count, { requestMs, createdAt }] of rows.entries()) {
    earliest = Math.min(earliest, requestMs, createdAt);
    latest = Math.max(latest, requestMs, createdAt);
    if (count === mostRows || (count > 0 && latest - earliest > longestBlockMs)) return count;
  }
  return rows.length;
}

/** Any number of rows as blocks. */
export function makeBlocks(rows: readonly BlockRow[]): Block[] {
  const blocks: Block[] = [];
  for (let rest = rows; rest.length > 0;) {
    const length = lengthWithin(rest);
    blocks.push(makeBlock(rest.slice(0, length)));
    rest = rest.slice(length);
  }
  return blocks;
}

/** The upper half of a signed amount. */
export function signedHigh(high: number): number {
  return high | 0;
}

/** @throws RangeError for an amount of 64 bits or more: no workspace has that much */
export function makeBlock(rows: readonly BlockRow[]): Block {
  const base = Math.min(...rows.map(({ requestMs, createdAt }) => Math.min(requestMs, createdAt)));
  const block = emptyBlock(rows.length, base);
  const indexes = new Map(blockNames.map((name) => [name, new Map<string, number>()]));
  for (const [at, row] of rows.entries()) {
    for (const name of blockNames) {
      const index = indexes.get(name);
      const value = row.names[name];
      let number = index?.get(value);
      if (number === undefined) {
        number = block.lists[name].push(value) - 1;
        index?.set(value, number);
      }
      block.names[name][at] = number;
    }
    block.arrivedAfter[at] = row.createdAt - base;
    block.wide.requestAfter[at] = row.requestMs - base;
    block.wide.totalMs[at] = row.totalMs;
    for (const column of tokenColumns) block.wide[column][at] = row.tokens[column];
    [block.wide.debitLow[at], block.wide.debitHigh[at]] = halves(row.debit);
    [block.wide.savingsLow[at], block.wide.savingsHigh[at]] = halves(row.savings);
  }
  return block;
}

function halves(amount: bigint): [low: number, high: number] {
  return [Number(BigInt.asUintN(32, amount)), Number(BigInt.asUintN(32, amount >> 32n))];
}

function whole(low: number, high: number): bigint {
  return (BigInt(signedHigh(high)) << 32n) + BigInt(low);
}

function emptyBlock(rows: number, base: number, lists = byName((): string[] => [])) {
  const words = () => new Uint32Array(rows);
  return {
    rows,
    base,
    lists,
    names: byName(() => new Uint16Array(rows)),
    arrivedAfter: new Int32Array(rows),
    wide: {
      requestAfter: words(),
      debitLow: words(),
      debitHigh: words(),
      savingsLow: words(),
      savingsHigh: words(),
      totalMs: words(),
      input: words(),
      cachedInput: words(),
      cacheWrite: words(),
      output: words(),
      reasoning: words(),
    },
  };
}

function byName<Value>(make: (name: BlockName) => Value): { [Name in BlockName]: Value } {
  return {
    key: make("key"),
    model: make("model"),
    provider: make("provider"),
    stack: make("stack"),
    category: make("category"),
    requestedModel: make("requestedModel"),
    reason: make("reason"),
    status: make("status"),
  };
}

/** The rows again, in their order. */
export function rowsOf(block: Block): BlockRow[] {
  const { base, lists, names, wide, arrivedAfter } = block;
  return Array.from({ length: block.rows }, (_, at) => ({
    requestMs: base + (wide.requestAfter[at] ?? 0),
    createdAt: base + (arrivedAfter[at] ?? 0),
    names: byName((name) => lists[name][names[name][at] ?? 0] ?? ""),
    debit: whole(wide.debitLow[at] ?? 0, wide.debitHigh[at] ?? 0),
    savings: whole(wide.savingsLow[at] ?? 0, wide.savingsHigh[at] ?? 0),
    tokens: {
      input: wide.input[at] ?? 0,
      cachedInput: wide.cachedInput[at] ?? 0,
      cacheWrite: wide.cacheWrite[at] ?? 0,
      output: wide.output[at] ?? 0,
      reasoning: wide.reasoning[at] ?? 0,
    },
    totalMs: wide.totalMs[at] ?? 0,
  }));
}

const form = 1;
const compression = { level: 3 };

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

/** The head is JSON; the columns are compressed in the order of `columnsOf`, without those that hold one value only. */
export function packBlock(block: Block): PackedBlock {
  const { rows, base, lists, wide } = block;
  const columns = columnsOf(block);
  const constants = columns.map((column) => (column.every((value) => value === column[0]) ? (column[0] ?? 0) : null));
  let mostDebit = 0n;
  for (let at = 0; at < rows; at++) {
    const debit = whole(wide.debitLow[at] ?? 0, wide.debitHigh[at] ?? 0);
    if (debit > mostDebit) mostDebit = debit;
  }
  const mostMs = wide.totalMs.reduce((most, ms) => Math.max(most, ms), 0);
  const head = { form, rows, base, lists, mostDebit: mostDebit.toString(), mostMs, constants };
  const varied = columns.filter((_, index) => constants[index] === null);
  return { head: JSON.stringify(head), data: Bun.zstdCompressSync(Buffer.concat(varied.map(bytesOf)), compression) };
}

function columnsOf({ wide, arrivedAfter, names }: Block) {
  return [...wideColumns.map((column) => wide[column]), arrivedAfter, ...blockNames.map((name) => names[name])];
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Int32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** @throws Error when the text is not a head that `packBlock` writes */
export function readHead(text: string): BlockHead & { readonly constants: readonly unknown[] } {
  const head = parseJson(text);
  const unreadable = new Error("A block of usage cannot be read.");
  if (!isObject(head) || head["form"] !== form) throw unreadable;
  const { rows, base, lists, mostDebit, mostMs, constants } = head;
  if (typeof rows !== "number" || typeof base !== "number" || typeof mostMs !== "number") throw unreadable;
  if (!isObject(lists) || typeof mostDebit !== "string" || !Array.isArray(constants)) throw unreadable;
  return { rows, base, lists: byName((name) => textsOf(lists[name])), mostDebit, mostMs, constants };
}

/** @throws Error when it is not what `packBlock` gives */
export function unpackBlock({ head: text, data }: PackedBlock): Block {
  const head = readHead(text);
  const block = emptyBlock(head.rows, head.base, head.lists);
  const bytes = Bun.zstdDecompressSync(data);
  let at = 0;
  for (const [index, column] of columnsOf(block).entries()) {
    const constant = head.constants[index];
    if (typeof constant === "number") {
      if (constant !== 0) column.fill(constant);
      continue;
    }
    bytesOf(column).set(bytes.subarray(at, at + column.byteLength));
    at += column.byteLength;
  }
  if (at !== bytes.byteLength) throw new Error("A block of usage is not as long as it says.");
  return block;
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((text) => typeof text === "string") : [];
}
