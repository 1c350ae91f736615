// What a client of the crash suite asks for: every figure of the answer is settled beforehand, so that its exact cost is
// known before any server sees it.

import { loadCatalogue } from "../../server/catalogue/load-catalogue.ts";

export type Protocol = "chat" | "responses";

export type Order = {
  /** Stands in the prompt, so that upstream calls, stored prompts and debits can be told apart. */
  readonly id: string;
  readonly purse: string;
  /** Which of the purse's keys is used, modulo their number. */
  readonly keyNumber: number;
  readonly protocol: Protocol;
  readonly stream: boolean;
  readonly model: OrderedModel;
  readonly inputTokens: number;
  /** Of `inputTokens`. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Undefined: the gateway sets the limit. */
  readonly maxOutputTokens: number | undefined;
  /** Pieces in which the upstream sends the answer, and the time between them. */
  readonly pieces: number;
  readonly pauseMs: number;
  /** The answer is a tool call rather than words. */
  readonly tool: boolean;
  /** The client leaves after this many milliseconds; undefined: it stays. */
  readonly leavesAfterMs: number | undefined;
  /** How often the upstream fails before it answers; more than the plan has attempts: always. */
  readonly failures: number;
  /** Sent as Idempotency-Key, and the request is repeated under it until an answer arrives; undefined: asked once. */
  readonly idempotencyKey: string | undefined;
};

/** Models in the order of the stack's plan. The first two have an upstream that speaks both protocols. */
export const orderedModels = [
  "openai/gpt-5.4",
  "anthropic/claude-sonnet-4.6",
  "anthropic/claude-opus-4.7",
  "openai/gpt-5.5",
] as const;
export type OrderedModel = (typeof orderedModels)[number];

const marker = /order=([\w-]+)/;

export function promptOf(order: Order): string {
  return `order=${order.id} Tell the story of the astrolabe in a few plain words, as you would tell it to a child.`;
}

/** The order that a text belongs to; undefined when it names none. */
export function orderIdIn(text: string): string | undefined {
  return marker.exec(text)?.[1];
}

const catalogue = loadCatalogue();

/** Picodollars that the whole answer costs when this model gives it. @throws Error for a model without prices. */
export function exactCost(order: Order, modelId: string): bigint {
  const prices = catalogue.find(modelId)?.prices;
  const [input, output] = [prices?.input_token, prices?.output_token];
  if (input === undefined || output === undefined) throw new Error(`${modelId} has no prices`);
  const cached = prices?.cached_input_token ?? input;
  const plainTokens = order.inputTokens - order.cachedTokens;
  return BigInt(plainTokens) * input + BigInt(order.cachedTokens) * cached + BigInt(order.outputTokens) * output;
}
