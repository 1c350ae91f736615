// What each byte of UTF-8 text means to the reader of words, as a table: ASCII letters have numbers, everything else that
// ends a word or says something about the text has a mark. Letters of every script belong to words.

/** What a byte is when it is not one of the letters: a to z in either case and the apostrophe are 0 to 26. */
export const Mark = {
  /** Part of a word, but of none that is looked up: a digit, an underscore, a letter beyond ASCII. The last of letters. */
  OtherLetter: 27,
  /** Second and later bytes of a character: its first byte has said everything. */
  Continuation: 28,
  /** First byte of U+0080 to U+00BF: signs, none of them a letter that counts. */
  LatinSigns: 29,
  /** First byte of U+2000 to U+2FFF: punctuation up to U+206F, the euro sign, and characters that count as letters. */
  Punctuation: 30,
  Separator: 31,
  SentenceEnd: 32,
  Question: 33,
  Stop: 34,
  Code: 35,
  Semicolon: 36,
  Math: 37,
  Currency: 38,
} as const;

const markOfByte = byteMarks();

function byteMarks(): Uint8Array {
  const table = new Uint8Array(256).fill(Mark.Separator);
  const mark = (characters: string, value: number) => {
    for (const character of characters) table[character.charCodeAt(0)] = value;
  };
  [..."abcdefghijklmnopqrstuvwxyz'"].forEach((letter, index) => mark(letter + letter.toUpperCase(), index));
  mark("0123456789_", Mark.OtherLetter);
  mark("!\n", Mark.SentenceEnd);
  mark("?", Mark.Question);
  mark(".", Mark.Stop);
  mark("{}()[]=<>`", Mark.Code);
  mark(";", Mark.Semicolon);
  mark("^\\", Mark.Math);
  mark("$", Mark.Currency);
  table.fill(Mark.Continuation, 0x80, 0xc0);
  table.fill(Mark.OtherLetter, 0xc0);
  table[0xc2] = Mark.LatinSigns;
  table[0xe2] = Mark.Punctuation;
  return table;
}

/** The mark or letter of the character that starts at `index`; past the end it is a separator. */
export function markAt(bytes: Uint8Array, index: number): number {
  const mark = markOfByte[bytes[index] ?? 0] ?? Mark.Separator;
  if (mark !== Mark.LatinSigns && mark !== Mark.Punctuation) return mark;
  const second = bytes[index + 1] ?? 0;
  if (mark === Mark.LatinSigns) return second === 0xa3 ? Mark.Currency : Mark.Separator;
  const third = bytes[index + 2] ?? 0;
  if (second === 0x82 && third === 0xac) return Mark.Currency;
  return second === 0x80 || (second === 0x81 && third <= 0xaf) ? Mark.Separator : Mark.OtherLetter;
}

export function isLetter(mark: number): boolean {
  return mark <= Mark.OtherLetter;
}

/** Where the character after the one at `index` starts. */
export function nextCharacter(bytes: Uint8Array, index: number): number {
  let next = index + 1;
  while (markOfByte[bytes[next] ?? 0] === Mark.Continuation) next++;
  return next;
}
