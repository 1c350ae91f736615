// Which row a bucket has, from one bit a bucket: rows are numbered in the order of their buckets.

/** Finds rows in constant time, from twice the memory of the bits. */
export class RowIndex {
  readonly #bits: Uint32Array;
  /** Rows before each word of bits. */
  readonly #before: Uint32Array;

  constructor(bits: Uint32Array) {
    this.#bits = bits;
    this.#before = new Uint32Array(bits.length);
    let rows = 0;
    bits.forEach((word, index) => {
      this.#before[index] = rows;
      rows += ones(word);
    });
  }

  /** The row's number, -1 for buckets that have none. */
  rowOf(bucket: number): number {
    const word = this.#bits[bucket >>> 5] ?? 0;
    const place = bucket & 31;
    if (((word >>> place) & 1) === 0) return -1;
    return (this.#before[bucket >>> 5] ?? 0) + ones(word & ((1 << place) - 1));
  }
}

/** How many bits of 32 are set. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
