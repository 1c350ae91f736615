// An answer whose hold grows while it streams, in steps and before what was seen reaches what is held. Only where credits
// do not cover the worst case; everywhere else the hold covers the answer from the start.

import type { AnswerPart } from "../conversation/answer.ts";
import type { Candidate } from "../routing/plan.ts";
import { tokenBound } from "../routing/token-bound.ts";
import { mustHoldStream } from "./7-verify-answer.ts";
import type { Settlement } from "./8-settle.ts";
import type { Planned } from "./stages.ts";

/** Tokens that may be on their way while the hold grows. */
const marginTokens = 64;
const fewestStepTokens = 256;
/** Marks that no client sees, around each call of a tool. */
const toolCallTokens = 32;
/** Text is counted again with what follows it until it is this long, so that cuts between words cost nothing. */
const longestTail = 256;

/** Whether everything the answer will be charged for can be seen as it comes. */
export function mayGrow(planned: Planned, { model }: Candidate): boolean {
  const { asked } = planned;
  const hidden = asked.features.reasoningRequested || model.hidesReasoning;
  return asked.stream && asked.choices === 1 && !hidden && !mustHoldStream(planned);
}

export class GrowingAnswer {
  readonly #settlement: Settlement;
  readonly #candidate: Candidate;
  /** The limit that was sent upstream. */
  readonly #limit: number;
  #covered: number;
  #counted = 0;
  #tail = "";
  #refused = false;

  constructor(settlement: Settlement, candidate: Candidate, limit: number, covered: number) {
    this.#settlement = settlement;
    this.#candidate = candidate;
    this.#limit = limit;
    this.#covered = covered;
  }

  /**
   * Whether the answer with these parts is paid for; grows the hold when little is left of it. After the first refusal
   * to grow the rest of the hold is used up. An answer that has ended costs what its usage says.
   */
  async covers(parts: readonly AnswerPart[]): Promise<boolean> {
    if (parts.some(({ type }) => type === "end")) return true;
    for (const part of parts) this.#see(part);
    const seen = this.#counted + tokenBound(this.#tail);
    if (!this.#refused && this.#covered < this.#limit && seen + marginTokens > this.#covered) await this.#grow(seen);
    return this.#covered >= this.#limit || seen <= this.#covered;
  }

  async #grow(seen: number): Promise<void> {
    const step = Math.max(fewestStepTokens, Math.ceil(seen / 2));
    const wanted = Math.min(this.#limit, Math.max(this.#covered, seen + marginTokens) + step) - this.#covered;
    const grown = await this.#settlement.growOutput(this.#candidate, wanted);
    this.#covered += grown;
    this.#refused = grown < wanted;
  }

  #see(part: AnswerPart): void {
    switch (part.type) {
      case "text-delta":
      case "refusal-delta":
      case "reasoning-delta":
        return this.#read(part.text);
      case "tool-call-delta":
        return this.#read(part.arguments);
      case "tool-call-start":
        this.#counted += toolCallTokens;
        return this.#read(part.name);
      default:
        return;
    }
  }

  #read(text: string): void {
    this.#tail += text;
    if (this.#tail.length <= longestTail) return;
    this.#counted += tokenBound(this.#tail);
    this.#tail = "";
  }
}
