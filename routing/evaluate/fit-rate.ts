// Fits a measured rate: logistic regression on two logits, by Newton's method, drawn a little towards no effect.

import type { MeasuredRate } from "../../server/routing/plans/measured-rate.ts";

/** Counts like so many rows that say nothing. */
const ridge = 2;
const rounds = 12;
const enough = 1e-6;

export type RatePoint = { readonly own: number; readonly earlier: number; readonly outcome: number };

/** With few rows it stays near a half; outcomes are from 0 to 1. */
export function fitRate(points: readonly RatePoint[]): MeasuredRate {
  let rate: MeasuredRate = { bias: 0, own: 0, earlier: 0 };
  for (let round = 0; round < rounds; round++) {
    const step = newtonStep(points, rate);
    rate = { bias: rate.bias + step[0], own: rate.own + step[1], earlier: rate.earlier + step[2] };
    if (Math.max(...step.map(Math.abs)) < enough) break;
  }
  return rate;
}

function newtonStep(points: readonly RatePoint[], { bias, own, earlier }: MeasuredRate): [number, number, number] {
  let [g0, g1, g2] = [-bias, -ridge * own, -ridge * earlier];
  let [h00, h01, h02, h11, h12, h22] = [1, 0, 0, ridge, 0, ridge];
  for (const point of points) {
    const rate = 1 / (1 + Math.exp(-(bias + own * point.own + earlier * point.earlier)));
    const [error, weight] = [point.outcome - rate, rate * (1 - rate)];
    g0 += error;
    g1 += error * point.own;
    g2 += error * point.earlier;
    h00 += weight;
    h01 += weight * point.own;
    h02 += weight * point.earlier;
    h11 += weight * point.own * point.own;
    h12 += weight * point.own * point.earlier;
    h22 += weight * point.earlier * point.earlier;
  }
  const determinant = h00 * (h11 * h22 - h12 * h12) - h01 * (h01 * h22 - h12 * h02) + h02 * (h01 * h12 - h11 * h02);
  return [
    (g0 * (h11 * h22 - h12 * h12) - h01 * (g1 * h22 - h12 * g2) + h02 * (g1 * h12 - h11 * g2)) / determinant,
    (h00 * (g1 * h22 - g2 * h12) - g0 * (h01 * h22 - h12 * h02) + h02 * (h01 * g2 - g1 * h02)) / determinant,
    (h00 * (h11 * g2 - h12 * g1) - h01 * (h01 * g2 - g1 * h02) + g0 * (h01 * h12 - h11 * h02)) / determinant,
  ];
}
