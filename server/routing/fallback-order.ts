// What follows the first choice: the stack's fallback mode arranges the rest, the attempt limit cuts it.

import type { StackPolicy } from "../contracts/policy.ts";
import type { Option } from "./assess.ts";

/**
 * Options to try in order, and accepted ones that will not be tried. `same_model` and `same_tier` move what resembles
 * the first to the front; `escalate_only` tries only stronger models and other routes to the same one.
 */
export function arrangeFallbacks(
  ranked: readonly Option[],
  fallback: StackPolicy["fallback"],
): { readonly tried: readonly Option[]; readonly spare: readonly Option[] } {
  const [first] = ranked;
  if (first === undefined) return { tried: [], spare: [] };
  const attempts = fallback.enabled ? fallback.maxAttempts : 1;
  const { order, held } = arranged(first, ranked, fallback.mode);
  return { tried: order.slice(0, attempts), spare: [...order.slice(attempts), ...held] };
}

type Arranged = { readonly order: readonly Option[]; readonly held: readonly Option[] };

const none: readonly Option[] = [];

function arranged(first: Option, ranked: readonly Option[], mode: StackPolicy["fallback"]["mode"]): Arranged {
  const { model, quality } = first.candidate;
  if (mode === "same_model") return toFront(ranked, ({ candidate }) => candidate.model === model);
  if (mode === "same_tier") return toFront(ranked, ({ candidate }) => candidate.model.tier === model.tier);
  if (mode === "escalate_only") {
    const follows = (option: Option) => option.candidate.model === model || option.candidate.quality > quality;
    return { order: ranked.filter(follows), held: ranked.filter((option) => !follows(option)) };
  }
  return { order: ranked, held: none };
}

/** What resembles the first, itself among them, before the rest. */
function toFront(ranked: readonly Option[], resembles: (option: Option) => boolean): Arranged {
  return { order: [...ranked.filter(resembles), ...ranked.filter((option) => !resembles(option))], held: none };
}
