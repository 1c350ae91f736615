// Chooses among expected plans: the cheapest that reaches a target, or the one that is worth most.

import type { ExpectedPlans } from "./expected-plans.ts";

/** A plan's place in the tree, with what is expected of it. */
export type Offer = { readonly plan: number; readonly usd: number; readonly pass: number };

/**
 * The plans that no other one beats in price and in quality, cheapest first, so each passes more probably than those
 * before it. Empty when nothing is known of any plan.
 */
export function offersOf({ usd, pass }: ExpectedPlans): Offer[] {
  const known: Offer[] = [];
  for (let plan = 0; plan < pass.length; plan++) {
    const offer = { plan, usd: usd[plan] ?? Number.NaN, pass: pass[plan] ?? Number.NaN };
    if (!Number.isNaN(offer.usd) && !Number.isNaN(offer.pass)) known.push(offer);
  }
  known.sort((left, right) => left.usd - right.usd || right.pass - left.pass);
  const offers: Offer[] = [];
  for (const offer of known) if (offer.pass > (offers.at(-1)?.pass ?? -1)) offers.push(offer);
  return offers;
}

/** The cheapest that is expected to pass with at least this probability; the one most likely to pass when none does. */
export function cheapestPlan<Kind extends Offer>(offers: readonly Kind[], target: number): Kind | undefined {
  return offers.find(({ pass }) => pass >= target) ?? offers.at(-1);
}

/**
 * The one with the greatest `pass x usdOfPass - usd`.
 * @param usdOfPass What one answer that passes is worth.
 */
export function worthiestPlan<Kind extends Offer>(offers: readonly Kind[], usdOfPass: number): Kind | undefined {
  let best = offers[0];
  for (const offer of offers) {
    if (best !== undefined && offer.pass * usdOfPass - offer.usd > best.pass * usdOfPass - best.usd) best = offer;
  }
  return best;
}
