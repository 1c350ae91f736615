import { expect, test } from "bun:test";
import { picodollars } from "../money/picodollars.ts";
import { priceListText, recordPriceList, RecordedPrices } from "./price-lists.ts";

const models = [
  { id: "b", prices: { output_token: picodollars(2n), input_token: picodollars(1n) } },
  { id: "a", prices: { input_token: picodollars(3n) } },
  { id: "free", prices: undefined },
];

function lists() {
  const kept = new Map<string, string>();
  return {
    async record(version: string, prices: string) {
      const known = kept.get(version) ?? prices;
      kept.set(version, known);
      return known;
    },
  };
}

test("a price list is text that does not depend on the order of models", () => {
  expect(priceListText(models)).toBe('{"a":{"input_token":"3"},"b":{"input_token":"1","output_token":"2"}}');
  expect(priceListText(models.toReversed())).toBe(priceListText(models));
});

test("a known version with the same prices is fine, one with others is refused by name", async () => {
  const store = lists();
  await recordPriceList(store, "2030-01-01", models);
  await recordPriceList(store, "2030-01-01", models.toReversed());
  const changed = [{ id: "b", prices: { input_token: picodollars(9n) } }, ...models.slice(1)];
  await expect(recordPriceList(store, "2030-01-01", changed)).rejects.toThrow(/2030-01-01 .* for example for b\./);
  await recordPriceList(store, "2030-01-02", changed);
});

test("what is recorded is read back as prices, and anything else is not", () => {
  const prices = new RecordedPrices();
  expect(prices.add("v", priceListText(models))).toBe(true);
  expect(prices.of("v")?.get("b output_token")).toEqual({ amount: 2n, text: "2" });
  expect(prices.of("w")).toBeUndefined();
  for (const text of ["", "[]", '{"a":1}', '{"a":{"input_token":1}}', '{"a":{"input_token":"-1"}}']) {
    expect(prices.add("x", text)).toBe(false);
  }
});
