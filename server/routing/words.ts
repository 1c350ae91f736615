// Text as words and sentences, for the classifier. One pass over the characters; nothing here knows what a word means.

export type Words = {
  /** Lower-case words in order; everything that is not a letter, digit, underscore or apostrophe separates them. */
  readonly words: readonly string[];
  /** The number of the sentence each word stands in; sentences end at `. ` `!` `?` `;` and line breaks. */
  readonly sentences: readonly number[];
  readonly questionMarks: number;
  /** Brackets, braces, semicolons, equals and angle signs, back quotes. */
  readonly codeMarks: number;
  /** Carets and backslashes, as formulas have them. */
  readonly mathMarks: number;
  /** Whether an amount of money is written with its currency sign: `$500`. */
  readonly currencyAmount: boolean;
  readonly characters: number;
};

/** Kinds of ASCII characters; numbers, because the table is read once per character. */
const Kind = { Separator: 0, Word: 1, SentenceEnd: 2, Stop: 3, Code: 4, Math: 5, Currency: 6 } as const;

const kinds = asciiKinds();

function asciiKinds(): Uint8Array {
  const table = new Uint8Array(128);
  const mark = (characters: string, kind: number) => {
    for (const character of characters) table[character.charCodeAt(0)] = kind;
  };
  mark("abcdefghijklmnopqrstuvwxyz0123456789_'", Kind.Word);
  mark("!?\n", Kind.SentenceEnd);
  mark(".", Kind.Stop);
  mark("{}()[];=<>`", Kind.Code);
  mark("^\\", Kind.Math);
  mark("$", Kind.Currency);
  return table;
}

const questionMark = 63;
const semicolon = 59;

/** Splits text; the caller caps its length. Never throws, whatever the script. */
export function splitWords(text: string): Words {
  const lower = text.toLowerCase();
  const words: string[] = [];
  const sentences: number[] = [];
  let sentence = 0;
  let start = -1;
  let questionMarks = 0;
  let codeMarks = 0;
  let mathMarks = 0;
  let currencyAmount = false;
  for (let index = 0; index <= lower.length; index++) {
    const code = lower.charCodeAt(index);
    const kind = kindOf(code);
    if (kind === Kind.Word) {
      if (start < 0) start = index;
      continue;
    }
    if (start >= 0) {
      words.push(lower.slice(start, index));
      sentences.push(sentence);
      start = -1;
    }
    if (kind === Kind.Separator) continue;
    if (kind === Kind.Code) codeMarks++;
    else if (kind === Kind.Math) mathMarks++;
    else if (kind === Kind.Currency) currencyAmount ||= isDigit(lower.charCodeAt(index + 1));
    if (code === questionMark) questionMarks++;
    const stops = kind === Kind.Stop && kindOf(lower.charCodeAt(index + 1)) !== Kind.Word;
    if (kind === Kind.SentenceEnd || stops || code === semicolon) sentence++;
  }
  return { words, sentences, questionMarks, codeMarks, mathMarks, currencyAmount, characters: lower.length };
}

/** Letters of every script count as word characters; NaN, past the end, separates. */
function kindOf(code: number): number {
  if (code < 128) return kinds[code] ?? Kind.Separator;
  if (code === 0x20ac || code === 0xa3) return Kind.Currency;
  return code >= 0xc0 && !(code >= 0x2000 && code <= 0x206f) ? Kind.Word : Kind.Separator;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
