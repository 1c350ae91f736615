// Test support: the blocks a part sequence means, whatever the size of its pieces.

import { expect } from "bun:test";
import type { AnswerPart } from "../../../../conversation/answer.ts";

export type ReadBlock = {
  readonly opening: Record<string, unknown>;
  readonly text: string;
  readonly ending: Record<string, unknown> | undefined;
};

/** Blocks in the order of their starts. Fails the test when a piece stands outside its block or a block stays open. */
export function readBlocks(parts: readonly AnswerPart[]): ReadBlock[] {
  const blocks = new Map<number, ReadBlock>();
  for (const part of parts) {
    if (!("block" in part)) continue;
    const { block: number, ...rest } = part;
    const block = blocks.get(number);
    if (part.type.endsWith("-start")) {
      expect(block).toBeUndefined();
      blocks.set(number, { opening: rest, text: "", ending: undefined });
      continue;
    }
    if (!block || block.ending) throw new Error(`${part.type} outside of its block`);
    if ("text" in part) blocks.set(number, { ...block, text: block.text + part.text });
    else if ("arguments" in part) blocks.set(number, { ...block, text: block.text + part.arguments });
    else blocks.set(number, { ...block, ending: rest });
  }
  expect([...blocks.values()].filter((block) => block.ending === undefined)).toEqual([]);
  return [...blocks.values()];
}
