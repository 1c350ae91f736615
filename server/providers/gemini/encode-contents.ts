// Neutral messages as contents. System text stands beside them here; the results of one turn's calls stand together, in
// the order of the calls; and a signature stands at the part that it signs.

import { invalidField } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import type { AssistantPart, Message, ToolCallPart, UserPart } from "../../conversation/prompt.ts";
import { toolInput } from "../../protocols/messages-wire.ts";
import type { Warn } from "../warn-once.ts";
import { givenId, thoughtSignature } from "./call-marks.ts";
import { encodeAudio, encodeFile, encodeImage } from "./encode-media.ts";

export type Content = { readonly role: "user" | "model"; readonly parts: JsonObject[] };
export type Conversation = { readonly system: readonly JsonObject[]; readonly contents: readonly Content[] };

type AssistantMessage = Extract<Message, { readonly role: "assistant" }>;
type ResultMessage = Extract<Message, { readonly role: "tool" }>;

type Writing = {
  readonly system: JsonObject[];
  readonly contents: Content[];
  /** Calls of the latest assistant turn, in order. */
  calls: readonly ToolCallPart[];
  /** Results that wait for the rest of their turn's. */
  results: ResultMessage[];
  readonly warn: Warn;
};

/**
 * @param signsCalls whether the model refuses calls of the turn under way that come back without their signature.
 * @throws GatewayError invalid_request for content that Gemini cannot read, and results of calls that are not there.
 */
export function encodeConversation(messages: readonly Message[], signsCalls: boolean, warn: Warn): Conversation {
  const writing: Writing = { system: [], contents: [], calls: [], results: [], warn };
  for (const turn of turnsOf(messages)) encodeTurn(writing, turn);
  flushResults(writing);
  const { system, contents } = writing;
  if (contents.length === 0) throw invalidField("messages", "more than instructions for the chosen model");
  if (signsCalls) excuseUnsigned(contents, warn);
  return { system, contents };
}

/** Messages of the assistant that follow one another are one turn of the model. */
function turnsOf(messages: readonly Message[]): Message[] {
  const turns: Message[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (message.role === "assistant" && last?.role === "assistant") {
      turns[turns.length - 1] = { role: "assistant", parts: [...last.parts, ...message.parts] };
    } else turns.push(message);
  }
  return turns;
}

function encodeTurn(writing: Writing, message: Message): void {
  const { system, contents, warn } = writing;
  if (message.role === "tool") return void writing.results.push(message);
  flushResults(writing);
  switch (message.role) {
    case "system":
    case "developer":
      if (contents.length > 0)
        warn("a later system message was moved to the front: the upstream takes them only there");
      return void system.push(...message.parts.flatMap(encodeText));
    case "user":
      return add(
        contents,
        "user",
        message.parts.flatMap((part) => encodeUserPart(part, warn)),
      );
    case "assistant":
      writing.calls = message.parts.filter((part) => part.type === "tool-call");
      return add(contents, "model", encodeAssistant(message, warn));
  }
}

function add(contents: Content[], role: Content["role"], parts: JsonObject[]): void {
  if (parts.length > 0) contents.push({ role, parts });
}

/** Empty text is left out: the API refuses a part without anything in it. */
function encodeText({ text }: { readonly text: string }): JsonObject[] {
  return text === "" ? [] : [{ text }];
}

function encodeUserPart(part: UserPart, warn: Warn): JsonObject[] {
  switch (part.type) {
    case "text":
      return encodeText(part);
    case "image":
      return [encodeImage(part, warn)];
    case "file":
      return [encodeFile(part, warn)];
    case "audio":
      return [encodeAudio(part)];
  }
}

/** Thoughts are not sent back in words: what the model needs of them is in their signatures. */
function encodeAssistant({ parts }: AssistantMessage, warn: Warn): JsonObject[] {
  const ofCalls = new Map<string, string>();
  const encoded: JsonObject[] = [];
  let ofText: string | undefined;
  for (const part of parts) {
    if (part.type !== "reasoning") continue;
    const signed = thoughtSignature(part.encrypted);
    if (signed === undefined && (part.encrypted !== undefined || part.text !== "")) {
      warn("reasoning of earlier turns was not carried over: Gemini takes back only what it signed");
    }
    if (signed?.callId === undefined) ofText = signed?.signature ?? ofText;
    else ofCalls.set(signed.callId, signed.signature);
  }
  for (const part of parts) encoded.push(...encodeAssistantPart(part, ofCalls));
  return ofText === undefined ? encoded : withSignedText(encoded, ofText);
}

function encodeAssistantPart(part: AssistantPart, signatures: ReadonlyMap<string, string>): JsonObject[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return encodeText(part);
    case "reasoning":
      return [];
    case "tool-call": {
      const signature = signatures.get(part.callId);
      const functionCall = { ...idOf(part.callId), name: part.name, args: toolInput(part.arguments) };
      return [{ functionCall, ...(signature === undefined ? {} : { thoughtSignature: signature }) }];
    }
  }
}

function idOf(callId: string): JsonObject {
  const id = givenId(callId);
  return id === undefined ? {} : { id };
}

/** At the last text, or in a part of its own as streams end with. */
function withSignedText(parts: readonly JsonObject[], thoughtSignature: string): JsonObject[] {
  const at = parts.findLastIndex(({ text }) => text !== undefined);
  return at === -1
    ? [...parts, { text: "", thoughtSignature }]
    : parts.map((part, index) => (index === at ? { ...part, thoughtSignature } : part));
}

/** What results hold besides text follows them: the API takes an object for each call. */
function flushResults(writing: Writing): void {
  const { results, calls, contents, warn } = writing;
  if (results.length === 0) return;
  const places = new Map(calls.map(({ callId }, place) => [callId, place]));
  const placeOf = ({ callId }: ResultMessage): number => places.get(callId) ?? calls.length;
  const ordered = results.toSorted((one, other) => placeOf(one) - placeOf(other));
  writing.results = [];
  const parts = ordered.map((result) => encodeResult(result, calls));
  for (const { callId, parts: found } of ordered) {
    const others = found.filter(({ type }) => type !== "text");
    if (others.length > 0) parts.push({ text: `Result of ${callId}:` });
    parts.push(...others.flatMap((part) => encodeUserPart(part, warn)));
  }
  contents.push({ role: "user", parts });
}

function encodeResult({ callId, parts }: ResultMessage, calls: readonly ToolCallPart[]): JsonObject {
  const call = calls.find((each) => each.callId === callId);
  if (call === undefined)
    throw invalidField("messages", "free of results of calls that do not stand right before them");
  const texts = parts.filter((part) => part.type === "text").map(({ text }) => text);
  const attached = texts.length === 0 && parts.length > 0;
  const output = attached ? "The result is attached below." : texts.join("\n");
  return { functionResponse: { ...idOf(callId), name: call.name, response: { output } } };
}

/** What Google documents for calls whose thoughts are lost, or were another model's. */
const withoutSignature = "skip_thought_signature_validator";

/** The first call of each step since the user last spoke needs a signature. */
function excuseUnsigned(contents: readonly Content[], warn: Warn): void {
  const spoke = contents.findLastIndex(
    ({ role, parts }) => role === "user" && !parts.some(({ functionResponse }) => functionResponse !== undefined),
  );
  for (const { role, parts } of contents.slice(spoke + 1)) {
    const first = role === "model" ? parts.find(({ functionCall }) => functionCall !== undefined) : undefined;
    if (first === undefined || first.thoughtSignature !== undefined) continue;
    first.thoughtSignature = withoutSignature;
    warn("thoughts before a tool call were not carried over: the client did not send them back");
  }
}
