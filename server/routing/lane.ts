// Which lane serves a virtual model: the one asked for by name, or for `astrolabe/auto` the first that fits the work.

import type { ActionClass, Lane } from "../contracts/policy.ts";
import { lowRiskCategories } from "./classify.ts";
import type { RequestFeatures } from "./features.ts";
import type { Classification } from "./plan.ts";

const codingActions: ReadonlySet<ActionClass> = new Set(["code_edit", "exec_loop", "subagent_coordination"]);
const researchActions: ReadonlySet<ActionClass> = new Set(["research_synthesis", "browser_research"]);

/** Whether the text is about an act or matter with consequences, or an approval has been asked for. */
export function needsSafeHands({ category, actionClass, modifiers }: Classification): boolean {
  return category === "high_stakes" || actionClass === "high_stakes" || modifiers.includes("approval_required");
}

/**
 * A lane asked for by name is kept, except that high-stakes text leaves `cheap` for `safe`. For `auto` the order is:
 * safe, then the stack's own lane, then vision, strict-json, research, coding, cheap, auto. Tools alone never mean
 * strict-json, and files without images never mean vision.
 */
export function chooseLane(
  requested: Lane,
  classification: Classification,
  features: RequestFeatures,
  stackLane: Lane | undefined,
): Lane {
  const safe = needsSafeHands(classification);
  if (requested !== "auto") return requested === "cheap" && safe ? "safe" : requested;
  if (safe) return "safe";
  if (stackLane !== undefined && stackLane !== "auto") return stackLane;
  const { category, complexity, actionClass, modifiers } = classification;
  if (features.attachments.some(({ kind }) => kind === "image" || kind === "video")) return "vision";
  if (modifiers.includes("needs_strict_schema")) return "strict-json";
  if (category === "research" || researchActions.has(actionClass)) return "research";
  if (category === "coding" || codingActions.has(actionClass)) return "coding";
  const lowRisk = lowRiskCategories.has(category);
  const plain = complexity === "simple" && !modifiers.includes("tool_present");
  return lowRisk && (plain || modifiers.includes("price_sensitive")) ? "cheap" : "auto";
}
