// What planning looked at in a request, without its text: a few numbers, so that the same request can be planned again
// under another policy. Every trace of a planned request holds them.

import { actionClasses, categories, complexities, modifiers } from "../contracts/policy.ts";
import type { Attachment, RequestFeatures } from "../routing/features.ts";
import type { Classification } from "../routing/plan.ts";
import type { StoredTrace } from "./stored-trace.ts";

/** In this order; fields are only ever added at the end. */
export type StoredInputs = readonly [
  textBytes: number,
  textTokenBound: number,
  messages: number,
  /** A sum of `flagBits`. */
  flags: number,
  /** Index into `formats`. */
  format: number,
  tools: number,
  embeddingInputs: number,
  expectedOutputTokens: number,
  /** 0 when the caller set none. */
  maxOutputTokens: number,
  choices: number,
  /** How many of each of `attachmentKinds`; absent when there are none. */
  attachments?: readonly number[],
];

export type RecordedInputs = {
  readonly features: RequestFeatures;
  readonly classification: Classification;
  /** Undefined when the caller set none. */
  readonly maxOutputTokens: number | undefined;
  readonly choices: number;
  /** Whether the request itself declared untrusted content. */
  readonly untrustedDeclared: boolean;
  /** Whether a person's confirmation came with it. */
  readonly confirmed: boolean;
};

const flagBits = { toolsUsable: 1, parallel: 2, reasoning: 4, toolExchange: 8, untrusted: 16, confirmed: 32 } as const;
const formats = ["text", "json_object", "json_schema"] as const satisfies readonly RequestFeatures["format"][];
const attachmentKinds = ["image", "file", "audio", "video"] as const satisfies readonly Attachment["kind"][];
/** Attachments that a trace from outside could claim, kind by kind; no request has more. */
const mostAttachments = 10_000;

export function storeInputs(inputs: RecordedInputs): StoredInputs {
  const { features, classification, maxOutputTokens, choices } = inputs;
  const stored = [
    features.textBytes,
    features.textTokenBound,
    features.messageCount,
    flagsOf(inputs),
    formats.indexOf(features.format),
    features.toolNames.length,
    features.embeddingInputs,
    classification.expectedOutputTokens,
    maxOutputTokens ?? 0,
    choices,
  ] as const;
  const { attachments } = features;
  return attachments.length === 0 ? stored : [...stored, countKinds(attachments)];
}

function flagsOf({ features, untrustedDeclared, confirmed }: RecordedInputs): number {
  return (
    (features.toolsUsable ? flagBits.toolsUsable : 0) +
    (features.parallelToolCalls ? flagBits.parallel : 0) +
    (features.reasoningRequested ? flagBits.reasoning : 0) +
    (features.insideToolExchange ? flagBits.toolExchange : 0) +
    (untrustedDeclared ? flagBits.untrusted : 0) +
    (confirmed ? flagBits.confirmed : 0)
  );
}

function countKinds(attachments: readonly Attachment[]): number[] {
  return attachmentKinds.map((kind) => attachments.filter((one) => one.kind === kind).length);
}

/** Undefined for traces of requests that were never planned, and for those that are older than the recording. */
export function readInputs({ inputs, class: found }: StoredTrace): RecordedInputs | undefined {
  if (inputs === undefined || found === undefined) return undefined;
  const [textBytes, textTokenBound, messageCount, flags, format, tools, embeddingInputs, expectedOutputTokens] = inputs;
  const classification = readClassification(found, expectedOutputTokens);
  if (classification === undefined) return undefined;
  const [maxOutputTokens, choices, kinds = []] = inputs.slice(8);
  const has = (bit: number): boolean => (flags & bit) !== 0;
  return {
    features: {
      lastUserText: "",
      contextText: "",
      textBytes,
      textTokenBound,
      messageCount,
      attachments: Array.isArray(kinds) ? attachmentsOf(kinds) : [],
      toolNames: Array.from({ length: tools }, (_, index) => `tool ${index + 1}`),
      toolsUsable: has(flagBits.toolsUsable),
      parallelToolCalls: has(flagBits.parallel),
      format: formats[format] ?? "text",
      reasoningRequested: has(flagBits.reasoning),
      insideToolExchange: has(flagBits.toolExchange),
      embeddingInputs,
    },
    classification,
    maxOutputTokens: typeof maxOutputTokens === "number" && maxOutputTokens > 0 ? maxOutputTokens : undefined,
    choices: typeof choices === "number" ? choices : 1,
    untrustedDeclared: has(flagBits.untrusted),
    confirmed: has(flagBits.confirmed),
  };
}

function attachmentsOf(counts: readonly number[]): Attachment[] {
  return attachmentKinds.flatMap((kind, index) =>
    Array.from({ length: Math.min(counts[index] ?? 0, mostAttachments) }, () => ({ kind })),
  );
}

/** Undefined when a word is none of the policy's: written by another version of this server. */
function readClassification(
  [categoryName, complexityName, actionName, confidence, modifierNames, signals]: NonNullable<StoredTrace["class"]>,
  expectedOutputTokens: number,
): Classification | undefined {
  const category = categories.find((name) => name === categoryName);
  const complexity = complexities.find((name) => name === complexityName);
  const actionClass = actionClasses.find((name) => name === actionName);
  if (category === undefined || complexity === undefined || actionClass === undefined) return undefined;
  const present = modifiers.filter((name) => modifierNames.includes(name));
  return { category, complexity, actionClass, modifiers: present, confidence, signals, expectedOutputTokens };
}
