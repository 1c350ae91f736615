// Are the vectors of an embeddings answer usable: one for each input, all alike, all finite?

import { failed, passed, type CheckedAnswer, type Finding } from "./finding.ts";

/** Undefined for generation, and when no vector came at all: that is `checkNotEmpty`'s finding. */
export function checkEmbeddings(checked: CheckedAnswer): Finding | undefined {
  const vectors = checked.answer.embeddings ?? [];
  if (checked.embeddingInputs === 0 || vectors.length === 0) return undefined;
  if (vectors.length !== checked.embeddingInputs) {
    return failed(`${vectors.length} vectors came back for ${checked.embeddingInputs} inputs`);
  }
  const dimensions = vectors[0]?.length ?? 0;
  if (dimensions === 0) return failed("a vector has no dimensions");
  for (const [index, vector] of vectors.entries()) {
    if (vector.length !== dimensions) return failed(`vector ${index + 1} is not as long as the first`);
    if (!vector.every(Number.isFinite)) return failed(`vector ${index + 1} holds what is not a number`);
  }
  return passed;
}
