// The most tokens a text can become, without a tokenizer: one table look-up for each character, indexed by the character
// and the one before it. The figures are measured (token-bound.test.ts): no tokenizer makes more of any kind of text,
// and none can make more than one token of a byte.

/**
 * Which letters commonly follow which, in words of languages written in Latin letters. A tokenizer has such pairs and
 * longer pieces with them; what strings of other pairs become is close to single letters.
 */
const commonPairs: { readonly [first: string]: string } = {
  a: "abcdfghijklmnprstuvwxyz",
  b: "aeilorsu",
  c: "acehiklorstuy",
  d: "adeilorsuy",
  e: "abcdefghiklmnopqrstuvwxyz",
  f: "aefilortu",
  g: "aeghilnorsu",
  h: "aeilortuy",
  i: "abcdefgjklmnoprstvxz",
  j: "aeou",
  k: "aeilostu",
  l: "adeilmostuy",
  m: "abeimopsu",
  n: "acdefghiklnostuvy",
  o: "abcdefgiklmnoprstuvwy",
  p: "aehiloprstu",
  q: "u",
  r: "abcdefgiklmnoprstuvy",
  s: "acehiklmopstuwy",
  t: "acehilorstuwy",
  u: "abcdefgiklmnprst",
  v: "aeio",
  w: "aehinos",
  x: "eipt",
  y: "aemnops",
  z: "aeio",
};

/** Costs are in sixteenths of a token, so that they add up in whole numbers. */
const whole = 16;
const commonLower = 7;
const rareLower = 14;
const commonUpper = 9;
const rareUpper = 16;
const commonCapital = 12;
const furtherSpace = 2;
/** Pieces at the two ends of a text count whole, in tokens. */
const openPieces = 2;

const characters = 128;
const space = 0x20;
/** What came before, when it was not an ASCII character: a character beyond ASCII, or at least two spaces. */
const beyondAscii = 128;
const severalSpaces = 129;

const costs = costTable();
const spaceRow = rowOf(space);
const beyondAsciiRow = rowOf(beyondAscii);
const severalSpacesRow = rowOf(severalSpaces);

/** Never less than the text's tokens, never more than its UTF-8 bytes; 0 for an empty text. */
export function tokenBound(text: string): number {
  const { length } = text;
  let sum = 0;
  /** Bytes beyond one a character. */
  let wide = 0;
  let row = beyondAsciiRow;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code === space) {
      sum += costs[row + space] ?? 0;
      row = row === spaceRow || row === severalSpacesRow ? severalSpacesRow : spaceRow;
    } else if (code < characters) {
      sum += costs[row + code] ?? 0;
      row = rowOf(code);
    } else {
      const pair = isHighSurrogate(code) && isLowSurrogate(text.charCodeAt(index + 1));
      const width = pair ? 4 : code < 0x800 ? 2 : 3;
      sum += (row === spaceRow || row === severalSpacesRow ? width + 1 : width) * whole;
      wide += pair ? 2 : width - 1;
      if (pair) index++;
      row = beyondAsciiRow;
    }
  }
  return Math.min(length + wide, Math.ceil(sum / whole) + openPieces);
}

/** What each ASCII character costs after each other, and after what is not ASCII. */
function costTable(): Uint8Array {
  const table = new Uint8Array((severalSpaces + 1) * characters);
  for (let before = 0; before <= severalSpaces; before++) {
    for (let code = 0; code < characters; code++) table[rowOf(before) + code] = costAfter(before, code);
  }
  return table;
}

function costAfter(before: number, code: number): number {
  if (code === space) {
    // The first space joins the word or sign that follows it; the others form a piece of their own.
    if (!isBlank(before)) return 0;
    return before === severalSpaces ? furtherSpace : whole;
  }
  // A space stays alone before a digit and before other blanks.
  if ((before === space || before === severalSpaces) && (isDigit(code) || isBlank(code))) return 2 * whole;
  return isLetter(before) && isLetter(code) ? letterCost(before, code) : whole;
}

/** A capital after a small letter begins a word of its own. */
function letterCost(before: number, code: number): number {
  if (isLower(before) && !isLower(code)) return whole;
  const [first = "", second = ""] = String.fromCharCode(before, code).toLowerCase();
  const common = commonPairs[first]?.includes(second) ?? false;
  if (isLower(before)) return common ? commonLower : rareLower;
  if (!common) return rareUpper;
  return isLower(code) ? commonCapital : commonUpper;
}

function rowOf(before: number): number {
  return before * characters;
}

function isBlank(state: number): boolean {
  return state <= space || state === severalSpaces;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isLetter(code: number): boolean {
  return isLower(code | space);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
