// What kind of work a request is: category, complexity, action class and modifiers, out of its features alone.
// A heuristic of fixed cost: the text is capped, read once, and every decision is a table or a few comparisons.

import {
  modifiers as modifierNames,
  type ActionClass,
  type Category,
  type Complexity,
  type CostMode,
  type Lane,
  type Modifier,
} from "../contracts/policy.ts";
import { expectedOutputTokens } from "./expected-output.ts";
import { headAndTail, type RequestFeatures } from "./features.ts";
import { roles } from "./lexicon.ts";
import type { Classification } from "./plan.ts";
import { mentionCap, readTurn, type Reading } from "./reading.ts";
import { scoredCategories } from "./vocabulary.ts";

export type ClassifyOptions = { readonly untrustedContent: boolean; readonly costMode: CostMode };

/** Categories whose mistakes cost little. */
export const lowRiskCategories: ReadonlySet<Category> = new Set([
  "heartbeat",
  "retrieval",
  "summarization",
  "creative",
  "communication",
]);

const turnLimit = 8_000;
const contextLimit = 2_500;
/** A turn of at most this many words that says nothing by itself is read together with what came before it. */
const shortTurnWords = 8;
const longContextTokens = 10_000;
const complexTokens = 12_000;
const standardTokens = 2_500;
const cacheableMessages = 6;
const longConversationMessages = 8;

/**
 * Classifies one request. `lane` is the lane asked for by name, or `pinned` for a concrete model.
 * Deterministic; never throws; its cost is bounded by the caps of the features.
 */
export function classify(features: RequestFeatures, lane: Lane | "pinned", options: ClassifyOptions): Classification {
  const reading = readRequest(features);
  const facts = factsOf(features, lane, reading);
  const { category, score, margin } = chooseCategory(features, reading);
  const actionClass = actionClassOf(category, facts, reading);
  const complexity = complexityOf(category, features, facts, reading);
  return {
    category,
    complexity,
    actionClass,
    modifiers: modifiersOf(features, facts, actionClass, category, reading, options),
    confidence: confidenceOf(facts, score, margin),
    signals: [...facts.signals, ...reading.signals],
    expectedOutputTokens: expectedOutputTokens(features, category, complexity, (reading.roles & roles.brief) !== 0),
  };
}

/** The same request under another policy: only the modifiers that come from the policy may differ. */
export function reclassify(known: Classification, { untrustedContent, costMode }: ClassifyOptions): Classification {
  const present = new Set(known.modifiers);
  const set = (modifier: Modifier, holds: boolean) => (holds ? present.add(modifier) : present.delete(modifier));
  set("price_sensitive", costMode === "lowest_passable");
  set("untrusted_content", untrustedContent);
  return { ...known, modifiers: modifierNames.filter((modifier) => present.has(modifier)) };
}

/** Facts that need no reading between the lines. */
type Facts = {
  readonly visual: boolean;
  readonly structured: boolean;
  readonly toolsUsable: boolean;
  readonly inputTokens: number;
  readonly signals: readonly string[];
};

function factsOf(features: RequestFeatures, lane: Lane | "pinned", reading: Reading): Facts {
  const visual = features.attachments.some(({ kind }) => kind === "image" || kind === "video");
  const structured = features.format !== "text" || lane === "strict-json" || reading.asksForJson;
  const toolsUsable = features.toolNames.length > 0 && features.toolsUsable;
  const signals: string[] = [];
  if (reading.highStakes) signals.push(reading.consequentialAct ? "act with consequences" : "sensitive matter");
  if (visual) signals.push("image or video");
  if (features.format !== "text") signals.push(`format:${features.format}`);
  else if (reading.asksForJson) signals.push("asks for JSON");
  if (toolsUsable) signals.push(`tools:${features.toolNames.length}`);
  if (features.insideToolExchange) signals.push("inside a tool exchange");
  return { visual, structured, toolsUsable, inputTokens: Math.ceil(features.textBytes / 4), signals };
}

/** What is embedded is data, not a task: nothing in it is an order. */
function readRequest(features: RequestFeatures): Reading {
  if (features.embeddingInputs > 0) return readTurn("");
  const reading = readTurn(headAndTail(features.lastUserText, turnLimit));
  const silent = reading.marks.words <= shortTurnWords && reading.scores.every((score) => score < 2);
  if (!silent || reading.highStakes || features.contextText === "") return reading;
  const context = readTurn(headAndTail(features.contextText, contextLimit));
  return {
    ...context,
    marks: reading.marks,
    sharedRoles: reading.sharedRoles,
    firstRoles: reading.firstRoles,
    scores: context.scores.map((score, index) => score / 2 + (reading.scores[index] ?? 0)),
    signals: [...reading.signals, ...context.signals],
  };
}

type Choice = { readonly category: Category; readonly score: number; readonly margin: number };

