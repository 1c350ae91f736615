// Recomputes debits from what is stored with them: counts times the recorded prices, line by line.

import { isObject, parseJson, type JsonObject } from "../contracts/json.ts";
import type { AuditedEntry } from "./ledger-records.ts";
import type { RecordedPrice, RecordedPrices } from "./price-lists.ts";

/** What is wrong with a debit's lines; undefined when they give its amount. */
export function recomputeDebit(entry: AuditedEntry, recorded: RecordedPrices): string | undefined {
  const { priceVersion } = entry;
  if (priceVersion === undefined) return "the debit names no price list";
  const prices = recorded.of(priceVersion);
  if (prices === undefined) return `the price list ${priceVersion} is not recorded`;
  const lines = parseJson(entry.lines);
  if (!Array.isArray(lines) || lines.length === 0) return "the debit has no lines that can be read";
  let sum = 0n;
  for (const line of lines) {
    const amount = isObject(line) ? lineAmount(line, prices) : "a line cannot be read";
    if (typeof amount === "string") return `${amount} (price list ${priceVersion})`;
    sum += amount;
  }
  const taken = entry.uncollected - entry.amount;
  return sum === taken ? undefined : `the lines come to ${sum} picodollars, debit and uncollected part to ${taken}`;
}

/** What the line comes to, in picodollars; words when that is not what it says. */
function lineAmount(line: JsonObject, prices: ReadonlyMap<string, RecordedPrice>): bigint | string {
  const { model, unit, count, unitPrice, amount } = line;
  if (typeof model !== "string" || typeof unit !== "string") return "a line names no model or unit";
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) return "a line has no count";
  const price = prices.get(`${model} ${unit}`);
  if (price === undefined) return `${model} had no price for ${unit}`;
  if (unitPrice !== price.text)
    return `${model} cost ${price.text} picodollars for ${unit}, not ${JSON.stringify(unitPrice)}`;
  const cost = BigInt(count) * price.amount;
  return amount === cost.toString()
    ? cost
    : `${count} ${unit} of ${model} come to ${cost}, not ${JSON.stringify(amount)}`;
}
