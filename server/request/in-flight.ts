// What is still owed: requests without an answer, and streams whose records are still to be written. Shutdown waits on it.

export class InFlight {
  readonly #open = new Set<Promise<unknown>>();

  get count(): number {
    return this.#open.size;
  }

  /** Remembers work until it ends, however it ends; returns it. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#open.add(work);
    const forget = (): void => void this.#open.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** Resolves when nothing is open, true; or after `timeoutMs`, false. */
  async drain(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (this.#open.size > 0 && Date.now() < deadline) {
      const patience = new Promise((resolve) => setTimeout(resolve, Math.min(100, deadline - Date.now())));
      await Promise.race([Promise.allSettled(this.#open), patience]);
    }
    return this.#open.size === 0;
  }
}