function chooseCategory(features: RequestFeatures, reading: Reading): Choice {
  if (features.embeddingInputs > 0) return { category: "retrieval", score: 6, margin: 6 };
  if (reading.highStakes) return { category: "high_stakes", score: 6, margin: 6 };
  const code = looksLikeCode(reading);
  let category: Category = silentCategory(features, reading);
  let best = 0;
  let second = 0;
  scoredCategories.forEach((candidate, index) => {
    const read = reading.scores[index] ?? 0;
    const score = code && candidate === "coding" ? Math.max(read, mentionCap) : read;
    if (score > best) {
      second = best;
      best = score;
      category = candidate;
    } else if (score > second) second = score;
  });
  return { category, score: best, margin: best - second };
}

/** At least ten marks of code, and one in fifty characters: more than prose has. */
function looksLikeCode({ marks }: Reading): boolean {
  return marks.codeMarks >= 10 && marks.codeMarks * 50 >= marks.characters;
}

const pleasantryWords = 4;
const shortQuestionWords = 15;

/** For text without a known word: small talk and short factual questions are low-risk, everything else is work. */
function silentCategory(features: RequestFeatures, { marks, sharedRoles, firstRoles }: Reading): Category {
  if (features.toolNames.length > 0 || features.insideToolExchange) return "core_loop";
  if (marks.words <= pleasantryWords && sharedRoles & roles.pleasantry) return "communication";
  const asks = marks.questionMarks === 1 && (firstRoles & roles.questionWord) !== 0;
  return asks && marks.words <= shortQuestionWords && marks.mathMarks === 0 ? "retrieval" : "core_loop";
}

/** First match wins. */
function actionClassOf(category: Category, facts: Facts, reading: Reading): ActionClass {
  const has = (bits: number) => (reading.roles & bits) !== 0;
  if (category === "high_stakes") return "high_stakes";
  if (facts.visual) return "vision_analysis";
  if (facts.structured) return "strict_json";
  if (has(roles.subagent)) return "subagent_coordination";
  if (has(roles.browse) && category !== "coding")
    return category === "research" ? "research_synthesis" : "browser_research";
  if (has(roles.execLoop)) return "exec_loop";
  if (category === "coding" && has(roles.codeEdit)) return "code_edit";
  if (category === "research") return "research_synthesis";
  if (category === "communication")
    return facts.toolsUsable || reading.signals.length > 0 ? "message_drafting" : "casual_chat";
  return facts.toolsUsable || !lowRiskCategories.has(category) ? "active_session" : "casual_chat";
}

function complexityOf(category: Category, features: RequestFeatures, facts: Facts, reading: Reading): Complexity {
  if (category === "high_stakes") return "critical";
  if (features.embeddingInputs > 0) return "simple";
  const has = (bits: number) => (reading.roles & bits) !== 0;
  if (facts.inputTokens >= complexTokens) return "complex";
  if (has(roles.deep) && !lowRiskCategories.has(category)) return "complex";
  if (facts.inputTokens >= standardTokens || features.messageCount >= longConversationMessages) return "standard";
  if (facts.toolsUsable || !lowRiskCategories.has(category)) return "standard";
  return "simple";
}

/** Action classes that are modifiers too. */
const actionModifiers: { readonly [action in ActionClass]?: Modifier } = {
  exec_loop: "exec_loop",
  browser_research: "browser_research",
  code_edit: "code_edit",
  subagent_coordination: "subagent_coordination",
};

function modifiersOf(
  features: RequestFeatures,
  facts: Facts,
  actionClass: ActionClass,
  category: Category,
  reading: Reading,
  options: ClassifyOptions,
): Modifier[] {
  const present: Modifier[] = [];
  const cacheable = facts.inputTokens >= standardTokens || features.messageCount >= cacheableMessages;
  const approval = (reading.roles & roles.approvalAsked) !== 0 || (reading.consequentialAct && facts.toolsUsable);
  if (features.attachments.length > 0) present.push("multimodal");
  if (facts.toolsUsable) present.push("tool_present");
  if (facts.structured) present.push("needs_strict_schema");
  const actionModifier = actionModifiers[actionClass];
  if (actionModifier) present.push(actionModifier);
  if (facts.inputTokens >= longContextTokens) present.push("long_context");
  if (cacheable) present.push("cacheable");
  if (approval) present.push("approval_required");
  if (options.costMode === "lowest_passable") present.push("price_sensitive");
  if (options.untrustedContent) present.push("untrusted_content");
  if (category === "high_stakes") present.push("high_stakes");
  return present;
}

/** Facts are surer than words, and words are surer the further the first category is ahead of the second. */
function confidenceOf(facts: Facts, score: number, margin: number): number {
  if (facts.visual || facts.structured) return 5;
  if (score >= 6 && margin >= 3) return 5;
  if (score >= 4 && margin >= 2) return 4;
  if (score >= 2 && margin >= 1) return 3;
  return score > 0 ? 2 : 1;
}
