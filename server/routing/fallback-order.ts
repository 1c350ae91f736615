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
  const [first, ...rest] = ranked;
  if (first === undefined) return { tried: [], spare: [] };
  const attempts = fallback.enabled ? fallback.maxAttempts : 1;
  const { front, back, held } = arranged(first, rest, fallback.mode);
  const order = [first, ...front, ...back];
  return { tried: order.slice(0, attempts), spare: [...order.slice(attempts), ...held] };
}

function arranged(first: Option, rest: readonly Option[], mode: StackPolicy["fallback"]["mode"]) {
  const split = (belongs: (option: Option) => boolean) => ({
    matching: rest.filter(belongs),
    others: rest.filter((option) => !belongs(option)),
  });
  const none: readonly Option[] = [];
  if (mode === "same_model") {
    const { matching, others } = split((option) => option.model === first.model);
    return { front: matching, back: others, held: none };
  }
  if (mode === "same_tier") {
    const { matching, others } = split((option) => option.model.tier === first.model.tier);
    return { front: matching, back: others, held: none };
  }
  if (mode === "escalate_only") {
    const { matching, others } = split((option) => option.model === first.model || option.quality > first.quality);
    return { front: matching, back: none, held: others };
  }
  return { front: rest, back: none, held: none };
}
