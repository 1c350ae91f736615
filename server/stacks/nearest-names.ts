// Names that a misspelt one may have meant.

/** Most names suggested for one. */
const mostSuggested = 3;
/** Part of a name's letters that may be wrong. */
const wrongShare = 0.4;

/** The likeliest first: those that hold the text, then those that differ in few letters. A `*` at the end is ignored. */
export function nearest(written: string, names: readonly string[]): string[] {
  const text = written.toLowerCase().replace(/\*$/, "");
  if (text === "") return [];
  const limit = Math.max(2, Math.floor(text.length * wrongShare));
  const rated = names.flatMap((name) => {
    const distance = distanceOf(text, name.toLowerCase(), limit);
    return distance <= limit ? [{ name, distance }] : [];
  });
  return rated
    .sort((left, right) => left.distance - right.distance || left.name.length - right.name.length)
    .slice(0, mostSuggested)
    .map(({ name }) => name);
}

/** Zero for a name that holds the text, else the edits to the name or to what follows its last `/`. */
function distanceOf(text: string, name: string, limit: number): number {
  if (name.includes(text)) return 0;
  const short = name.slice(name.lastIndexOf("/") + 1);
  return Math.min(...[name, short].map((other) => edits(text, other, limit)));
}

/** Levenshtein's distance; infinite where the lengths alone tell that it is beyond the limit. */
function edits(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return Infinity;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at++) {
    const next = [at];
    for (let to = 1; to <= right.length; to++) {
      const same = left[at - 1] === right[to - 1] ? 0 : 1;
      const change = (row[to - 1] ?? 0) + same;
      next.push(Math.min(change, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
