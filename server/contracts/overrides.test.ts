import { expect, test } from "bun:test";
import { readOverrides } from "./overrides.ts";

test("unknown fields are named in warnings, which stay few and short whatever is sent", () => {
  expect(readOverrides({ qualty: "high" }).warnings).toEqual([
    "metadata.astrolabe.qualty is not a known field and was ignored",
  ]);
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`${index}`.padEnd(1_000, "x"), 1]));
  const { warnings } = readOverrides(many);
  expect(warnings.length).toBeLessThanOrEqual(11);
  expect(warnings.join("").length).toBeLessThan(2_000);
  expect(warnings.at(-1)).toContain("4990 more");
});
