// Columns of rows whose types depend on the engine: whole numbers come as bigint, number or text.

import type { Row } from "./databases.ts";

/** @throws Error when the column is no whole number. */
export function wholeAt(row: Row, column: string): bigint {
  const value = row[column];
  if (typeof value === "bigint") return value;
  if (typeof value === "number" || (typeof value === "string" && value !== "")) return BigInt(value);
  throw new Error(`${column} is no whole number: ${String(value)}`);
}

/** Undefined for NULL. */
export function optionalWholeAt(row: Row, column: string): bigint | undefined {
  return row[column] === null ? undefined : wholeAt(row, column);
}

/** @throws Error when the column is no text. */
export function textAt(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`${column} is no text: ${String(value)}`);
  return value;
}

/** Undefined for NULL. */
export function optionalTextAt(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textAt(row, column);
}
