// A rate that was measured on requests of the past, as a function of what was forecast for the one at hand.

/** `logit rate = bias + own x logit(forecast of the model) + earlier x mean logit(forecasts of the models before it)`. */
export type MeasuredRate = { readonly bias: number; readonly own: number; readonly earlier: number };

const leastProbability = 0.002;

/** Of a probability from 0 to 1; those near the ends count as a little inside. */
export function logitOf(probability: number): number {
  const inside = Math.min(1 - leastProbability, Math.max(leastProbability, probability));
  return Math.log(inside / (1 - inside));
}

/** From 0 to 1, out of logits. */
export function rateAt(rate: MeasuredRate, own: number, earlier: number): number {
  return 1 / (1 + Math.exp(-(rate.bias + rate.own * own + rate.earlier * earlier)));
}
