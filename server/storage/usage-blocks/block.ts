// Usage rows by column: a block of a few thousand, small on disk and quick to go through. What lists are filtered by and
// series add up is there, and nothing else; names are numbers into lists of the block's own.

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

/** Amounts are picodollars in two halves, of which the upper one has the sign. */
export const numberColumns = [
  "requestAfter",
  "arrivedAfter",
  "debitLow",
  "debitHigh",
  "savingsLow",
  "savingsHigh",
  "totalMs",
  ...tokenColumns,
] as const;
type NumberColumn = (typeof numberColumns)[number];
export type BlockColumn = BlockName | NumberColumn;

/** Numbers of 0 or more below 2^32. */
export type Column = Uint8Array | Uint16Array | Uint32Array;

export type Block = {
  readonly rows: number;
  /** Unix milliseconds from which the others count. */
  readonly base: number;
  readonly lists: { readonly [Name in BlockName]: string[] };
  /**
   * What the rows have in a column, not to be written to; undefined: 0, all of them. Names are places in their lists.
   * When requests were made, by their ids, and when they arrived are milliseconds after the base; the former rises but
   * for late rows.
   */
  readonly column: (name: BlockColumn) => Column | undefined;
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

/** @throws RangeError for an amount of 64 bits or more: no workspace has that much */
export function makeBlock(rows: readonly BlockRow[]): Block {
  const base = rows.reduce((least, row) => Math.min(least, row.requestMs, row.createdAt), Number.POSITIVE_INFINITY);
  const lists = byName((): string[] => []);
  const columns = new Map<BlockColumn, Uint32Array>();
  for (const name of blockNames) columns.set(name, namesColumn(rows, name, lists[name]));
  for (const name of numberColumns) columns.set(name, Uint32Array.from(rows, numbersOf(name, base)));
  for (const [name, column] of columns) if (isZero(column)) columns.delete(name);
  return { rows: rows.length, base, lists, column: (name) => columns.get(name) };
}

function namesColumn(rows: readonly BlockRow[], name: BlockName, list: string[]): Uint32Array {
  const places = new Map<string, number>();
  return Uint32Array.from(rows, ({ names }) => {
    const value = names[name];
    const known = places.get(value);
    if (known !== undefined) return known;
    const place = list.push(value) - 1;
    places.set(value, place);
    return place;
  });
}

function numbersOf(name: NumberColumn, base: number): (row: BlockRow) => number {
  switch (name) {
    case "requestAfter":
      return ({ requestMs }) => requestMs - base;
    case "arrivedAfter":
      return ({ createdAt }) => createdAt - base;
    case "debitLow":
      return ({ debit }) => lowHalf(debit);
    case "debitHigh":
      return ({ debit }) => lowHalf(debit >> 32n);
    case "savingsLow":
      return ({ savings }) => lowHalf(savings);
    case "savingsHigh":
      return ({ savings }) => lowHalf(savings >> 32n);
    case "totalMs":
      return ({ totalMs }) => totalMs;
    default:
      return ({ tokens }) => tokens[name];
  }
}

function lowHalf(amount: bigint): number {
  return Number(BigInt.asUintN(32, amount));
}

function isZero(column: Uint32Array): boolean {
  for (let at = 0; at < column.length; at++) if (column[at] !== 0) return false;
  return true;
}

/** An amount from its two halves. */
export function wholeAmount(low: number, high: number): bigint {
  return (BigInt(high | 0) << 32n) + BigInt(low);
}

export function byName<Value>(make: (name: BlockName) => Value): { [Name in BlockName]: Value } {
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
export function rowsOf({ rows, base, lists, column }: Block): BlockRow[] {
  return Array.from({ length: rows }, (_, at) => {
    const of = (name: BlockColumn): number => column(name)?.[at] ?? 0;
    return {
      requestMs: base + of("requestAfter"),
      createdAt: base + of("arrivedAfter"),
      names: byName((name) => lists[name][of(name)] ?? ""),
      debit: wholeAmount(of("debitLow"), of("debitHigh")),
      savings: wholeAmount(of("savingsLow"), of("savingsHigh")),
      tokens: {
        input: of("input"),
        cachedInput: of("cachedInput"),
        cacheWrite: of("cacheWrite"),
        output: of("output"),
        reasoning: of("reasoning"),
      },
      totalMs: of("totalMs"),
    };
  });
}
