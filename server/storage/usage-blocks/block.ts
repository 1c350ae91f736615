// Usage rows by column: a block of a few thousand, small on disk and quick to go through. What lists are filtered by and
// series add up is there, and nothing else; names are numbers into lists of the block's own.

import { isObject, parseJson } from "../../contracts/json.ts";

/** The named facts of a row, '' where it has none. */
export const blockNames = ["key", "model", "provider", "stack", "category", "requestedModel", "reason"] as const;
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
  readonly lists: { readonly [Name in BlockName]: readonly string[] };
  readonly names: { readonly [Name in BlockName]: Uint16Array };
  readonly status: Uint16Array;
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
  readonly status: number;
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
    block.status[at] = row.status;
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

function emptyBlock(rows: number, base: number) {
  const words = () => new Uint32Array(rows);
  return {
    rows,
    base,
    lists: byName((): string[] => []),
    names: byName(() => new Uint16Array(rows)),
    status: new Uint16Array(rows),
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
  };
}

/** The rows again, in their order. */
export function rowsOf(block: Block): BlockRow[] {
  const { base, lists, names, status, wide, arrivedAfter } = block;
  return Array.from({ length: block.rows }, (_, at) => ({
    requestMs: base + (wide.requestAfter[at] ?? 0),
    createdAt: base + (arrivedAfter[at] ?? 0),
    names: byName((name) => lists[name][names[name][at] ?? 0] ?? ""),
    status: status[at] ?? 0,
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

/** Compressed: the length of a head of JSON, the head, and the columns, wide ones first. */
export function packBlock(block: Block): Uint8Array {
  const head = Buffer.from(JSON.stringify({ form, rows: block.rows, base: block.base, lists: block.lists }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.byteLength);
  return Bun.zstdCompressSync(Buffer.concat([length, head, ...columnsOf(block).map(bytesOf)]), compression);
}

function columnsOf({ wide, arrivedAfter, names, status }: Block) {
  return [...wideColumns.map((column) => wide[column]), arrivedAfter, ...blockNames.map((name) => names[name]), status];
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Int32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** @throws Error when the bytes are not what `packBlock` writes */
export function unpackBlock(packed: Uint8Array): Block {
  const bytes = Bun.zstdDecompressSync(packed);
  const from = 4 + bytes.readUInt32LE(0);
  const head = parseJson(bytes.toString("utf8", 4, from));
  if (!isObject(head) || head["form"] !== form) throw new Error("A block of usage has an unknown form.");
  const { rows, base, lists } = head;
  if (typeof rows !== "number" || typeof base !== "number" || !isObject(lists)) {
    throw new Error("A block of usage cannot be read.");
  }
  const block = emptyBlock(rows, base);
  for (const name of blockNames) block.lists[name].push(...textsOf(lists[name]));
  let at = from;
  for (const column of columnsOf(block)) {
    bytesOf(column).set(bytes.subarray(at, at + column.byteLength));
    at += column.byteLength;
  }
  if (at !== bytes.byteLength) throw new Error("A block of usage is not as long as it says.");
  return block;
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((text) => typeof text === "string") : [];
}
