// Counts what went wrong in a load and keeps the words of the first failure, which is usually the cause of the rest.

export class Failures {
  #count = 0;
  #first: string | undefined;

  get count(): number {
    return this.#count;
  }

  add(reason: unknown): void {
    this.#count += 1;
    this.#first ??= reason instanceof Error ? reason.message : String(reason);
  }

  /** In the form every load result carries. */
  summary(): { failures: number; firstFailure?: string } {
    return this.#first === undefined ? { failures: 0 } : { failures: this.#count, firstFailure: this.#first };
  }
}
