// What somebody probably meant to type.

/** The candidate with the fewest changed letters; undefined when none is near. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(typed.toLowerCase(), candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(1, Math.floor(Math.max(typed.length, candidate.length) / 3)),
    )
    .toSorted((one, other) => one.distance - other.distance);
  return ranked[0]?.candidate;
}

/** Letters to insert, delete, change or swap with their neighbour. Words are short: at most 64 letters are looked at. */
export function distanceOf(one: string, other: string): number {
  const [from, to] = [[...one].slice(0, 64), [...other].slice(0, 64)];
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of from.entries()) {
    const line = [row + 1];
    for (const [column, target] of to.entries()) {
      const changed = (above[column] ?? 0) + (letter === target ? 0 : 1);
      const removed = (above[column + 1] ?? 0) + 1;
      const added = (line[column] ?? 0) + 1;
      const isSwapped = row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === target;
      const swapped = isSwapped ? (before[column - 1] ?? 0) + 1 : Infinity;
      line.push(Math.min(changed, removed, added, swapped));
    }
    before = above;
    above = line;
  }
  return above[to.length] ?? 0;
}
