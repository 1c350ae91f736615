// The caution that `safety.highStakes: prompt` puts in front of the instructions of a high-stakes request.

/** Plain text, to be added before the caller's own instructions. */
export const highStakesCaution = [
  "This request may have serious consequences: money, law, health, personal data, access, or something that cannot be undone.",
  "State what you are not certain of. Do not invent facts, figures, names or sources.",
  "Do not carry out, or claim to have carried out, an irreversible action; describe it and ask a person to confirm it first.",
  "Where a qualified professional should decide, say so.",
].join("\n");
