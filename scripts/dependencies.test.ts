import { expect, test } from "bun:test";
import { explain } from "./dependencies.mjs";

test("a registry that cannot be reached is told from other failures", () => {
  expect(explain("npm error code ENOTFOUND\nnpm error network request failed")).toContain(
    "The npm registry cannot be reached",
  );
  expect(explain("npm error code EUSAGE")).not.toContain("registry");
});

test("npm's own message stays in front", () => {
  expect(explain("npm error code EUSAGE\n")).toStartWith("npm error code EUSAGE\n");
});
