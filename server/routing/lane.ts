// Which lane serves a virtual model: the one asked for by name, or for `astrolabe/auto` the first that fits the work.

import type { ActionClass, Lane, QualityTarget, StackPolicy } from "../contracts/policy.ts";
import { lowRiskCategories } from "./classify.ts";
import type { RequestFeatures } from "./features.ts";
import type { Classification } from "./plan.ts";

const codingActions: ReadonlySet<ActionClass> = new Set(["code_edit", "exec_loop", "subagent_coordination"]);
/** Targets that the cheap lane's models do not reach. */
const demanding: ReadonlySet<QualityTarget> = new Set(["high", "critical"]);
const researchActions: ReadonlySet<ActionClass> = new Set(["research_synthesis", "browser_research"]);

/** Whether the text is about an act or matter with consequences, or an approval has been asked for. */
export function needsSafeHands({ category, actionClass, modifiers }: Classification): boolean {
  return category === "high_stakes" || actionClass === "high_stakes" || modifiers.includes("approval_required");
}

/**
 * A lane asked for by name is kept, except that high-stakes text leaves `cheap` for `safe`. For `auto` the order is:
 * safe, then the stack's own lane, then vision, strict-json, research, coding, cheap, auto. Tools alone never mean
 * strict-json, files without images never mean vision, and low risk never means cheap where quality is asked for.
 */
export function chooseLane(
  requested: Lane,
  classification: Classification,
  features: RequestFeatures,
  { autoLane, qualityTarget }: Pick<StackPolicy["objective"], "autoLane" | "qualityTarget">,
): Lane {
  const safe = needsSafeHands(classification);
  if (requested !== "auto") return requested === "cheap" && safe ? "safe" : requested;
  if (safe) return "safe";
  if (autoLane !== undefined && autoLane !== "auto") return autoLane;
  const { category, complexity, actionClass, modifiers } = classification;
  if (features.attachments.some(({ kind }) => kind === "image" || kind === "video")) return "vision";
  if (modifiers.includes("needs_strict_schema")) return "strict-json";
  if (category === "research" || researchActions.has(actionClass)) return "research";
  if (category === "coding" || codingActions.has(actionClass)) return "coding";
  const lowRisk = lowRiskCategories.has(category) && !demanding.has(qualityTarget);
  const plain = complexity === "simple" && !modifiers.includes("tool_present");
  return lowRisk && (plain || modifiers.includes("price_sensitive")) ? "cheap" : "auto";
}
