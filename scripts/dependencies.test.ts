import { expect, test } from "bun:test";
import { explain, isIncompleteLock } from "./dependencies.mjs";

test("a registry that cannot be reached is told from other failures", () => {
  expect(explain("npm error code ENOTFOUND\nnpm error network request failed")).toContain(
    "The npm registry cannot be reached",
  );
  expect(explain("npm error code EUSAGE")).not.toContain("registry");
});

test("npm's own message stays in front", () => {
  expect(explain("npm error code EUSAGE\n")).toStartWith("npm error code EUSAGE\n");
});

test("a lock file without other platforms' packages is told from one that disagrees with package.json", () => {
  expect(isIncompleteLock("npm error Missing: @oxlint/binding-darwin-x64@ from lock file")).toBe(true);
  expect(isIncompleteLock("npm error Missing: hono@4.13.19 from lock file")).toBe(false);
  expect(isIncompleteLock("npm error code EINTEGRITY")).toBe(false);
});
