import { expect, test } from "bun:test";
import { ledgerQuery } from "./ledger-query.ts";

test("an empty filter asks for everything", () => {
  expect(ledgerQuery({ tab: "ledger", payment: "pay_1" })).toEqual({});
});

test("the last day is included, and days begin where the reader is", () => {
  const { from = "", to = "" } = ledgerQuery({ from: "2026-11-22", to: "2026-11-22" });
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
  expect(new Date(from).getHours()).toBe(0);
});

test("a day that is none is left out", () => {
  expect(ledgerQuery({ from: "2026-99-99", memo: "invoice" })).toEqual({ memo: "invoice" });
});
