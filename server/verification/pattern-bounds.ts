// Regular expressions from strangers, made safe to run: what can take exponential time is refused, what can take
// polynomial time only meets texts short enough. Conservative: some harmless patterns are refused too.

/** Most characters a pattern may have. */
export const patternLengthAtMost = 512;
/** Steps one test of a pattern may take in the worst case. */
const stepsAtMost = 4_000_000;
/** A range of repetitions up to this counts as a constant, not as an unbounded one. */
const smallRange = 16;

type Group = { hasQuantifier: boolean; hasAlternatives: boolean; firstCharacters: Set<string>; expectsFirst: boolean };

export type PatternVerdict =
  | { readonly safe: true; /** Longest text the pattern may be run on. */ readonly textLengthAtMost: number }
  | { readonly safe: false; readonly reason: string };

const quantifierPattern = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;

/**
 * Refused are back-references, and repeated groups that hold a variable repetition (`(a+)+`) or alternatives that do not
 * differ in their first letter or digit (`(a|ab)*`). Everything else backtracks at most `length ^ (number of unbounded
 * repetitions, plus one when the pattern is not anchored at its start)` times, from which the longest text follows.
 */
export function judgePattern(pattern: string): PatternVerdict {
  if (pattern.length > patternLengthAtMost) {
    return { safe: false, reason: `a pattern has more than ${patternLengthAtMost} characters` };
  }
  const refused = (what: string): PatternVerdict => ({ safe: false, reason: `the pattern ${pattern} ${what}` });
  const groups: Group[] = [newGroup()];
  let unbounded = pattern.startsWith("^") ? 0 : 1;
  let at = 0;
  while (at < pattern.length) {
    const atom = readAtom(pattern, at, groups);
    if (atom.kind === "backreference") return refused("uses a back-reference");
    at = atom.end;
    const repetition = atom.kind === "open" ? undefined : readRepetition(pattern, at);
    if (repetition === undefined) continue;
    at = repetition.end;
    if (atom.closed !== undefined && repetition.repeats) {
      if (atom.closed.hasQuantifier) return refused("repeats a group that itself repeats something");
      if (atom.closed.hasAlternatives) return refused("repeats a group of alternatives that can begin alike");
    }
    for (const group of groups) group.hasQuantifier ||= repetition.varies;
    if (repetition.unbounded) unbounded += 1;
  }
  return { safe: true, textLengthAtMost: Math.floor(stepsAtMost ** (1 / Math.max(1, unbounded))) };
}

type Atom = { readonly kind: "plain" | "open" | "backreference"; readonly end: number; readonly closed?: Group };

function newGroup(): Group {
  return { hasQuantifier: false, hasAlternatives: false, firstCharacters: new Set(), expectsFirst: true };
}

/** Reads one atom and keeps the stack of open groups. `closed` is the group that a `)` ended. */
function readAtom(pattern: string, at: number, groups: Group[]): Atom {
  const character = pattern[at] ?? "";
  const group = groups.at(-1) ?? newGroup();
  if (character === "(") {
    noteFirst(group, "(");
    groups.push(newGroup());
    return { kind: "open", end: at + 1 + groupMarkLength(pattern, at + 1) };
  }
  if (character === ")") {
    const closed = groups.length > 1 ? groups.pop() : undefined;
    if (closed?.expectsFirst && closed.firstCharacters.size > 0) closed.hasAlternatives = true;
    return closed === undefined ? { kind: "plain", end: at + 1 } : { kind: "plain", end: at + 1, closed };
  }
  if (character === "|") {
    // An empty branch, or one that another branch's first character also begins, makes the choice ambiguous.
    group.hasAlternatives ||= group.expectsFirst;
    group.expectsFirst = true;
    return { kind: "open", end: at + 1 };
  }
  if (character === "[") {
    noteFirst(group, "[");
    return { kind: "plain", end: classEnd(pattern, at + 1) };
  }
  if (character === "\\") {
    const next = pattern[at + 1] ?? "";
    noteFirst(group, /[A-Za-z]/.test(next) ? "\\" : next);
    return { kind: /[1-9k]/.test(next) ? "backreference" : "plain", end: at + 2 };
  }
  if (character !== "^") noteFirst(group, character);
  return { kind: "plain", end: at + 1 };
}

/** Only distinct literal characters can tell branches apart; any other beginning counts as the same one. */
function noteFirst(group: Group, character: string): void {
  if (!group.expectsFirst) return;
  group.expectsFirst = false;
  const literal = /^[\p{L}\p{N} _,;:#@/-]$/u.test(character);
  const first = literal ? character.toLowerCase() : "any";
  const ambiguous =
    group.firstCharacters.has(first) ||
    group.firstCharacters.has("any") ||
    (first === "any" && group.firstCharacters.size > 0);
  group.hasAlternatives ||= ambiguous;
  group.firstCharacters.add(first);
}

function groupMarkLength(pattern: string, at: number): number {
  const mark = /\?(?:[:=!]|<[=!]|<\w{1,50}>)/y;
  mark.lastIndex = at;
  return mark.exec(pattern)?.[0].length ?? 0;
}

function classEnd(pattern: string, from: number): number {
  let at = from;
  while (at < pattern.length && pattern[at] !== "]") at += pattern[at] === "\\" ? 2 : 1;
  return at + 1;
}

type Repetition = {
  readonly end: number;
  /** May match more than once. */
  readonly repeats: boolean;
  /** May match a varying number of times. */
  readonly varies: boolean;
  readonly unbounded: boolean;
};

function readRepetition(pattern: string, at: number): Repetition | undefined {
  quantifierPattern.lastIndex = at;
  const match = quantifierPattern.exec(pattern);
  if (match === null) return undefined;
  const [whole, least, comma, most] = match;
  const end = at + whole.length;
  if (whole.startsWith("?")) return { end, repeats: false, varies: true, unbounded: false };
  if (least === undefined) return { end, repeats: true, varies: true, unbounded: true };
  const minimum = Number(least);
  const maximum = comma === undefined ? minimum : most === "" ? Infinity : Number(most);
  return { end, repeats: maximum > 1, varies: maximum !== minimum, unbounded: maximum - minimum > smallRange };
}
