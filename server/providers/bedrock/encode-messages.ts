// Neutral messages as the turns of Converse. System text stands beside the turns, and the results of one turn's calls
// share the user's next turn.

import { invalidField } from "../../contracts/errors.ts";
import type { JsonObject } from "../../contracts/json.ts";
import type { AssistantPart, Message, UserPart } from "../../conversation/prompt.ts";
import { toolCallId, toolInput } from "../../protocols/messages-wire.ts";
import type { Warn } from "../warn-once.ts";
import { encodeDocument, encodeImage } from "./encode-media.ts";
import { continuationFor } from "./reasoning-marks.ts";

export type Turn = { readonly role: "user" | "assistant"; readonly content: JsonObject[] };
export type Conversation = { readonly system: readonly JsonObject[]; readonly turns: readonly Turn[] };

type Writing = {
  /** The catalogue's id. */
  readonly model: string;
  /** Whether calls and results keep their form; without tools in the request the API takes them as words only. */
  readonly withCalls: boolean;
  readonly warn: Warn;
  readonly documentNames: Set<string>;
};

/** Longest id of a call that the API takes. */
const longestCallId = 64;
const besideDocument = "The document is attached.";

/** @throws GatewayError invalid_request for content that the API cannot take. */
export function encodeConversation(
  messages: readonly Message[],
  options: Pick<Writing, "model" | "withCalls" | "warn">,
): Conversation {
  const writing: Writing = { ...options, documentNames: new Set() };
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const message of messages) {
    if (isInstruction(message)) {
      if (turns.length > 0)
        options.warn("a later system message was moved to the front: the upstream takes them only there");
      system.push(...message.parts.flatMap(({ text }) => encodeText(text)));
      continue;
    }
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = encodeContent(message, writing);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content });
  }
  for (const turn of turns) accompanyDocuments(turn, options.warn);
  return { system, turns };
}

type Instruction = Extract<Message, { readonly role: "system" | "developer" }>;
type Spoken = Exclude<Message, Instruction>;

function isInstruction(message: Message): message is Instruction {
  return message.role === "system" || message.role === "developer";
}

function encodeContent(message: Spoken, writing: Writing): JsonObject[] {
  switch (message.role) {
    case "user":
      return message.parts.flatMap((part) => encodeUserPart(part, writing));
    case "tool":
      return encodeResult(message, writing);
    case "assistant":
      return message.parts.flatMap((part) => encodeAssistantPart(part, writing));
  }
}

/** Blank text is left out: the API refuses it. */
function encodeText(text: string): JsonObject[] {
  return text.trim() === "" ? [] : [{ text }];
}

function encodeUserPart(part: UserPart, { documentNames }: Writing): JsonObject[] {
  switch (part.type) {
    case "text":
      return encodeText(part.text);
    case "image":
      return [encodeImage(part)];
    case "file":
      return [encodeDocument(part, documentNames)];
    case "audio":
      throw invalidField("messages", "free of audio for the chosen model");
  }
}

function encodeResult({ callId, parts }: Extract<Message, { readonly role: "tool" }>, writing: Writing): JsonObject[] {
  const content = parts.flatMap((part) => encodeUserPart(part, writing));
  if (!writing.withCalls) return [{ text: `Result of the call ${callId}:` }, ...content];
  return [
    { toolResult: { toolUseId: shortCallId(callId), content: content.length > 0 ? content : [{ text: "(nothing)" }] } },
  ];
}

function encodeAssistantPart(part: AssistantPart, { model, withCalls, warn }: Writing): JsonObject[] {
  switch (part.type) {
    case "text":
    case "refusal":
      return encodeText(part.text);
    case "tool-call":
      if (!withCalls) return [{ text: `Called ${part.name} (call ${part.callId}) with ${part.arguments}` }];
      return [{ toolUse: { toolUseId: shortCallId(part.callId), name: part.name, input: toolInput(part.arguments) } }];
    case "reasoning": {
      const own = continuationFor(part.encrypted, model);
      if (own === undefined) {
        warn("reasoning of earlier turns was not carried over: a model takes back only what it signed");
        return [];
      }
      if ("redacted" in own) return [{ reasoningContent: { redactedContent: own.redacted } }];
      return [{ reasoningContent: { reasoningText: { text: part.text, signature: own.signature } } }];
    }
  }
}

/** Equal ids stay equal. */
function shortCallId(id: string): string {
  const allowed = toolCallId(id);
  if (allowed.length <= longestCallId) return allowed;
  const digest = new Bun.CryptoHasher("sha256", allowed).digest("hex");
  return `${allowed.slice(0, 31)}_${digest.slice(0, 32)}`;
}

/** The API takes no document in a turn without words. */
function accompanyDocuments({ content }: Turn, warn: Warn): void {
  const alone =
    content.some(({ document }) => document !== undefined) && content.every(({ text }) => text === undefined);
  if (!alone) return;
  warn("a line of text was put beside a document: the upstream takes none alone");
  content.push({ text: besideDocument });
}

/** Whether the model must go on in the middle of calling tools, in a turn that it began without reasoning. */
export function continuesWithoutReasoning(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  const answered = last?.role === "user" && last.content.some(({ toolResult }) => toolResult !== undefined);
  const before = answered ? turns.at(-2) : undefined;
  return before !== undefined && before.content[0]?.reasoningContent === undefined;
}
