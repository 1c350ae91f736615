// A string that matches a regular expression, built from the expression itself without ever running it: literals,
// classes, groups, alternatives (the first one) and repetition. Lookarounds and back-references are not understood.

type Cursor = { readonly pattern: string; at: number };
/** Gives the text for a number of extra repetitions of everything that may repeat without end. */
type Piece = (extra: number) => string;

const repetitionsAtMost = 1_000;
/** Repetition within repetition multiplies; a pattern that asks for more is not answered. */
const textLengthAtMost = 10_000;
const patternLengthAtMost = 1_000;

class NotUnderstood extends Error {}

/** Undefined when the pattern uses what is not understood. The result has at least `minimumLength` characters if it can. */
export function exampleOfPattern(pattern: string, minimumLength: number): string | undefined {
  if (pattern.length > patternLengthAtMost) return undefined;
  try {
    const cursor = { pattern, at: 0 };
    const piece = readAlternatives(cursor, 0);
    if (cursor.at < pattern.length) return undefined;
    return longEnough(piece, minimumLength);
  } catch (thrown) {
    if (thrown instanceof NotUnderstood || thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function longEnough(piece: Piece, minimumLength: number): string {
  let text = piece(0);
  for (let extra = 1; text.length < minimumLength && extra <= repetitionsAtMost; extra += 1) {
    const longer = piece(extra);
    if (longer.length === text.length) break;
    text = longer;
  }
  return text;
}

function readAlternatives(cursor: Cursor, depth: number): Piece {
  if (depth > 20) throw new NotUnderstood();
  const first = readSequence(cursor, depth);
  while (cursor.pattern[cursor.at] === "|") {
    cursor.at += 1;
    readSequence(cursor, depth);
  }
  return first;
}

function readSequence(cursor: Cursor, depth: number): Piece {
  const pieces: Piece[] = [];
  while (cursor.at < cursor.pattern.length && !"|)".includes(cursor.pattern[cursor.at] ?? "")) {
    pieces.push(readRepetition(cursor, readAtom(cursor, depth)));
  }
  return (extra) => pieces.map((piece) => piece(extra)).join("");
}

function readAtom(cursor: Cursor, depth: number): Piece {
  const character = cursor.pattern[cursor.at] ?? "";
  cursor.at += 1;
  if (character === "(") return readGroup(cursor, depth);
  if (character === "[") return constant(readClass(cursor));
  if (character === "\\") return constant(readEscape(cursor));
  if (character === "^" || character === "$") return constant("");
  return constant(character === "." ? "a" : character);
}

function constant(text: string): Piece {
  return () => text;
}

function readGroup(cursor: Cursor, depth: number): Piece {
  const opening = /\?(?::|<[A-Za-z]\w*>)|\?/y;
  opening.lastIndex = cursor.at;
  const mark = opening.exec(cursor.pattern)?.[0] ?? "";
  if (mark === "?") throw new NotUnderstood();
  cursor.at += mark.length;
  const piece = readAlternatives(cursor, depth + 1);
  if (cursor.pattern[cursor.at] !== ")") throw new NotUnderstood();
  cursor.at += 1;
  return piece;
}

const quantifier = /(?:([*+?])|\{(\d{1,4})(,)?(\d{1,4})?\})\??/y;

function readRepetition(cursor: Cursor, piece: Piece): Piece {
  quantifier.lastIndex = cursor.at;
  const match = quantifier.exec(cursor.pattern);
  if (match === null) return piece;
  cursor.at += match[0].length;
  const [, sign, least, comma, most] = match;
  const minimum = sign === undefined ? Number(least) : sign === "+" ? 1 : 0;
  const maximum =
    sign === "?" ? 1 : most !== undefined ? Number(most) : comma === undefined && !sign ? minimum : Infinity;
  return (extra) => {
    const once = piece(extra);
    const times = Math.min(minimum + extra, maximum);
    if (once.length * times > textLengthAtMost) throw new NotUnderstood();
    return once.repeat(times);
  };
}

/** One character of `[...]`: its first member, or for a negated class the first common one that is not excluded. */
function readClass(cursor: Cursor): string {
  const negated = cursor.pattern[cursor.at] === "^";
  if (negated) cursor.at += 1;
  const from = cursor.at;
  const members: string[] = [];
  while (cursor.pattern[cursor.at] !== "]") {
    if (cursor.at >= cursor.pattern.length) throw new NotUnderstood();
    const character = cursor.pattern[cursor.at] ?? "";
    cursor.at += 1;
    members.push(character === "\\" ? readEscape(cursor) : character);
  }
  const body = cursor.pattern.slice(from, cursor.at);
  cursor.at += 1;
  if (!negated) return members[0] ?? unmatchable();
  // The class itself holds no repetition, so running it takes one step for one character.
  const excluded = new RegExp(`[${body}]`);
  return [..."aA0 -_.~é"].find((candidate) => !excluded.test(candidate)) ?? unmatchable();
}

function unmatchable(): never {
  throw new NotUnderstood();
}

const escapes: { readonly [letter: string]: string } = {
  d: "1",
  D: "a",
  w: "a",
  W: "-",
  s: " ",
  S: "a",
  n: "\n",
  t: "\t",
  r: "\r",
  f: "\f",
  v: "\v",
  b: "",
  B: "",
};

function readEscape(cursor: Cursor): string {
  const letter = cursor.pattern[cursor.at] ?? "";
  cursor.at += 1;
  if (letter in escapes) return escapes[letter] ?? "";
  if (letter === "u" || letter === "x") return readCodePoint(cursor, letter);
  if (letter === "p" || letter === "P") return readProperty(cursor, letter === "P");
  if (/[1-9kc]/.test(letter) || letter === "") throw new NotUnderstood();
  return letter;
}

function readCodePoint(cursor: Cursor, letter: "u" | "x"): string {
  const digits = letter === "x" ? /[0-9a-fA-F]{2}/y : /\{([0-9a-fA-F]{1,6})\}|[0-9a-fA-F]{4}/y;
  digits.lastIndex = cursor.at;
  const match = digits.exec(cursor.pattern);
  const code = parseInt(match?.[1] ?? match?.[0] ?? "", 16);
  if (match === null || !(code <= 0x10ffff)) throw new NotUnderstood();
  cursor.at += match[0].length;
  return String.fromCodePoint(code);
}

function readProperty(cursor: Cursor, negated: boolean): string {
  const close = cursor.pattern.indexOf("}", cursor.at);
  if (cursor.pattern[cursor.at] !== "{" || close === -1) throw new NotUnderstood();
  const property = cursor.pattern.slice(cursor.at, close + 1);
  cursor.at = close + 1;
  const member = new RegExp(`\\${negated ? "P" : "p"}${property}`, "u");
  return [..."aA0 -.$\n"].find((candidate) => member.test(candidate)) ?? unmatchable();
}
