// A debit's lines as text, and back. The text is what is stored and what the chain's hash covers.

import { isObject, numberAt, parseJson, stringAt } from "../contracts/json.ts";
import { billingUnits } from "../money/charge.ts";
import { picodollars } from "../money/picodollars.ts";
import type { EntryLine } from "./operations.ts";

/** Amounts are picodollars as decimal text, so that no reader rounds them. */
export function formatEntryLines(lines: readonly EntryLine[]): string {
  if (lines.length === 0) return "[]";
  return JSON.stringify(
    lines.map((line) => ({ ...line, unitPrice: line.unitPrice.toString(), amount: line.amount.toString() })),
  );
}

/** @throws Error when the text is not what `formatEntryLines` writes: the ledger has then been tampered with. */
export function readEntryLines(text: string): EntryLine[] {
  const value = parseJson(text);
  if (!Array.isArray(value)) throw new Error("ledger lines are not a list");
  return value.map((line) => {
    const fields = isObject(line) ? line : {};
    const unit = billingUnits.find((name) => name === fields["unit"]);
    const count = numberAt(fields, "count");
    const model = stringAt(fields, "model");
    const provider = stringAt(fields, "provider");
    const unitPrice = stringAt(fields, "unitPrice");
    const amount = stringAt(fields, "amount");
    if (!unit || count === undefined || !model || !provider || !unitPrice || !amount) {
      throw new Error("a ledger line is incomplete");
    }
    return {
      model,
      provider,
      unit,
      count,
      unitPrice: picodollars(BigInt(unitPrice)),
      amount: picodollars(BigInt(amount)),
    };
  });
}
