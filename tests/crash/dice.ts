// The crash suite's randomness: everything that is chosen follows from one seed, though not when the machine does it.

import { seededRandom } from "../../bench/load/seeded-random.ts";

export class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  /** From `least` up to, but not including, `most`. */
  between(least: number, most: number): number {
    return least + this.#next() * (most - least);
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** One of the pairs' values, as often as its weight says. */
  pick<Value>(weighted: readonly (readonly [value: Value, weight: number])[]): Value {
    const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.between(0, total);
    for (const [value, weight] of weighted) {
      left -= weight;
      if (left < 0) return value;
    }
    throw new Error("nothing to pick from");
  }

  /** The same values in another order. */
  shuffled<Value>(values: readonly Value[]): Value[] {
    return values
      .map((value) => ({ value, at: this.#next() }))
      .toSorted((left, right) => left.at - right.at)
      .map(({ value }) => value);
  }

  /** Another sequence that follows from this one. */
  fork(): Dice {
    return new Dice(this.whole(0, 2 ** 31));
  }
}
