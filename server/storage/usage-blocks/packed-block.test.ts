// Blocks as they are stored, now and at first.

import { describe, expect, test } from "bun:test";
import { makeBlock, rowsOf, type BlockRow } from "./block.ts";
import { packBlock, unpackBlock } from "./packed-block.ts";

const start = 1_790_000_000_000;

function row(number: number): BlockRow {
  return {
    requestMs: start + number * 250,
    createdAt: start + number * 250 + (number % 2),
    names: {
      key: `key_${number % 2}`,
      model: number === 3 ? "" : "model-a",
      provider: "local",
      stack: "",
      category: "coding",
      requestedModel: "auto",
      reason: number === 2 ? "provider_error" : "",
      status: number === 2 ? "502" : "200",
    },
    debit: BigInt(number) * 3_000_000_000n,
    savings: BigInt(number) - 1n,
    tokens: { input: 10 + number, cachedInput: 0, cacheWrite: 0, output: 7, reasoning: 0 },
    totalMs: 100 * number,
  };
}

/** The rows 0 to 3 as they were stored at first. */
const firstForm = {
  head: `{"form":1,"rows":4,"base":1790000000000,"lists":{"key":["key_0","key_1"],"model":["model-a",""],
    "provider":["local"],"stack":[""],"category":["coding"],"requestedModel":["auto"],"reason":["","provider_error"],
    "status":["200","502"]},"mostDebit":"9000000000","mostMs":300,
    "constants":[null,null,null,null,null,null,null,0,0,7,0,null,null,null,0,0,0,0,null,null]}`,
  data: "KLUv/SCgrQIAQsQMGLCpNTgCAkZFAC1bkiII0DBsbVYYuaItU7ehSXhw4Gsr3vy4u7sdEiKiMBfHqJ4tuvQBDQApBF4I9oAmBMC9OWSWURnmuJ2JtmYQoQIBORlAHQ==",
};

/** What becomes of rows that are stored. */
function stored(rows: readonly BlockRow[]): BlockRow[] {
  const { head, data } = packBlock(makeBlock(rows));
  // As a database may give them: somewhere within other bytes.
  const within = Buffer.concat([Buffer.alloc(3), data]).subarray(3);
  return rowsOf(unpackBlock({ head, data: within }));
}

describe("a stored block", () => {
  test("has its rows as they were", () => {
    const some = [0, 1, 2, 3].map(row);
    const many = Array.from({ length: 2_048 }, (_, index) => row(index % 700));
    for (const rows of [some, many, [row(5)]]) expect(stored(rows)).toEqual([...rows]);
  });

  test("holds what is out of order, negative, or large", () => {
    const odd = [
      row(9),
      { ...row(1), createdAt: start - 19 * 86_400_000 },
      { ...row(4), savings: -(2n ** 50n), debit: 2n ** 62n, totalMs: 2 ** 32 - 1 },
      { ...row(0), tokens: { input: 2 ** 31, cachedInput: 300, cacheWrite: 70_000, output: 0, reasoning: 1 } },
    ];
    expect(stored(odd)).toEqual(odd);
  });

  test("is read in its first form", () => {
    const block = unpackBlock({ head: firstForm.head, data: Buffer.from(firstForm.data, "base64") });
    expect(rowsOf(block)).toEqual([0, 1, 2, 3].map(row));
  });

  test("is refused when it is cut off", () => {
    const { head, data } = packBlock(makeBlock([0, 1, 2, 3].map(row)));
    expect(() => unpackBlock({ head, data: data.subarray(1) })).toThrow("not as long");
    expect(() => unpackBlock({ head: "{}", data })).toThrow("cannot be read");
  });
});
