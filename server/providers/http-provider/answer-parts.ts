// A whole answer told as a stream: for upstreams that ignore `stream: true`.

import type { Answer, AnswerPart } from "../../conversation/answer.ts";
import type { AssistantPart } from "../../conversation/prompt.ts";

export function partsOfAnswer(answer: Answer): AnswerPart[] {
  const start: AnswerPart = {
    type: "start",
    ...(answer.id === undefined ? {} : { id: answer.id }),
    ...(answer.model === undefined ? {} : { model: answer.model }),
  };
  const blocks = answer.parts.flatMap((part, block) => partsOfBlock(part, block));
  return [start, ...blocks, { type: "end", finish: answer.finish, usage: answer.usage }];
}

function partsOfBlock(part: AssistantPart, block: number): AnswerPart[] {
  switch (part.type) {
    case "text":
      return [
        { type: "text-start", block },
        { type: "text-delta", block, text: part.text },
        { type: "text-end", block },
      ];
    case "refusal":
      return [
        { type: "refusal-start", block },
        { type: "refusal-delta", block, text: part.text },
        { type: "refusal-end", block },
      ];
    case "reasoning":
      return [
        { type: "reasoning-start", block, ...(part.id === undefined ? {} : { id: part.id }) },
        { type: "reasoning-delta", block, text: part.text },
        { type: "reasoning-end", block, ...(part.encrypted === undefined ? {} : { encrypted: part.encrypted }) },
      ];
    case "tool-call":
      return [
        { type: "tool-call-start", block, callId: part.callId, name: part.name },
        { type: "tool-call-delta", block, arguments: part.arguments },
        { type: "tool-call-end", block },
      ];
  }
}
