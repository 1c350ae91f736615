// Reasoning that has to go back to the model that made it. What Claude signs here it takes back wherever it runs; all
// else goes back to the same model at Bedrock and nowhere else.

import type { ReasoningPart } from "../../conversation/prompt.ts";
import { claudeContinuation, claudeThinking } from "../../protocols/messages-wire.ts";

const signedMark = "bedrock:";
const redactedMark = "bedrock-redacted:";

export type Continuation = { readonly signature: string } | { readonly redacted: string };

/** Readable reasoning and the signature under it, which may be empty. `model` is the catalogue's id. */
export function signedReasoning(text: string, signature: string, model: string): ReasoningPart {
  if (isClaude(model)) return claudeThinking(text, signature);
  const encrypted = `${signedMark}${model} ${signature}`;
  return { type: "reasoning", text, ...(signature === "" ? {} : { encrypted }) };
}

/** Reasoning that only its model can read, in base64. */
export function redactedReasoning(data: string, model: string): ReasoningPart {
  return { type: "reasoning", text: "", encrypted: `${redactedMark}${model} ${data}` };
}

/** What may go back to this model; undefined when the reasoning is another one's, or unsigned. */
export function continuationFor(encrypted: string | undefined, model: string): Continuation | undefined {
  const redacted = after(`${redactedMark}${model} `, encrypted);
  if (redacted !== undefined) return { redacted };
  if (isClaude(model)) {
    const own = claudeContinuation(encrypted);
    return own !== undefined && "signature" in own ? own : undefined;
  }
  const signature = after(`${signedMark}${model} `, encrypted);
  return signature === undefined ? undefined : { signature };
}

/** Anthropic's models have parameters and habits of their own. `model` is any name of it. */
export function isClaude(model: string): boolean {
  return /claude/i.test(model);
}

function after(mark: string, text: string | undefined): string | undefined {
  return text?.startsWith(mark) ? text.slice(mark.length) : undefined;
}
