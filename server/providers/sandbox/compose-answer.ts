// What the sandbox answers: tool calls where the turn calls for them, JSON where a schema is asked for, prose otherwise.
// The same prompt, model and limit always give the same answer.

import { createHash } from "node:crypto";
import { entryOf } from "../../contracts/json.ts";
import type { Answer } from "../../conversation/answer.ts";
import type { AssistantPart, GeneratePrompt, OutputFormat, Tool } from "../../conversation/prompt.ts";
import { exactUsage, unknownUsage } from "../../conversation/usage.ts";
import { exampleFor } from "./example-for.ts";
import { beforeStopWord, limitedDraft, type Draft } from "./limit-answer.ts";
import { lastUserText, meaningfulWords, shortened, trailingToolResults } from "./prompt-text.ts";
import { proseOfLength, simulatedProse, type ProseSubject } from "./prose.ts";
import { promptTokens } from "./tokens.ts";
import { toolsToCall } from "./tool-choice.ts";
import { withoutTriggers, type ActiveTriggers } from "./triggers.ts";

export type AnswerOptions = {
  /** The catalogue's id: whose place the answer takes. */
  readonly model: string;
  readonly upstreamModel: string;
  readonly maxOutputTokens: number | undefined;
  readonly triggers: ActiveTriggers;
};

/** Reasoning tokens by the effort asked for; other words count as `medium`. */
const reasoningTokensByEffort: { readonly [effort: string]: number } = {
  none: 0,
  minimal: 16,
  low: 64,
  medium: 256,
  high: 512,
  xhigh: 1024,
};

/** The whole answer, usage included. Failures are not its business; they are raised before or while it is sent. */
export function composeAnswer(prompt: GeneratePrompt, options: AnswerOptions): Answer {
  const { triggers } = options;
  const draft = limitedDraft(draftAnswer(prompt, options), options.maxOutputTokens);
  const inputTokens = promptTokens(prompt);
  const cached = triggers.get("cached");
  const usage = exactUsage({
    inputTokens,
    cachedInputTokens: cached === undefined ? undefined : Math.min(cached, inputTokens),
    outputTokens: draft.outputTokens,
    reasoningTokens: draft.reasoningTokens === 0 ? undefined : draft.reasoningTokens,
  });
  return {
    model: options.upstreamModel,
    parts: draft.parts,
    finish: draft.finish,
    usage: triggers.has("no_usage") ? unknownUsage : usage,
  };
}

function draftAnswer(prompt: GeneratePrompt, options: AnswerOptions): Draft {
  const { triggers } = options;
  if (triggers.has("empty")) return { parts: [], reasoningTokens: 0, finish: "stop" };
  if (triggers.has("refusal")) {
    const text = `I cannot help with that. (A simulated refusal in place of ${options.model}.)`;
    return { parts: [{ type: "refusal", text }], reasoningTokens: 0, finish: "stop" };
  }
  const question = withoutTriggers(lastUserText(prompt));
  const reasoning = reasoningOf(prompt, question, triggers);
  const calls = toolsToCall(prompt, question).map((tool, index) => toolCall(prompt, tool, question, index, triggers));
  if (calls.length > 0) return { ...reasoning, parts: [...reasoning.parts, ...calls], finish: "tool_calls" };
  const whole = answerText(prompt, question, options);
  const filtered = triggers.has("content_filter");
  const text = filtered ? shortened(whole, Math.ceil(whole.length / 2)) : whole;
  return {
    ...reasoning,
    parts: text === "" ? reasoning.parts : [...reasoning.parts, { type: "text", text }],
    finish: filtered ? "content_filter" : "stop",
  };
}

function reasoningOf(
  prompt: GeneratePrompt,
  question: string,
  triggers: ActiveTriggers,
): { readonly parts: readonly AssistantPart[]; readonly reasoningTokens: number } {
  const effort = prompt.reasoning?.effort;
  const byEffort = effort === undefined ? 0 : (entryOf(reasoningTokensByEffort, effort) ?? 256);
  const reasoningTokens = triggers.get("reasoning") ?? byEffort;
  if (reasoningTokens === 0) return { parts: [], reasoningTokens };
  const topic = meaningfulWords(question, 4).join(", ") || "the last message";
  return { parts: [{ type: "reasoning", text: `Simulated reasoning about ${topic}.` }], reasoningTokens };
}

function answerText(prompt: GeneratePrompt, question: string, options: AnswerOptions): string {
  if (prompt.format !== undefined) return spoiled(structuredText(prompt.format, question, options), options.triggers);
  const subject: ProseSubject = {
    model: options.model,
    question,
    toolResults: trailingToolResults(prompt),
    messageCount: prompt.messages.length,
    verbosity: prompt.verbosity ?? "medium",
  };
  const length = options.triggers.get("tokens");
  const prose = length === undefined ? simulatedProse(subject) : proseOfLength(subject, length);
  return beforeStopWord(prose, prompt.stop ?? []);
}

function structuredText(format: OutputFormat, question: string, options: AnswerOptions): string {
  if (format.type === "json_schema") return JSON.stringify(exampleFor(format.schema, wordsToFillIn(question)));
  return JSON.stringify({ simulated: true, model: options.model, question: shortened(question, 240) });
}

function toolCall(
  prompt: GeneratePrompt,
  tool: Tool,
  question: string,
  index: number,
  triggers: ActiveTriggers,
): AssistantPart {
  const example = tool.parameters === undefined ? {} : exampleFor(tool.parameters, wordsToFillIn(question));
  const text = spoiled(JSON.stringify(example), triggers);
  // The number of messages keeps the ids of a conversation's turns apart without chance.
  const seed = JSON.stringify([prompt.messages.length, index, tool.name, text]);
  const callId = `call_${createHash("sha256").update(seed).digest("hex").slice(0, 24)}`;
  return { type: "tool-call", callId, name: tool.name, arguments: text };
}

/** Texts of the question that look like values: quoted ones, and capitalised words that do not begin a sentence. */
function wordsToFillIn(question: string): string[] {
  const start = question.slice(0, 4_000);
  const quoted = [...start.matchAll(/"([^"]{1,80})"/g)].map(([, text = ""]) => text);
  const capitalised = [...start.matchAll(/(?<=[\p{L}\p{N},] )\p{Lu}[\p{L}\p{N}-]+(?: \p{Lu}[\p{L}\p{N}-]+){0,3}/gu)];
  return [...quoted, ...capitalised.map(([text]) => text)].slice(0, 20);
}

function spoiled(json: string, triggers: ActiveTriggers): string {
  if (triggers.has("bad_json")) return unfinished(json);
  return triggers.has("bad_schema") ? "null" : json;
}

/** Half of the JSON. Half of a number would be JSON again, so anything but an object or array gets a brace to leave open. */
function unfinished(json: string): string {
  const half = json.slice(0, Math.floor(json.length / 2));
  return /^[[{]./.test(half) ? half : `{${half}`;
}
