// Which prompts are nearly the same: the same question after normalising, or most runs of words shared.

/** Prompts that share this part of their rare runs of words are near-duplicates. */
const leastOverlap = 0.8;
const bands = 8;
const rowsOfBand = 4;
const runLength = 3;
/** Shorter questions ("Which of these is true?") say nothing without their options. */
const leastWordsOfQuestion = 6;

/**
 * A number for each prompt, the same for near-duplicates: the index of the first of them. Multiple-choice questions are
 * compared without their options, so that the same question with more options is the same. Runs of words that many
 * prompts share are a template's and count for nothing.
 */
export function nearDuplicateGroups(prompts: readonly string[]): Int32Array {
  const groups = new DisjointSets(prompts.length);
  const questions = prompts.map((prompt) => wordsOf(questionOf(prompt)));
  joinEqual(questions, groups);
  joinOverlapping(questions.map(runsOf), groups);
  return groups.roots();
}

const firstOption = /\n\(?A[.):] /;

function questionOf(prompt: string): string {
  const at = prompt.search(firstOption);
  const question = at > 0 ? prompt.slice(0, at) : prompt;
  return wordsOf(question).length >= leastWordsOfQuestion ? question : prompt;
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/answer:\s*$/, "")
      .match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}_.,;:'"()?!-]/gu) ?? []
  );
}

function joinEqual(questions: readonly string[][], groups: DisjointSets): void {
  const first = new Map<string, number>();
  questions.forEach((words, index) => {
    const text = words.join(" ");
    const earlier = first.get(text);
    if (earlier === undefined) first.set(text, index);
    else groups.join(earlier, index);
  });
}

/** Hashes of every run of three words, each once. */
function runsOf(words: readonly string[]): number[] {
  const hashes = words.map(hashOf);
  const runs = new Set<number>();
  for (let start = 0; start + runLength <= hashes.length; start++) {
    let hash = 0;
    for (let word = start; word < start + runLength; word++) hash = mix(hash ^ (hashes[word] ?? 0), word - start);
    runs.add(hash);
  }
  return [...runs];
}

function joinOverlapping(runs: readonly number[][], groups: DisjointSets): void {
  const mostUses = Math.max(20, runs.length / 200);
  const uses = new Map<number, number>();
  for (const run of runs.flat()) uses.set(run, (uses.get(run) ?? 0) + 1);
  const rare = runs.map((own) => new Set(own.filter((run) => (uses.get(run) ?? 0) <= mostUses)));
  const buckets = new Map<string, number[]>();
  rare.forEach((own, index) => {
    if (own.size < 4) return;
    for (const bucket of bucketsOf(own)) {
      const others = buckets.get(bucket) ?? [];
      // Comparing with a few of a bucket is enough: what they are like, they are like among each other.
      for (const other of others.slice(0, 4)) {
        if (groups.root(other) === groups.root(index)) continue;
        if (overlap(rare[other] ?? own, own) >= leastOverlap) groups.join(other, index);
      }
      others.push(index);
      buckets.set(bucket, others);
    }
  });
}

/** Minhash: two prompts share a bucket with a probability that rises steeply with their overlap. */
function bucketsOf(runs: ReadonlySet<number>): string[] {
  return Array.from({ length: bands }, (_, band) => {
    const signature = Array.from({ length: rowsOfBand }, (_unused, row) => {
      let least = 0xffffffff;
      for (const run of runs) least = Math.min(least, mix(run, band * rowsOfBand + row + 1) >>> 0);
      return least;
    });
    return `${band} ${signature.join(" ")}`;
  });
}

/** Jaccard: shared by all. */
function overlap(left: ReadonlySet<number>, right: ReadonlySet<number>): number {
  let shared = 0;
  for (const run of left) if (right.has(run)) shared++;
  return shared / (left.size + right.size - shared);
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}

function mix(value: number, seed: number): number {
  let mixed = Math.imul(value ^ Math.imul(seed + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

class DisjointSets {
  readonly #parents: Int32Array;

  constructor(size: number) {
    this.#parents = Int32Array.from({ length: size }, (_, index) => index);
  }

  root(index: number): number {
    let at = index;
    for (let parent = this.#parents[at] ?? at; parent !== at; parent = this.#parents[at] ?? at) {
      this.#parents[at] = this.#parents[parent] ?? parent;
      at = parent;
    }
    return at;
  }

  /** The lower index stays the root. */
  join(left: number, right: number): void {
    const [first, second] = [this.root(left), this.root(right)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  roots(): Int32Array {
    return this.#parents.map((_, index) => this.root(index));
  }
}
