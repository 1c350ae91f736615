import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { picodollars } from "../money/picodollars.ts";
import { exactCost, ratesOf } from "./exact-cost.ts";

const prices = fc.bigInt({ min: 0n, max: 10n ** 18n });
const tokens = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 1_000_000 }));

describe("the cost of tokens", () => {
  test("is what integers give, below and above what doubles hold exactly", () => {
    fc.assert(
      fc.property(prices, prices, tokens, tokens, (inputPrice, outputPrice, input, output) => {
        const rates = ratesOf({ input_token: picodollars(inputPrice), output_token: picodollars(outputPrice) });
        const cost: bigint = exactCost(input, rates.input, output, rates.output);
        expect(cost).toBe(BigInt(input) * inputPrice + BigInt(output) * outputPrice);
      }),
    );
  });

  test("is exact on either side of 2^53", () => {
    const rates = ratesOf({ input_token: picodollars(2n ** 26n), output_token: picodollars(1n) });
    const costs: bigint[] = [-1, 0, 1].map((more) => exactCost(2 ** 27 - 1, rates.input, 2 ** 26 + more, rates.output));
    expect(costs).toEqual([2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n]);
  });

  test("of input is bounded by the dearest of plain, cached and written", () => {
    const plain = { input_token: picodollars(4n), cached_input_token: picodollars(1n) };
    const written = { ...plain, cache_write_token: picodollars(5n) };
    expect<bigint>(ratesOf(written).dearestInput.exact).toBe(5n);
    expect<bigint>(ratesOf(plain).dearestInput.exact).toBe(4n);
    expect<bigint>(ratesOf({}).dearestInput.exact).toBe(0n);
  });
});
