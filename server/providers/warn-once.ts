// A long conversation loses the same thing in many messages; the trace needs to hear of it once.

export type Warn = (sentence: string) => void;

/** Passes each sentence on the first time only. */
export function warnOnce(warn: Warn): Warn {
  const said = new Set<string>();
  return (sentence) => {
    if (said.has(sentence)) return;
    said.add(sentence);
    warn(sentence);
  };
}
