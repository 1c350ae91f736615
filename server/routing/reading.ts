// Reads a turn's words sentence by sentence into what the classifier decides on: category scores, the parts its words
// play, and whether a sentence has the shape of an act with consequences.

import { pairEntry, roles, scoredCategories, wordEntry } from "./lexicon.ts";
import { splitWords, type Words } from "./words.ts";

export type Reading = {
  readonly words: Words;
  /** One score per entry of `scoredCategories`. */
  readonly scores: readonly number[];
  /** Union of the roles of all words. */
  readonly roles: number;
  /** An order to do something that cannot be undone, or protected data of a person, or advice with consequences. */
  readonly highStakes: boolean;
  /** Of the above: an order to act. */
  readonly consequentialAct: boolean;
  /** A sentence asks for the answer itself as JSON. */
  readonly asksForJson: boolean;
  /** Words that scored, first come first, at most `maxSignals`. */
  readonly signals: readonly string[];
};

const maxSignals = 6;
/** An order weighs this much more than a mention. */
const imperativeWeight = 3;
/** The opening of a turn says more about the task than its body. */
const openingWords = 12;
const openingWeight = 1.5;
/** Orders count near the start and the end of a turn, where the task is told; between them lies what was pasted. */
const taskWords = 40;
/** What mentions alone can add up to, so that a long paste does not outvote the task. */
export const mentionCap = 4;

/** The state of one sentence while it is read. */
type Sentence = { all: number; ordered: number; open: boolean; started: boolean };

/** Reads text that the caller has capped. */
export function readTurn(text: string): Reading {
  const words = splitWords(text);
  const mentioned = scoredCategories.map(() => 0);
  const ordered = scoredCategories.map(() => 0);
  const signals: string[] = [];
  const found = { roles: 0, highStakes: false, consequentialAct: false, asksForJson: false };
  let sentence: Sentence = { all: 0, ordered: 0, open: true, started: false };
  let number = 0;
  for (let index = 0; index < words.words.length; index++) {
    if (words.sentences[index] !== number) {
      closeSentence(sentence, words, found);
      sentence = { all: 0, ordered: 0, open: true, started: false };
      number = words.sentences[index] ?? number;
    }
    const word = words.words[index] ?? "";
    const entry = wordEntry(word);
    const entryRoles = entry?.roles ?? 0;
    sentence.all |= entryRoles | pairEntry(word, words.words[index + 1] ?? "");
    const isOrder = takesImperative(sentence, entryRoles, entry !== undefined);
    if (isOrder) sentence.ordered |= entryRoles | pairEntry(word, words.words[index + 1] ?? "");
    if (entry === undefined || entry.scores.length === 0) continue;
    if (signals.length < maxSignals && !signals.includes(word)) signals.push(word);
    const toldHere = index < taskWords || index >= words.words.length - taskWords;
    const asOrder = isOrder && toldHere;
    const weight = asOrder ? imperativeWeight : index < openingWords ? openingWeight : 1;
    addScores(entry.scores, weight, asOrder ? ordered : mentioned);
  }
  closeSentence(sentence, words, found);
  const scores = mentioned.map((score, index) => Math.min(score, mentionCap) + (ordered[index] ?? 0));
  return { words, scores, signals, ...found };
}

/** Whether this word stands where an order stands: first in its sentence, after a lead-in, or joined to another order. */
function takesImperative(sentence: Sentence, entryRoles: number, known: boolean): boolean {
  if (sentence.open) {
    if (entryRoles & roles.leadIn) return false;
    sentence.open = false;
    sentence.started = known;
    return known;
  }
  if (sentence.started && entryRoles & roles.joins) sentence.open = true;
  return false;
}

function addScores(scores: readonly number[], weight: number, into: number[]): void {
  for (let index = 0; index < scores.length; index += 2) {
    const category = scores[index] ?? 0;
    into[category] = (into[category] ?? 0) + (scores[index + 1] ?? 0) * weight;
  }
}

function closeSentence(
  sentence: Sentence,
  words: Words,
  found: { roles: number; highStakes: boolean; consequentialAct: boolean; asksForJson: boolean },
): void {
  const { all } = sentence;
  found.roles |= all;
  const aboutCode = (all & roles.codeNoun) !== 0;
  const act = isConsequentialAct(sentence, words.currencyAmount, aboutCode);
  if (act) found.consequentialAct = true;
  if (act || (!aboutCode && isSensitive(all))) found.highStakes = true;
  if (!aboutCode && all & roles.json && all & roles.answerVerb) found.asksForJson = true;
}

/** Orders about code stay code, unless they reach production. */
function isConsequentialAct({ all, ordered }: Sentence, currencyAmount: boolean, aboutCode: boolean): boolean {
  const has = (bits: number) => (all & bits) !== 0;
  if (ordered & roles.destroy && has(roles.live)) return !aboutCode || has(roles.production);
  if (aboutCode) return false;
  if (ordered & roles.transact) return currencyAmount || has(roles.money);
  if (ordered & roles.approve) return currencyAmount || has(roles.money | roles.legal);
  return (ordered & roles.disclose) !== 0 && has(roles.sensitive | roles.credential);
}

/** Protected data of somebody, or a person asking what to do about health, law or savings. */
function isSensitive(all: number): boolean {
  const both = (left: number, right: number) => (all & left) !== 0 && (all & right) !== 0;
  return both(roles.sensitive, roles.personal) || both(roles.adviceCue, roles.consequence);
}
