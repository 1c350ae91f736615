import { expect, test } from "bun:test";
import { distanceOf, nearest } from "./suggest.ts";

test("a letter more, less, other or swapped is one step", () => {
  expect(["deploy", "depoly", "deplay", "deplo", "deployy"].map((word) => distanceOf(word, "deploy"))).toEqual([
    0, 1, 1, 1, 1,
  ]);
});

test("what is far from everything is taken for nothing", () => {
  expect(nearest("stauts", ["start", "status", "stop"])).toBe("status");
  expect(nearest("xyz", ["start", "status", "stop"])).toBeUndefined();
});
