// Blocks as they were stored at first: all columns at their full width, compressed together. Such blocks are read, and no
// longer written.

import { blockNames, tokenColumns, type Block, type BlockColumn } from "./block.ts";

const columns: readonly (readonly [name: BlockColumn, width: 2 | 4])[] = [
  ...(["requestAfter", "debitLow", "debitHigh", "savingsLow", "savingsHigh", "totalMs"] as const).map(four),
  ...tokenColumns.map(four),
  four("arrivedAfter"),
  ...blockNames.map((name) => [name, 2] as const),
];

function four(name: BlockColumn): readonly [BlockColumn, 4] {
  return [name, 4];
}

/**
 * @param constants for each column the value that all rows have, which the data then leaves out, or null.
 * @throws Error when the data is not as long as the columns
 */
export function unpackFirstForm(
  { rows, base, lists }: Pick<Block, "rows" | "base" | "lists">,
  constants: unknown,
  data: Uint8Array,
): Block {
  const { buffer, byteOffset, byteLength } = Bun.zstdDecompressSync(data);
  const values = new Map<BlockColumn, Uint32Array>();
  let from = byteOffset;
  for (const [index, [name, width]] of columns.entries()) {
    const constant: unknown = Array.isArray(constants) ? constants[index] : null;
    if (typeof constant === "number") {
      if (constant !== 0) values.set(name, new Uint32Array(rows).fill(constant));
      continue;
    }
    if (from + rows * width <= byteOffset + byteLength) {
      values.set(
        name,
        width === 4 ? new Uint32Array(buffer, from, rows) : new Uint32Array(new Uint16Array(buffer, from, rows)),
      );
    }
    from += rows * width;
  }
  if (from !== byteOffset + byteLength) throw new Error("A block of usage is not as long as it says.");
  return { rows, base, lists, column: (name) => values.get(name) };
}
