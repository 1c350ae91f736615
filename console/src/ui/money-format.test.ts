import { expect, test } from "bun:test";
import { exactMoney, shortMoney } from "./money-format.ts";

test("an amount is shown in cents from a dollar up, and says when digits are left out", () => {
  expect(shortMoney("25.000000000000")).toEqual({ text: "$25.00", rounded: false });
  expect(shortMoney("1204.505000000000")).toEqual({ text: "$1,204.51", rounded: true });
  expect(shortMoney("-1234567.890000000000")).toEqual({ text: "-$1,234,567.89", rounded: false });
});

test("an amount below a cent keeps four digits", () => {
  expect(shortMoney("0.001234000000")).toEqual({ text: "$0.001234", rounded: false });
  expect(shortMoney("0.000000123456")).toEqual({ text: "$0.0000001235", rounded: true });
  expect(shortMoney("0.000000000001")).toEqual({ text: "$0.000000000001", rounded: false });
  expect(shortMoney("0.5")).toEqual({ text: "$0.50", rounded: false });
});

test("the exact figure has every digit", () => {
  expect(exactMoney("0.000000123456")).toBe("$0.000000123456");
  expect(exactMoney("1204.505000000000")).toBe("$1,204.505");
  expect(exactMoney("0")).toBe("$0.00");
});

test("what is not an amount stays as it is", () => {
  expect(shortMoney("unknown")).toEqual({ text: "unknown", rounded: false });
});
