// How good an order of prompts is for two models: the curve of quality over the share that the strong one answers.

/** What one prompt brings with either model, and how much the router wants the strong one for it. */
export type Ranked = { readonly score: number; readonly weak: number; readonly strong: number };

export type Curve = {
  /** Mean performance gap recovered over every strong share from 0 to 1; random order has 0.5. */
  readonly apgr: number;
  /** Strong share from 0 to 1 at which so much of the gap is recovered; 1 when it never is. */
  readonly callShare: (recovered: number) => number;
};

/** Positions from the highest score to the lowest. */
export function orderOf(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (_, index) => index).toSorted(
    (left, right) => (scores[right] ?? 0) - (scores[left] ?? 0) || left - right,
  );
}

/**
 * Prompts of one score count as mixed at random.
 * @param order Positions by falling score, as `orderOf` gives them.
 * @param weights How often each prompt counts.
 */
export function curveOf(rows: readonly Ranked[], order: readonly number[], weights: ArrayLike<number>): Curve {
  let [total, gap] = [0, 0];
  rows.forEach(({ weak, strong }, index) => {
    const weight = weights[index] ?? 0;
    total += weight;
    gap += weight * (strong - weak);
  });
  const points = [{ share: 0, recovered: 0 }];
  let [asked, gained] = [0, 0];
  order.forEach((position, place) => {
    const row = rows[position];
    if (row === undefined) return;
    const weight = weights[position] ?? 0;
    asked += weight;
    gained += weight * (row.strong - row.weak);
    const next = rows[order[place + 1] ?? -1];
    if (next?.score !== row.score && asked > 0) points.push({ share: asked / total, recovered: gained / gap });
  });
  return { apgr: areaOf(points), callShare: (recovered) => shareAt(points, recovered) };
}

type Point = { readonly share: number; readonly recovered: number };

function areaOf(points: readonly Point[]): number {
  let area = 0;
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (before) area += ((point.share - before.share) * (point.recovered + before.recovered)) / 2;
  });
  return area;
}

function shareAt(points: readonly Point[], recovered: number): number {
  const at = points.findIndex((point) => point.recovered >= recovered);
  const [before, after] = [points[at - 1], points[at]];
  if (after === undefined) return 1;
  if (before === undefined) return after.share;
  const part = (recovered - before.recovered) / (after.recovered - before.recovered);
  return before.share + part * (after.share - before.share);
}

/** Probability that a prompt with a label has a higher score than one without; labels from 0 to 1. Equal scores count half. */
export function aurocOf(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  order: readonly number[],
  weights: ArrayLike<number>,
): number {
  let [with_, without, pairs, tiedWith, tiedWithout] = [0, 0, 0, 0, 0];
  order.forEach((position, place) => {
    const [weight, label] = [weights[position] ?? 0, labels[position] ?? 0];
    tiedWith += weight * label;
    tiedWithout += weight * (1 - label);
    const next = order[place + 1];
    if (next !== undefined && scores[next] === scores[position]) return;
    pairs += tiedWithout * (with_ + tiedWith / 2);
    with_ += tiedWith;
    without += tiedWithout;
    [tiedWith, tiedWithout] = [0, 0];
  });
  return with_ === 0 || without === 0 ? Number.NaN : pairs / (with_ * without);
}
