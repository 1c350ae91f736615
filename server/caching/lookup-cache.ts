// A bounded cache in front of a database look-up on the request path. What was found and what was not found live in
// separate pools, so that a flood of unknown names cannot push out the known ones.

import { LRUCache } from "lru-cache";

type Remembered<Value> = {
  /** Kept as a promise so that a hit allocates nothing. */
  readonly answer: Promise<Value | undefined>;
  /** Unix milliseconds from which it must be looked up again. */
  readonly staleAt: number;
};

export type LookupCacheOptions<Value> = {
  readonly maxPresent: number;
  readonly maxAbsent: number;
  /** How long a change made by another process may stay unseen. */
  readonly freshForMs: number;
  /** The Unix millisecond at which a value ends by itself; undefined when it does not. */
  readonly endsAt?: (value: Value) => number | undefined;
  readonly now: () => number;
};

export class LookupCache<Value extends object> {
  readonly #options: LookupCacheOptions<Value>;
  readonly #present: LRUCache<string, Remembered<Value>>;
  readonly #absent: LRUCache<string, Remembered<Value>>;
  /** Look-ups under way, shared by everyone who asks meanwhile; never more than there are callers. */
  readonly #loading = new Map<string, Promise<Value | undefined>>();
  #generation = 0;

  constructor(options: LookupCacheOptions<Value>) {
    this.#options = options;
    this.#present = new LRUCache({ max: options.maxPresent });
    this.#absent = new LRUCache({ max: options.maxAbsent });
  }

  /**
   * The value of this name, from memory while fresh, else from `load`; undefined when there is none. A failing `load`
   * rejects and is not remembered.
   */
  get(name: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const remembered = this.#present.get(name) ?? this.#absent.get(name);
    if (remembered !== undefined && this.#options.now() < remembered.staleAt) return remembered.answer;
    const loading = this.#loading.get(name);
    if (loading !== undefined) return loading;
    const started = this.#load(name, load, this.#generation);
    this.#loading.set(name, started);
    return started;
  }

  /** Forgets everything at once. A look-up already under way still answers its callers but is not remembered. */
  clear(): void {
    this.#generation += 1;
    this.#present.clear();
    this.#absent.clear();
    this.#loading.clear();
  }

  async #load(name: string, load: () => Promise<Value | undefined>, generation: number): Promise<Value | undefined> {
    const askedAt = this.#options.now();
    try {
      const value = await load();
      if (generation === this.#generation) this.#remember(name, value, askedAt);
      return value;
    } finally {
      if (generation === this.#generation) this.#loading.delete(name);
    }
  }

  #remember(name: string, value: Value | undefined, askedAt: number): void {
    const freshUntil = askedAt + this.#options.freshForMs;
    const endsAt = value === undefined ? undefined : this.#options.endsAt?.(value);
    const remembered = { answer: Promise.resolve(value), staleAt: Math.min(freshUntil, endsAt ?? Infinity) };
    const [pool, other] = value === undefined ? [this.#absent, this.#present] : [this.#present, this.#absent];
    other.delete(name);
    pool.set(name, remembered);
  }
}
