// Conversations keep their model: an agent's turns share a long prompt, which the upstream that answered before has in its
// cache, and a model that takes over in the middle of a tool exchange reads calls that it did not make.

import { LRUCache } from "lru-cache";
import type { ProviderId } from "../providers/provider.ts";
import { expectedAnswerMs, type Option, type Scope } from "./assess.ts";
import { pointsOf } from "./rank.ts";

/** Who answered a conversation last. */
export type SessionPin = {
  readonly model: string;
  readonly provider: ProviderId;
  /** Tokens of the conversation that the upstream probably has in its prompt cache. */
  readonly warmTokens: number;
};

export type AnsweredTurn = {
  readonly model: string;
  readonly provider: ProviderId;
  /** Input and output tokens of the turn; 0 where usage is unknown. */
  readonly tokens: number;
};

/** The shortest life that upstreams state for their prompt caches (Anthropic's), in milliseconds. */
const warmMs = 5 * 60_000;
/** A conversation that is silent for longer begins anew, in milliseconds. */
const keptMs = 60 * 60_000;
const mostSessions = 20_000;

/** The conversations of this process, in memory and within bounds; a restart forgets them. */
export class SessionPins {
  readonly #sessions = new LRUCache<string, AnsweredTurn & { readonly at: number }>({ max: mostSessions });

  /** Undefined for a conversation that is not known, or has been silent too long. `now` in Unix milliseconds. */
  find(session: string, now: number): SessionPin | undefined {
    const turn = this.#sessions.get(session);
    if (!turn || now - turn.at > keptMs) return undefined;
    return { model: turn.model, provider: turn.provider, warmTokens: now - turn.at > warmMs ? 0 : turn.tokens };
  }

  keep(session: string, turn: AnsweredTurn, now: number): void {
    this.#sessions.set(session, { ...turn, at: now });
  }
}

/** An option that stays, and why. */
export type Stay = { readonly option: Option; readonly because: string };

/**
 * Whether the conversation stays with who answered it: always within a tool exchange; otherwise unless another option
 * serves the objective better even after the warm cache is counted in. Undefined: the ranking decides.
 * @param ranked options that passed every gate and target, best first.
 * @param fallbacks passed every gate; one of them may have begun a tool exchange when others had failed.
 * @param byPoints false where an order that somebody gave decides, which only a tool exchange interrupts.
 */
export function stayWith(
  pin: SessionPin,
  ranked: readonly Option[],
  fallbacks: readonly Option[],
  scope: Scope,
  byPoints: boolean,
): Stay | undefined {
  if (scope.input.features.insideToolExchange) {
    const option = routeOf(pin, ranked) ?? routeOf(pin, fallbacks);
    return option && { option, because: "it began this tool exchange" };
  }
  const [best] = ranked;
  const option = routeOf(pin, ranked);
  const { weights } = scope;
  if (!best || option?.candidate.provider !== pin.provider || !weights || !byPoints) return undefined;
  const { candidate } = option;
  const cost = Math.max(0, Number(candidate.expectedCost) - warmSaving(option, pin));
  const answerMs = expectedAnswerMs(candidate, scope.classification);
  const points = pointsOf({ quality: candidate.quality, cost, answerMs }, weights);
  return points >= best.points ? { option, because: "it answered this conversation before" } : undefined;
}

/** The same route, or another to the same model. */
function routeOf({ model, provider }: SessionPin, options: readonly Option[]): Option | undefined {
  const ofModel = options.filter(({ candidate }) => candidate.model.id === model);
  return ofModel.find(({ candidate }) => candidate.provider === provider) ?? ofModel[0];
}

/** Picodollars that the warm cache saves on the input. */
function warmSaving({ candidate }: Option, { warmTokens }: SessionPin): number {
  const { input_token: full, cached_input_token: cached } = candidate.model.prices ?? {};
  if (full === undefined || cached === undefined) return 0;
  return Math.min(warmTokens, candidate.expectedInputTokens) * Number(full - cached);
}
