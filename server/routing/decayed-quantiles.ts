// Quantiles of the newest values of a quantity above zero, in a fixed number of buckets whose bounds grow by a constant
// factor. Older values fade, so that what changes is followed.

/** What one more value leaves of the weight of those before it: about the last hundred count. */
const fading = 0.99;
/** Weights grow instead of fading, which leaves the others alone; beyond this they are all scaled down. */
const largestUnit = 1e100;

export type BucketScale = {
  /** Values up to this share the first bucket. */
  readonly least: number;
  /** Each bucket ends at so many times the bound of the one before it; above 1. */
  readonly factor: number;
  readonly buckets: number;
};

export class DecayedQuantiles {
  readonly #scale: BucketScale;
  readonly #weights: Float64Array;
  #total = 0;
  /** Weight of the newest value. */
  #unit = 1;

  constructor(scale: BucketScale) {
    this.#scale = scale;
    this.#weights = new Float64Array(scale.buckets);
  }

  /** The number of values that count, older ones in part. */
  get weight(): number {
    return this.#total / this.#unit;
  }

  add(value: number): void {
    const { least, factor, buckets } = this.#scale;
    const steps = value <= least ? 0 : Math.ceil(Math.log(value / least) / Math.log(factor));
    const bucket = Math.min(steps, buckets - 1);
    this.#unit /= fading;
    this.#weights[bucket] = (this.#weights[bucket] ?? 0) + this.#unit;
    this.#total += this.#unit;
    if (this.#unit > largestUnit) this.#scaleDown();
  }

  #scaleDown(): void {
    for (const [index, weight] of this.#weights.entries()) this.#weights[index] = weight / this.#unit;
    this.#total /= this.#unit;
    this.#unit = 1;
  }

  /** The value that `share` (0 to 1) of the weight does not exceed, within one bucket; undefined before the first. */
  quantile(share: number): number | undefined {
    if (this.#total === 0) return undefined;
    const { least, factor, buckets } = this.#scale;
    let left = share * this.#total;
    let last = 0;
    for (let index = 0; index < buckets; index++) {
      const weight = this.#weights[index] ?? 0;
      if (weight === 0) continue;
      last = index;
      // Between the bounds of the bucket by the same law by which the bounds grow.
      if (left <= weight) return least * factor ** (index - 1 + left / weight);
      left -= weight;
    }
    return least * factor ** last;
  }
}
