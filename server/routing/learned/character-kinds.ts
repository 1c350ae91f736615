// What each character is to the reader of prompts: part of a word, white space, or a mark that is counted.

export const Kind = {
  Letter: 0,
  Digit: 1,
  Space: 2,
  /** Ends a sentence. */
  Stop: 3,
  Question: 4,
  Comma: 5,
  Quote: 6,
  /** From here on a character is a word of its own. */
  Blank: 7,
  Money: 8,
  Operator: 9,
  Code: 10,
  Latex: 11,
  Parenthesis: 12,
  /** A script that writes no spaces. */
  Ideograph: 13,
  /** Other marks beyond ASCII. */
  Sign: 14,
} as const;

export const kindCount = 15;

const asciiKinds = new Uint8Array(128).fill(Kind.Space);
mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", Kind.Letter);
mark("0123456789", Kind.Digit);
mark(".!;", Kind.Stop);
mark("?", Kind.Question);
mark(",:", Kind.Comma);
mark("'\"`", Kind.Quote);
mark("_", Kind.Blank);
mark("$", Kind.Money);
mark("+-*/=<>%|", Kind.Operator);
mark("{}[]#&~@", Kind.Code);
mark("\\^", Kind.Latex);
mark("()", Kind.Parenthesis);

function mark(characters: string, kind: number): void {
  for (const character of characters) asciiKinds[character.charCodeAt(0)] = kind;
}

/** The kind of a UTF-16 code unit; halves of a pair count as ideographs. NaN, past the end of a text, is white space. */
export function kindOf(code: number): number {
  if (code < 128) return asciiKinds[code] ?? Kind.Space;
  return code > 0 ? kindBeyondAscii(code) : Kind.Space;
}

function kindBeyondAscii(code: number): number {
  if (code < 0xc0) return kindOfLatinSign(code);
  if (code < 0x2000) return code === 0xd7 || code === 0xf7 ? Kind.Operator : Kind.Letter;
  if (code < 0x2070) return kindOfPunctuation(code);
  if (code >= 0x20a0 && code < 0x20d0) return Kind.Money;
  if (code >= 0x2100 && code < 0x2e80) return Kind.Sign;
  if (code < 0x2e80 || code === 0xfeff) return Kind.Space;
  if (code >= 0x3000 && code < 0x3040) return code === 0x3000 ? Kind.Space : Kind.Stop;
  return Kind.Ideograph;
}

function kindOfLatinSign(code: number): number {
  if (code <= 0xa0 || code === 0xad) return Kind.Space;
  if (code === 0xaa || code === 0xb5 || code === 0xba) return Kind.Letter;
  return code <= 0xa5 ? Kind.Money : Kind.Sign;
}

function kindOfPunctuation(code: number): number {
  if (code < 0x2010 || code >= 0x2028) return Kind.Space;
  if (code < 0x2018) return Kind.Operator;
  return code < 0x2020 ? Kind.Quote : Kind.Stop;
}
