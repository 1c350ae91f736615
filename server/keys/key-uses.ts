// When each key was last used: noted in memory when the key is looked up, at most once a second, and written down every
// few seconds, so that no request waits for it.

import type { KeyId } from "../contracts/ids.ts";
import type { KeyRecords } from "./key-records.ts";

/** Keys remembered between two writes; the uses of further ones are noted after the next. */
const mostKeys = 20_000;

export class KeyUses {
  readonly #records: Pick<KeyRecords, "recordUses">;
  #unwritten = new Map<KeyId, number>();

  constructor(records: Pick<KeyRecords, "recordUses">) {
    this.#records = records;
  }

  /** @param at Unix milliseconds */
  note(id: KeyId, at: number): void {
    if (this.#unwritten.size < mostKeys || this.#unwritten.has(id)) this.#unwritten.set(id, at);
  }

  /** The last use that is not written down yet, in Unix milliseconds. */
  latest(id: KeyId): number | undefined {
    return this.#unwritten.get(id);
  }

  /** Writes down what was noted; on a failure it is kept for the next time. @throws what the database throws */
  async flush(): Promise<void> {
    if (this.#unwritten.size === 0) return;
    const writing = this.#unwritten;
    this.#unwritten = new Map();
    try {
      await this.#records.recordUses(writing);
    } catch (error) {
      for (const [id, at] of writing) if (!this.#unwritten.has(id)) this.note(id, at);
      throw error;
    }
  }
}
