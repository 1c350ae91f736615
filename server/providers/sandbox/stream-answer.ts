// A whole simulated answer as the parts of a stream: prose word by word, arguments in small pieces.

import type { Answer, AnswerPart } from "../../conversation/answer.ts";
import type { AssistantPart } from "../../conversation/prompt.ts";

const argumentsPieceLength = 16;

/** Every part from `start` to `end`; joined deltas give the answer's parts back. */
export function* answerParts(answer: Answer): Generator<AnswerPart> {
  yield answer.model === undefined ? { type: "start" } : { type: "start", model: answer.model };
  for (const [block, part] of answer.parts.entries()) yield* blockParts(part, block);
  yield { type: "end", finish: answer.finish, usage: answer.usage };
}

function* blockParts(part: AssistantPart, block: number): Generator<AnswerPart> {
  switch (part.type) {
    case "text":
      yield { type: "text-start", block };
      for (const text of words(part.text)) yield { type: "text-delta", block, text };
      yield { type: "text-end", block };
      return;
    case "refusal":
      yield { type: "refusal-start", block };
      for (const text of words(part.text)) yield { type: "refusal-delta", block, text };
      yield { type: "refusal-end", block };
      return;
    case "reasoning":
      yield { type: "reasoning-start", block };
      for (const text of words(part.text)) yield { type: "reasoning-delta", block, text };
      yield { type: "reasoning-end", block };
      return;
    case "tool-call":
      yield { type: "tool-call-start", block, callId: part.callId, name: part.name };
      for (const piece of pieces(part.arguments)) yield { type: "tool-call-delta", block, arguments: piece };
      yield { type: "tool-call-end", block };
  }
}

/** Words with the white space after them. */
function words(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

function* pieces(text: string): Generator<string> {
  const characters = [...text];
  for (let at = 0; at < characters.length; at += argumentsPieceLength) {
    yield characters.slice(at, at + argumentsPieceLength).join("");
  }
}
