// What the sandbox reads out of a prompt: the last user text, the last tool result, and the words that carry meaning.

import type { GeneratePrompt, UserPart } from "../../conversation/prompt.ts";

/** The text of the last user message, parts joined by line breaks; empty when there is none. */
export function lastUserText(prompt: GeneratePrompt): string {
  const message = prompt.messages.findLast((candidate) => candidate.role === "user");
  return message?.role === "user" ? textOf(message.parts) : "";
}

/** What a tool gave back, when the conversation waits for an answer to it. */
export type ToolResult = { readonly toolName: string; readonly text: string };

/** The results at the very end of the conversation, in order; empty when the last message is something else. */
export function trailingToolResults(prompt: GeneratePrompt): ToolResult[] {
  const results: ToolResult[] = [];
  for (const message of prompt.messages.toReversed()) {
    if (message.role !== "tool") break;
    results.unshift({ toolName: toolNameOf(prompt, message.callId), text: textOf(message.parts) });
  }
  return results;
}

function toolNameOf(prompt: GeneratePrompt, callId: string): string {
  for (const message of prompt.messages.toReversed()) {
    if (message.role !== "assistant") continue;
    const call = message.parts.find((part) => part.type === "tool-call" && part.callId === callId);
    if (call?.type === "tool-call") return call.name;
  }
  return "tool";
}

function textOf(parts: readonly UserPart[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

const emptyWords = new Set(
  (
    "about after again all also and any are because been before both but can cannot could did does doing done down " +
    "each for from get give had has have her here him his how into its just let like make may more most much must not " +
    "now off one only other our out over own please same she should some such tell than that the their them then there " +
    "these they this those too tool under use used uses using very was way were what when where which while who why " +
    "will with would you your"
  ).split(" "),
);

/** The words of a text that carry meaning, lower case, plural `s` removed, in order, each once; at most `limit`. */
export function meaningfulWords(text: string, limit: number): string[] {
  const words = new Set<string>();
  const spaced = text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase();
  for (const [word] of spaced.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (words.size >= limit) break;
    if (word.length < 3 || emptyWords.has(word)) continue;
    words.add(word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word);
  }
  return [...words];
}

/** The text in one line, cut at a word so that it has at most `limit` characters. */
export function shortened(text: string, limit: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= limit) return line;
  const cut = line.slice(0, limit - 1);
  const lastSpace = cut.lastIndexOf(" ");
  return `${(lastSpace > limit / 2 ? cut.slice(0, lastSpace) : cut).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
