import { expect, test } from "bun:test";
import { faultsOfBooks, openBooks } from "./books.ts";
import { parseUsd, type Picodollars } from "../server/money/picodollars.ts";

function usd(text: string): Picodollars {
  const amount = parseUsd(text);
  if (amount === undefined) throw new Error(`${text} is no amount`);
  return amount;
}

const before = { balance: usd("1000000"), held: usd("0") };

test("books are in order when a run cost something, however little, and nothing is held", () => {
  expect(faultsOfBooks(before, { balance: usd("999999.999999999999"), held: usd("0") })).toEqual([]);
});

test("a run that was not charged, or left a hold open, is no valid run", () => {
  expect(faultsOfBooks(before, before)).toEqual(["the gateway charged nothing"]);
  const [fault] = faultsOfBooks(before, { balance: usd("999999"), held: usd("0.25") });
  expect(fault).toContain("still holds 0.25");
});

test("without the gateway there are no books to check", async () => {
  const closeBooks = await openBooks([]);
  expect(await closeBooks()).toEqual([]);
});
