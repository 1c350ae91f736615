// A turn of a conversation that was answered before and is kept: what was said, what was answered, and by whom.

import type { JsonObject } from "../contracts/json.ts";

/** Who answers: a model of the catalogue, and the provider that ran it. */
export type Maker = { readonly model: string; readonly provider: string };

/** Items in the words of the protocol that keeps them; without those of the turns before it. */
export type EarlierTurn = {
  readonly maker: Maker;
  readonly input: readonly JsonObject[];
  readonly output: readonly JsonObject[];
};
