// The words of a simulated answer: it says that it is simulated and in whose place, and speaks about the question.

import { meaningfulWords, shortened, type ToolResult } from "./prompt-text.ts";
import { firstTokens, tokensOf } from "./tokens.ts";

export type ProseSubject = {
  /** The model the answer stands in for. */
  readonly model: string;
  /** The last user text without triggers; may be empty. */
  readonly question: string;
  readonly toolResults: readonly ToolResult[];
  readonly messageCount: number;
  readonly verbosity: "low" | "medium" | "high";
};

const topicWordsAtMost = 6;

/** A short answer in plain text, one paragraph. */
export function simulatedProse(subject: ProseSubject): string {
  const sentences = [`This is a simulated answer in place of ${subject.model}; no model was called.`];
  for (const result of subject.toolResults.slice(0, 8)) {
    sentences.push(`The tool ${result.toolName} returned: ${shortened(result.text, 400) || "nothing"}.`);
  }
  sentences.push(
    subject.question === "" ? "The last message has no text." : `You asked: "${shortened(subject.question, 240)}".`,
  );
  if (subject.verbosity === "low") return sentences.join(" ");
  const topic = meaningfulWords(subject.question, topicWordsAtMost);
  if (topic.length > 0) sentences.push(`A real answer would be about ${listed(topic)}.`);
  if (subject.verbosity === "high") {
    sentences.push(`The conversation has ${subject.messageCount} messages; this answer looked at the last of them.`);
  }
  return sentences.join(" ");
}

/** The same answer made exactly `tokens` long: continued with numbered sentences, or cut. */
export function proseOfLength(subject: ProseSubject, tokens: number): string {
  const topic = meaningfulWords(subject.question, topicWordsAtMost);
  const sentences = [simulatedProse(subject)];
  let length = tokensOf(sentences[0] ?? "");
  for (let number = 1; length <= tokens; number += 1) {
    const sentence = ` Sentence ${number} is about ${topic[number % Math.max(1, topic.length)] ?? "the question"}.`;
    sentences.push(sentence);
    // Joined texts share begun tokens, so one less than counted apart is certain.
    length += Math.max(1, tokensOf(sentence) - 1);
  }
  return firstTokens(sentences.join(""), tokens);
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
