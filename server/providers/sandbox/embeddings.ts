// Simulated embeddings: unit vectors made of hashed words and letter triples, so that texts that share words are close
// and the same text always gives the same vector.

/** Dimensions when the request names none. */
export const defaultDimensions = 1024;
/** Most dimensions a request gets. */
export const dimensionsAtMost = 4096;

const wordWeight = 1;
const tripleWeight = 0.25;

/** A vector of length 1 for a text, or for tokens as the client sent them. `dimensions` is 1 to `dimensionsAtMost`. */
export function embeddingOf(input: string | readonly number[], dimensions: number): number[] {
  const vector = new Float64Array(dimensions);
  for (const [feature, weight] of features(input)) {
    const hash = hashOf(feature);
    const at = hash % dimensions;
    vector[at] = (vector[at] ?? 0) + (hash & 0x8000_0000 ? -weight : weight);
  }
  const length = Math.hypot(...vector);
  if (length === 0) {
    // Nothing to hash, or everything cancelled out: still a unit vector, and the same one every time.
    return Array.from({ length: dimensions }, (_, index) => (index === 0 ? 1 : 0));
  }
  return Array.from(vector, (value) => value / length);
}

function* features(input: string | readonly number[]): Generator<readonly [string, number]> {
  if (typeof input !== "string") {
    for (const token of input) yield [`token ${token}`, wordWeight];
    return;
  }
  for (const [word] of input.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    yield [word, wordWeight];
    const padded = ` ${word} `;
    for (let at = 0; at + 3 <= padded.length; at += 1) yield [padded.slice(at, at + 3), tripleWeight];
  }
}

/** FNV-1a, 32 bits, unsigned; the last step mixes the high bits into the low ones the modulus looks at. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}
