// Fits a measured rate: logistic regression on two logits, by Newton's method, drawn a little towards no effect.

import type { MeasuredRate } from "../../server/routing/plans/measured-rate.ts";

/** Counts like so many rows that say nothing. */
const ridge = 2;
const rounds = 8;
const enough = 1e-4;

/** A list of what was forecast and what came true, filled again and again. */
export class RatePoints {
  readonly own: Float64Array;
  readonly earlier: Float64Array;
  /** 0 to 1. */
  readonly outcome: Float64Array;
  count = 0;

  constructor(most: number) {
    this.own = new Float64Array(most);
    this.earlier = new Float64Array(most);
    this.outcome = new Float64Array(most);
  }

  add(own: number, earlier: number, outcome: number): void {
    this.own[this.count] = own;
    this.earlier[this.count] = earlier;
    this.outcome[this.count] = outcome;
    this.count += 1;
  }

  clear(): void {
    this.count = 0;
  }
}

/** With few rows it stays near a half. */
export function fitRate(points: RatePoints): MeasuredRate {
  let rate: MeasuredRate = { bias: 0, own: 0, earlier: 0 };
  for (let round = 0; round < rounds; round++) {
    const step = newtonStep(points, rate);
    rate = { bias: rate.bias + step[0], own: rate.own + step[1], earlier: rate.earlier + step[2] };
    if (Math.max(...step.map(Math.abs)) < enough) break;
  }
  return rate;
}

function newtonStep(points: RatePoints, { bias, own, earlier }: MeasuredRate): [number, number, number] {
  let [g0, g1, g2] = [-bias, -ridge * own, -ridge * earlier];
  let [h00, h01, h02, h11, h12, h22] = [1, 0, 0, ridge, 0, ridge];
  for (let index = 0; index < points.count; index++) {
    const first = points.own[index] ?? 0;
    const second = points.earlier[index] ?? 0;
    const rate = 1 / (1 + Math.exp(-(bias + own * first + earlier * second)));
    const error = (points.outcome[index] ?? 0) - rate;
    const weight = rate * (1 - rate);
    g0 += error;
    g1 += error * first;
    g2 += error * second;
    h00 += weight;
    h01 += weight * first;
    h02 += weight * second;
    h11 += weight * first * first;
    h12 += weight * first * second;
    h22 += weight * second * second;
  }
  const determinant = h00 * (h11 * h22 - h12 * h12) - h01 * (h01 * h22 - h12 * h02) + h02 * (h01 * h12 - h11 * h02);
  return [
    (g0 * (h11 * h22 - h12 * h12) - h01 * (g1 * h22 - h12 * g2) + h02 * (g1 * h12 - h11 * g2)) / determinant,
    (h00 * (g1 * h22 - g2 * h12) - g0 * (h01 * h22 - h12 * h02) + h02 * (h01 * g2 - g1 * h02)) / determinant,
    (h00 * (h11 * g2 - h12 * g1) - h01 * (h01 * g2 - g1 * h02) + g0 * (h01 * h12 - h11 * h02)) / determinant,
  ];
}
