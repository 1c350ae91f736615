// The neutral answer: whole, or as a sequence of parts while it streams. Every provider produces it, every client
// protocol can render it.

import type { AssistantPart } from "./prompt.ts";
import type { Usage } from "./usage.ts";

/** Why the model stopped. `error` never appears here: an answer that fails throws. */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

export type Answer = {
  /** The provider's id of the answer, if it gave one. */
  readonly id?: string;
  /** The model name as the provider reported it. */
  readonly model?: string;
  readonly parts: readonly AssistantPart[];
  readonly finish: FinishReason;
  readonly usage: Usage;
  /** One vector per input, in order; only for embeddings. */
  readonly embeddings?: readonly (readonly number[])[];
};

/**
 * One step of a streamed answer. Order: `start`, then blocks, then `end`. A block is a `-start`, any number of `-delta`
 * and a `-end` with the same `block`, a number unique within the answer; blocks may overlap.
 */
export type AnswerPart =
  | { readonly type: "start"; readonly id?: string; readonly model?: string }
  | { readonly type: "text-start"; readonly block: number }
  | { readonly type: "text-delta"; readonly block: number; readonly text: string }
  | { readonly type: "text-end"; readonly block: number }
  | { readonly type: "refusal-start"; readonly block: number }
  | { readonly type: "refusal-delta"; readonly block: number; readonly text: string }
  | { readonly type: "refusal-end"; readonly block: number }
  | { readonly type: "reasoning-start"; readonly block: number; readonly id?: string }
  | { readonly type: "reasoning-delta"; readonly block: number; readonly text: string }
  | { readonly type: "reasoning-end"; readonly block: number; readonly encrypted?: string }
  | { readonly type: "tool-call-start"; readonly block: number; readonly callId: string; readonly name: string }
  | { readonly type: "tool-call-delta"; readonly block: number; readonly arguments: string }
  | { readonly type: "tool-call-end"; readonly block: number }
  | { readonly type: "end"; readonly finish: FinishReason; readonly usage: Usage };
