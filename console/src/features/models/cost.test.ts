// The calculator against the sums that the gateway itself would debit.

import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { chargeLines, sumLines } from "../../../../server/money/charge.ts";
import { formatUsd, pricePerUnit } from "../../../../server/money/picodollars.ts";
import { costOf } from "./cost.ts";

const sonnet = {
  input_per_1m_usd: "3",
  output_per_1m_usd: "15",
  cached_input_per_1m_usd: "0.3",
  cache_write_per_1m_usd: "3.75",
};

describe("the cost of a request", () => {
  test("is exact to the picodollar, line by line", () => {
    expect(costOf(sonnet, { input: 1_001, output: 7, cached: 1_000, written: 0 }, 1)).toEqual({
      lines: [
        { unit: "input", count: 1, perMillionUsd: "3", usd: "0.000003000000" },
        { unit: "cached input", count: 1_000, perMillionUsd: "0.3", usd: "0.000300000000" },
        { unit: "output", count: 7, perMillionUsd: "15", usd: "0.000105000000" },
      ],
      usd: "0.000408000000",
    });
  });

  test("counts cached tokens as plain ones where they are not sold apart", () => {
    const plain = { ...sonnet, cached_input_per_1m_usd: null, cache_write_per_1m_usd: null };
    expect(costOf(plain, { input: 100, output: 0, cached: 60, written: 30 }, 1)?.lines).toEqual([
      { unit: "input", count: 100, perMillionUsd: "3", usd: "0.000300000000" },
    ]);
  });

  test("is what the gateway would debit, whatever is counted", () => {
    const price = fc.integer({ min: 0, max: 50_000_000 }).map((millionths) => (millionths / 1_000_000).toFixed(6));
    const tokens = fc.integer({ min: 0, max: 2_000_000 });
    fc.assert(
      fc.property(
        price,
        price,
        price,
        price,
        tokens,
        tokens,
        tokens,
        tokens,
        (a, b, c, d, plain, cached, written, out) => {
          const prices = {
            input_per_1m_usd: a,
            output_per_1m_usd: b,
            cached_input_per_1m_usd: c,
            cache_write_per_1m_usd: d,
          };
          const counts = { input: plain + cached + written, output: out, cached, written };
          const lines = chargeLines(
            { input_token: plain, cached_input_token: cached, cache_write_token: written, output_token: out },
            {
              input_token: pricePerUnit(a) ?? fail(),
              output_token: pricePerUnit(b) ?? fail(),
              cached_input_token: pricePerUnit(c) ?? fail(),
              cache_write_token: pricePerUnit(d) ?? fail(),
            },
          );
          expect(costOf(prices, counts, 1)?.usd).toBe(formatUsd(sumLines(lines ?? [])));
        },
      ),
    );
  });
});

function fail(): never {
  throw new Error("the price is malformed");
}
