// How much Gemini is asked to think, in the words of the model: newer ones take a level, older ones a budget.

import { entryOf, type JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt } from "../../conversation/prompt.ts";
import type { Warn } from "../warn-once.ts";

/** Models that know no level, only a number of tokens. */
const byBudget = /gemini-2\.5/;
const byLevel = /gemini-(?:[3-9]|\d\d)/;
const pro = /-pro/;

const budgets: { readonly [effort: string]: number } = {
  minimal: 1_024,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 24_576,
};
/** A pro model cannot be kept from thinking. */
const leastBudgets = { pro: 128, other: 0 } as const;

const levels: { readonly [effort: string]: string } = {
  none: "MINIMAL",
  minimal: "MINIMAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  xhigh: "HIGH",
};

/** Undefined where nothing is asked for, or the model does not think, which is warned of. */
export function encodeThinking(
  { reasoning }: GeneratePrompt,
  { model, maxOutputTokens }: { readonly model: string; readonly maxOutputTokens: number | undefined },
  warn: Warn,
): JsonObject | undefined {
  const effort = reasoning?.effort;
  if (effort === undefined && reasoning?.summary === undefined) return undefined;
  if (!byBudget.test(model) && !byLevel.test(model)) {
    if (effort !== "none") warn("reasoning was not carried over: the upstream's model is not asked to think");
    return undefined;
  }
  const thoughts = effort === "none" ? {} : { includeThoughts: true };
  if (effort === undefined) return thoughts;
  if (effort === "none" && (byLevel.test(model) || pro.test(model))) {
    warn("reasoning cannot be switched off for the upstream's model: it is asked for its least");
  }
  return byBudget.test(model)
    ? { thinkingBudget: budgetOf(effort, model, maxOutputTokens), ...thoughts }
    : { thinkingLevel: levelOf(effort, model), ...thoughts };
}

/** At most half of the output limit, which thoughts count towards. */
function budgetOf(effort: string, model: string, maxOutputTokens: number | undefined): number {
  const least = pro.test(model) ? leastBudgets.pro : leastBudgets.other;
  if (effort === "none") return least;
  const wanted = entryOf(budgets, effort) ?? budgets["medium"] ?? least;
  const room = maxOutputTokens === undefined ? wanted : Math.floor(maxOutputTokens / 2);
  const budget = Math.min(wanted, room);
  // Flash-Lite takes none at all or 512 and more.
  return least === 0 && budget < leastUsefulBudget ? 0 : Math.max(least, budget);
}

const leastUsefulBudget = 512;

/** A pro model knows no level below low. */
function levelOf(effort: string, model: string): string {
  const level = entryOf(levels, effort) ?? "MEDIUM";
  return level === "MINIMAL" && pro.test(model) ? "LOW" : level;
}
