// Is the answer in the language of the question? By script first, then by the commonest words of seven languages in
// Latin script. Says nothing where either text is short or mixed.

import { failed, passed, type CheckedAnswer, type Finding } from "./finding.ts";
import { isProse, proseOf } from "./prose-of.ts";

const scripts: { readonly [script: string]: RegExp } = {
  Latin: /\p{Script=Latin}/gu,
  Cyrillic: /\p{Script=Cyrillic}/gu,
  Greek: /\p{Script=Greek}/gu,
  Arabic: /\p{Script=Arabic}/gu,
  Hebrew: /\p{Script=Hebrew}/gu,
  Devanagari: /\p{Script=Devanagari}/gu,
  Thai: /\p{Script=Thai}/gu,
  Korean: /\p{Script=Hangul}/gu,
  "Chinese or Japanese": /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu,
};

const commonWords: { readonly [language: string]: ReadonlySet<string> } = {
  English: wordSet("the and of to is that it for with was are this not have from what how you can which"),
  German: wordSet("der die das und ist nicht ein eine mit auf für von zu den dem ich sie wie wird auch"),
  French: wordSet("le les des et est une dans que qui pour pas sur avec ce cette sont vous je du au"),
  Spanish: wordSet("el los las y es una que por para con no del se lo como más pero su este qué"),
  Italian: wordSet("il gli che di è una per non con del della sono come più anche nel alla questo si i"),
  Portuguese: wordSet("o os as e é uma que não para com do da em um por mais como se no na"),
  Dutch: wordSet("de het een en van is niet dat op te zijn voor met die er aan ook ik wat hoe"),
};

/** A request for another language, or any mention of one, excuses every language. */
const namesLanguage =
  /translat|übersetz|tradu|vertal|перев|翻译|翻訳|번역|\b(?:english|german|french|spanish|italian|portuguese|dutch|russian|chinese|mandarin|japanese|korean|arabic|hebrew|hindi|greek|thai|turkish|polish|ukrainian|deutsch|englisch|français|anglais|español|inglés|italiano|inglese|português|nederlands|engels|latin|language)\b/i;

const questionLettersAtLeast = 12;
const answerLettersAtLeast = 40;
const questionCommonWordsAtLeast = 3;
const answerCommonWordsAtLeast = 8;

export function checkLanguage(checked: CheckedAnswer): Finding | undefined {
  if (!isProse(checked) || namesLanguage.test(checked.lastUserText)) return undefined;
  const question = proseOf(checked.lastUserText);
  const answer = proseOf(checked.text);
  const asked = dominantScript(question, questionLettersAtLeast);
  const given = dominantScript(answer, answerLettersAtLeast);
  if (asked === undefined || given === undefined) return undefined;
  if (asked !== given) return failed(`the question is written in ${asked} script, the answer in ${given}`);
  if (asked !== "Latin") return passed;
  const askedLanguage = dominantLanguage(question, questionCommonWordsAtLeast);
  const givenLanguage = dominantLanguage(answer, answerCommonWordsAtLeast);
  if (askedLanguage === undefined || givenLanguage === undefined) return undefined;
  if (askedLanguage === givenLanguage) return passed;
  return failed(`the question is in ${askedLanguage}, the answer in ${givenLanguage}`);
}

/** The script of at least four fifths of the letters. */
function dominantScript(text: string, lettersAtLeast: number): string | undefined {
  const counts = Object.entries(scripts).map(([name, letter]) => ({ name, count: text.match(letter)?.length ?? 0 }));
  const letters = counts.reduce((sum, { count }) => sum + count, 0);
  if (letters < lettersAtLeast) return undefined;
  return counts.find(({ count }) => count >= letters * 0.8)?.name;
}

/** The language with at least so many common words, and twice as many as any other. */
function dominantLanguage(text: string, wordsAtLeast: number): string | undefined {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const counts = Object.entries(commonWords)
    .map(([name, common]) => ({ name, count: words.filter((word) => common.has(word)).length }))
    .toSorted((a, b) => b.count - a.count);
  const [first, second] = counts;
  if (first === undefined || first.count < wordsAtLeast) return undefined;
  return first.count >= 2 * (second?.count ?? 0) ? first.name : undefined;
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
