import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { freeSlug, slugFromName, slugProblem } from "./slug.ts";

describe("a slug", () => {
  test("is made from a name", () => {
    const made = ["Ada's workspace", "  Ünïcode Größe ", "123 go", "日本", "Admin", "a", "x".repeat(80), "A - b"];
    expect(made.map(slugFromName)).toEqual([
      "adas-workspace",
      "unicode-gro-e",
      "go",
      "workspace",
      "workspace-admin",
      "workspace-a",
      "x".repeat(39),
      "a-b",
    ]);
  });

  test("is one, whatever the name is", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => slugProblem(slugFromName(name)) === undefined));
  });

  test("gets the first number that is free, and stays one", () => {
    expect(freeSlug("team", new Set())).toBe("team");
    expect(freeSlug("team", new Set(["team", "team-2", "team-4"]))).toBe("team-3");
    const long = "x".repeat(39);
    const numbered = freeSlug(long, new Set([long]));
    expect([numbered, slugProblem(numbered)]).toEqual([`${"x".repeat(37)}-2`, undefined]);
  });

  test("is refused with the reason", () => {
    for (const slug of ["", "a", "1a", "a_b", "A1", "a-", "a--b", "api", "x".repeat(40)]) {
      expect([slug, slugProblem(slug)]).toEqual([slug, expect.any(String)]);
    }
    for (const slug of ["ab", "a1", "a-b-c", "x".repeat(39)]) expect(slugProblem(slug)).toBeUndefined();
  });
});
