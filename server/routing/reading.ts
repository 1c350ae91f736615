// Reads a turn's words sentence by sentence into what the classifier decides on: category scores, the parts its words
// play, and whether a sentence has the shape of an act with consequences.

import { roles } from "./lexicon.ts";
import { scoredCategories, unknownWord, vocabulary, type WordEntry } from "./vocabulary.ts";
import { WordSplitter, type TextMarks } from "./words.ts";

export type Reading = {
  readonly marks: TextMarks;
  /** One score per entry of `scoredCategories`. */
  readonly scores: readonly number[];
  /** Union of the roles of all words. */
  readonly roles: number;
  /** The roles that every word has; 0 for a turn without words. */
  readonly sharedRoles: number;
  /** Roles of the first word; 0 for a turn without words. */
  readonly firstRoles: number;
  /** An order to do something that cannot be undone, or protected data of a person, or advice with consequences. */
  readonly highStakes: boolean;
  /** Of the above: an order to act. */
  readonly consequentialAct: boolean;
  /** A sentence asks for the answer itself as JSON. */
  readonly asksForJson: boolean;
  /** Words that scored, as the trace names them, first come first, at most `maxSignals`. */
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

const { entries } = vocabulary;
const splitter = new WordSplitter(vocabulary.trie);

/** The state of one sentence while it is read. */
type Sentence = { all: number; ordered: number; open: boolean; started: boolean };
type Found = { roles: number; highStakes: boolean; consequentialAct: boolean; asksForJson: boolean };

/** Reads text that the caller has capped. */
export function readTurn(text: string): Reading {
  const marks = splitter.split(text);
  const { numbers, sentences } = splitter;
  const mentioned = scoredCategories.map(() => 0);
  const ordered = scoredCategories.map(() => 0);
  const signals: string[] = [];
  const found: Found = { roles: 0, highStakes: false, consequentialAct: false, asksForJson: false };
  let sentence: Sentence = { all: 0, ordered: 0, open: true, started: false };
  let sentenceNumber = 0;
  let sharedRoles = ~0;
  for (let index = 0; index < marks.words; index++) {
    const entry = entryOf(numbers[index]);
    sharedRoles &= entry.roles;
    if (sentences[index] !== sentenceNumber) {
      closeSentence(sentence, marks, found);
      sentence = { all: 0, ordered: 0, open: true, started: false };
      sentenceNumber = sentences[index] ?? 0;
    }
    const bits = entry.roles | (entry.pairRoles?.get(numbers[index + 1] ?? 0) ?? 0);
    sentence.all |= bits;
    const isOrder = takesImperative(sentence, entry);
    if (isOrder) sentence.ordered |= bits;
    if (entry.scores.length === 0) continue;
    if (signals.length < maxSignals && !signals.includes(entry.signal)) signals.push(entry.signal);
    const toldHere = index < taskWords || index >= marks.words - taskWords;
    const asOrder = isOrder && toldHere;
    const weight = asOrder ? imperativeWeight : index < openingWords ? openingWeight : 1;
    addScores(entry.scores, weight, asOrder ? ordered : mentioned);
  }
  closeSentence(sentence, marks, found);
  return {
    marks,
    scores: mentioned.map((score, index) => Math.min(score, mentionCap) + (ordered[index] ?? 0)),
    roles: found.roles,
    sharedRoles: marks.words === 0 ? 0 : sharedRoles,
    firstRoles: marks.words === 0 ? 0 : entryOf(numbers[0]).roles,
    highStakes: found.highStakes,
    consequentialAct: found.consequentialAct,
    asksForJson: found.asksForJson,
    signals,
  };
}

function entryOf(number = 0): WordEntry {
  return entries[number] ?? unknownWord;
}

/** Whether this word stands where an order stands: first in its sentence, after a lead-in, or joined to another order. */
function takesImperative(sentence: Sentence, word: WordEntry): boolean {
  if (sentence.open) {
    if (word.roles & roles.leadIn) return false;
    sentence.open = false;
    sentence.started = word.meaningful;
    return word.meaningful;
  }
  if (sentence.started && word.roles & roles.joins) sentence.open = true;
  return false;
}

function addScores(scores: readonly number[], weight: number, into: number[]): void {
  for (let index = 0; index < scores.length; index += 2) {
    const category = scores[index] ?? 0;
    into[category] = (into[category] ?? 0) + (scores[index + 1] ?? 0) * weight;
  }
}

function closeSentence({ all, ordered }: Sentence, { currencyAmount }: TextMarks, found: Found): void {
  found.roles |= all;
  const aboutCode = (all & roles.codeNoun) !== 0;
  const act = isConsequentialAct(all, ordered, currencyAmount, aboutCode);
  if (act) found.consequentialAct = true;
  if (act || (!aboutCode && isSensitive(all))) found.highStakes = true;
  if (!aboutCode && all & roles.json && all & roles.answerVerb) found.asksForJson = true;
}

/** Orders about code stay code, unless they reach production. */
function isConsequentialAct(all: number, ordered: number, currencyAmount: boolean, aboutCode: boolean): boolean {
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
