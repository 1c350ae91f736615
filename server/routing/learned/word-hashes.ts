// Hashes of words, and which group of domain words one belongs to.

import { wordGroups } from "./word-groups.ts";

/** Letters of a word that count. */
export const lettersPerWord = 7;

export const hashStart = 0x811c9dc5 | 0;
const prime = 0x01000193;

export function hashCharacter(hash: number, code: number): number {
  return Math.imul(hash ^ code, prime);
}

export const groupCount = Object.keys(wordGroups).length;

/** Hash and group of each known word, found by stepping on from the hash's own slot; group 0 is an empty slot. */
const slotBits = 11;
const lastSlot = (1 << slotBits) - 1;
const slotHashes = new Int32Array(lastSlot + 1);
const slotGroups = new Uint8Array(lastSlot + 1);

Object.values(wordGroups).forEach((words, group) => {
  for (const word of words.split(" ")) {
    const hash = hashOf(word);
    const slot = slotOf(hash);
    slotHashes[slot] = hash;
    slotGroups[slot] ||= group + 1; // The first group that claims a word has it.
  }
});

/** The number of a word's group, from 1 in the order of `wordGroups`; 0 for words of none. */
export function groupOf(hash: number): number {
  return slotGroups[slotOf(hash)] ?? 0;
}

function hashOf(word: string): number {
  let hash = hashStart;
  for (let index = 0; index < Math.min(word.length, lettersPerWord); index++)
    hash = hashCharacter(hash, word.charCodeAt(index));
  return hash;
}

function slotOf(hash: number): number {
  let slot = Math.imul(hash, 0x9e3779b1) >>> (32 - slotBits);
  while (slotGroups[slot] !== 0 && slotHashes[slot] !== hash) slot = (slot + 1) & lastSlot;
  return slot;
}
