// How the sandbox counts tokens: one for every four UTF-8 bytes, begun ones included. Each part is counted on its own,
// so that a count can be checked by hand and never exceeds the bytes a hold was computed from.

import type { AssistantPart, GeneratePrompt, Message, UserPart } from "../../conversation/prompt.ts";

const bytesPerToken = 4;
/** Tokens of one image, file or recording, whatever its size. */
const tokensPerAttachment = 85;

/** Whole tokens of a text, 0 for empty text. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** The longest beginning of the text that has at most `limit` tokens and splits no character. */
export function firstTokens(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  let end = limit * bytesPerToken;
  if (bytes.length <= end) return text;
  while (end > 0 && isContinuationByte(bytes[end])) end -= 1;
  return bytes.toString("utf8", 0, end);
}

function isContinuationByte(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

/** Tokens a prompt is billed as: messages, tools and the output schema; at least 1. */
export function promptTokens(prompt: GeneratePrompt): number {
  const messages = prompt.messages.reduce((sum, message) => sum + messageTokens(message), 0);
  const tools = prompt.tools.reduce((sum, tool) => sum + tokensOf(JSON.stringify(tool)), 0);
  const schema = prompt.format?.type === "json_schema" ? tokensOf(JSON.stringify(prompt.format.schema)) : 0;
  return Math.max(1, messages + tools + schema);
}

/** Tokens of embedding inputs: texts are counted, token arrays already are; at least 1. */
export function embeddingTokens(inputs: readonly (string | readonly number[])[]): number {
  const count = (input: string | readonly number[]) => (typeof input === "string" ? tokensOf(input) : input.length);
  return Math.max(
    1,
    inputs.reduce((sum, input) => sum + count(input), 0),
  );
}

/** Visible tokens of one part of an answer. Reasoning is counted by its effort, not by the summary shown. */
export function answerPartTokens(part: AssistantPart): number {
  if (part.type === "reasoning") return 0;
  return part.type === "tool-call" ? tokensOf(part.name) + tokensOf(part.arguments) : tokensOf(part.text);
}

function messageTokens(message: Message): number {
  const parts: readonly (AssistantPart | UserPart)[] = message.parts;
  return parts.reduce((sum, part) => sum + partTokens(part), 0);
}

function partTokens(part: AssistantPart | UserPart): number {
  switch (part.type) {
    case "image":
    case "file":
    case "audio":
      return tokensPerAttachment;
    case "reasoning":
      return tokensOf(part.text);
    default:
      return answerPartTokens(part);
  }
}
