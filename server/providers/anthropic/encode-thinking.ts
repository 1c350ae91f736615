// How much Claude is asked to think, in the words of the model: newer ones take an effort, older ones a budget.

import type { JsonObject } from "../../contracts/json.ts";
import type { GeneratePrompt } from "../../conversation/prompt.ts";

/** Models that know no effort, only a number of tokens. */
const byBudget = /claude-(?:(?:haiku|sonnet|opus)-4[.-](?:[015]\b|\d{8})|(?:opus|sonnet)-4$|3)/;
/** Models whose strongest effort but one is `high`. */
const withoutExtraHigh = /claude-(?:opus|sonnet)-4[.-]6/;

const budgets: { readonly [effort: string]: number } = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
};
const leastBudget = 1_024;

export type ThinkingRequest = { readonly thinking?: JsonObject; readonly effort?: string };

/** Empty where no thinking is asked for, or where the rest of the request does not allow it, which is warned of. */
export function encodeThinking(
  { reasoning, toolChoice }: GeneratePrompt,
  options: { readonly model: string; readonly maxTokens: number; readonly midCall: boolean },
  warn: (sentence: string) => void,
): ThinkingRequest {
  const effort = reasoning?.effort ?? (reasoning?.summary === undefined ? undefined : "medium");
  if (effort === undefined || effort === "none") return {};
  if (toolChoice === "required" || typeof toolChoice === "object") {
    warn("reasoning was not carried over: the upstream does not think before a call that it is made to make");
    return {};
  }
  if (options.midCall) {
    warn("reasoning was not carried over: the turn began without it");
    return {};
  }
  if (!byBudget.test(options.model)) {
    return { thinking: { type: "adaptive", display: "summarized" }, effort: effortWord(effort, options.model) };
  }
  const wanted = Object.hasOwn(budgets, effort) ? (budgets[effort] ?? leastBudget) : leastBudget;
  const budget = Math.min(wanted, Math.floor(options.maxTokens / 2));
  if (budget < leastBudget) {
    warn("reasoning was not carried over: the output limit leaves no room for it");
    return {};
  }
  return { thinking: { type: "enabled", budget_tokens: budget } };
}

function effortWord(effort: string, model: string): string {
  if (effort === "minimal") return "low";
  return effort === "xhigh" && withoutExtraHigh.test(model) ? "high" : effort;
}
