// Regular expressions from strangers, made safe to run: what can take exponential time is refused, what can take
// polynomial time only meets texts short enough. Conservative: some harmless patterns are refused too.

/** Most characters a pattern may have. */
export const patternLengthAtMost = 512;
/** Steps one test of a pattern may take in the worst case. */
const stepsAtMost = 4_000_000;
/** Up to so many repetitions multiply the steps; more count as unbounded. */
const smallRepetition = 16;

/** How many ways a piece of the pattern can match, at any depth. */
type Ways = {
  /** Of bounded choices: optional parts, small ranges and ambiguous alternatives, multiplied. */
  choices: number;
  /** Unbounded repetitions, each of which multiplies the ways by the length of the text. */
  unbounded: number;
};

type Group = Ways & {
  branches: number;
  /** Two of its branches can begin alike. */
  ambiguous: boolean;
  readonly firstCharacters: Set<string>;
  expectsFirst: boolean;
};

export type PatternVerdict =
  | {
      readonly safe: true;
      /** Longest text, in UTF-16 units, that the pattern may be run on. */
      readonly textLengthAtMost: number;
    }
  | { readonly safe: false; readonly reason: string };

const quantifierPattern = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;

/**
 * Refused are back-references, unbounded repetition of groups that can match in more than one way (`(a+)+`, `(a|ab)*`),
 * and patterns with too many choices. All others take at most `choices * length ^ unbounded` steps, where a pattern that
 * is not anchored at its start counts as one more unbounded repetition; the longest text follows from that.
 */
export function judgePattern(pattern: string): PatternVerdict {
  if (pattern.length > patternLengthAtMost) {
    return { safe: false, reason: `a pattern has more than ${patternLengthAtMost} characters` };
  }
  const refused = (what: string): PatternVerdict => ({ safe: false, reason: `the pattern ${pattern} ${what}` });
  const outermost = newGroup();
  const groups: Group[] = [outermost];
  let at = 0;
  while (at < pattern.length) {
    const atom = readAtom(pattern, at, groups);
    if (atom.kind === "backreference") return refused("uses a back-reference");
    at = atom.end;
    const repetition = atom.kind === "open" ? undefined : readRepetition(pattern, at);
    at = repetition?.end ?? at;
    const ways = repeatedWays(atom.closed ?? { choices: 1, unbounded: 0 }, repetition ?? once);
    if (ways === undefined) return refused("repeats a group that can match the same text in more than one way");
    const group = groups.at(-1) ?? outermost;
    group.choices *= ways.choices;
    group.unbounded += ways.unbounded;
  }
  const choices = waysOf(outermost).choices;
  const unbounded = outermost.unbounded + (pattern.startsWith("^") && outermost.branches === 1 ? 0 : 1);
  if (choices > stepsAtMost) return refused("holds too many choices");
  return { safe: true, textLengthAtMost: Math.floor((stepsAtMost / choices) ** (1 / Math.max(1, unbounded))) };
}

/** Undefined when the repetition makes the ways grow exponentially with the text. */
function repeatedWays(ways: Ways, { minimum, maximum }: Repetition): Ways | undefined {
  if (maximum <= smallRepetition) {
    const choices = ways.choices ** maximum * (maximum - minimum + 1);
    return { choices, unbounded: ways.unbounded * maximum };
  }
  return ways.choices > 1 || ways.unbounded > 0 ? undefined : { choices: 1, unbounded: 1 };
}

function waysOf(group: Group): Ways {
  return { choices: group.choices * (group.ambiguous ? group.branches : 1), unbounded: group.unbounded };
}

type Atom = { readonly kind: "plain" | "open" | "backreference"; readonly end: number; readonly closed?: Ways };

function newGroup(): Group {
  return { choices: 1, unbounded: 0, branches: 1, ambiguous: false, firstCharacters: new Set(), expectsFirst: true };
}

/** Reads one atom and keeps the stack of open groups. `closed` is what the group that a `)` ended amounts to. */
function readAtom(pattern: string, at: number, groups: Group[]): Atom {
  const character = pattern[at] ?? "";
  const group = groups.at(-1) ?? newGroup();
  if (character === "(") {
    noteFirst(group, "(");
    groups.push(newGroup());
    return { kind: "open", end: at + 1 + groupMarkLength(pattern, at + 1) };
  }
  if (character === ")") return closeGroup(at, groups);
  if (character === "|") {
    // A branch that is empty can stand in for any other.
    group.ambiguous ||= group.expectsFirst;
    group.expectsFirst = true;
    group.branches += 1;
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

function closeGroup(at: number, groups: Group[]): Atom {
  const closed = groups.length > 1 ? groups.pop() : undefined;
  if (closed === undefined) return { kind: "plain", end: at + 1 };
  closed.ambiguous ||= closed.expectsFirst && closed.branches > 1;
  return { kind: "plain", end: at + 1, closed: waysOf(closed) };
}

/** Only distinct literal characters can tell branches apart; any other beginning counts as the same one. */
function noteFirst(group: Group, character: string): void {
  if (!group.expectsFirst) return;
  group.expectsFirst = false;
  const literal = /^[\p{L}\p{N} _,;:#@/-]$/u.test(character);
  const first = literal ? character.toLowerCase() : "any";
  const seen = group.firstCharacters;
  group.ambiguous ||= seen.has(first) || seen.has("any") || (first === "any" && seen.size > 0);
  seen.add(first);
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

/** `maximum` is Infinity without an upper limit. */
type Repetition = { readonly minimum: number; readonly maximum: number };

const once: Repetition = { minimum: 1, maximum: 1 };

function readRepetition(pattern: string, at: number): (Repetition & { readonly end: number }) | undefined {
  quantifierPattern.lastIndex = at;
  const match = quantifierPattern.exec(pattern);
  if (match === null) return undefined;
  const [whole, least, comma, most] = match;
  const end = at + whole.length;
  if (whole.startsWith("?")) return { end, minimum: 0, maximum: 1 };
  if (least === undefined) return { end, minimum: 0, maximum: Infinity };
  const minimum = Number(least);
  return { end, minimum, maximum: comma === undefined ? minimum : most === "" ? Infinity : Number(most) };
}
