// Turns database columns into domain values: SQLite gives integers as bigint and words as plain text.

import { budgetSchema, type Budget } from "../contracts/budget.ts";
import { parseJson } from "../contracts/json.ts";

/** Times and counts; null means absent. They stay far below 2^53. */
export function optionalNumber(value: bigint | number | null): number | undefined {
  return value === null ? undefined : Number(value);
}

/**
 * The word out of a closed list that a CHECK constraint already guards.
 * @throws Error when the database holds another one: it was written by a newer version, or by hand.
 */
export function wordOf<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new Error(`The database holds the unknown word "${text}".`);
  return word;
}

/**
 * A column holding a JSON list of texts.
 * @throws Error when it holds anything else: an unreadable list of restrictions must not read as none.
 */
export function textList(json: string): string[] {
  const value = parseJson(json);
  const texts = Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
  if (texts === undefined || !Array.isArray(value) || texts.length !== value.length) {
    throw new Error("The database holds a list of texts that cannot be read.");
  }
  return texts;
}

/**
 * A budget's column. Reading it through the schema fills in fields that were added since it was written.
 * @throws Error when it holds anything else: an unreadable limit must not read as none.
 */
export function optionalBudget(json: string | null): Budget | undefined {
  return json === null ? undefined : budgetSchema.parse(parseJson(json));
}

/** A budget as its column holds it. */
export function budgetColumn(budget: Budget | undefined): string | null {
  return budget === undefined ? null : JSON.stringify(budget);
}
