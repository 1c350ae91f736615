import { expect, test } from "bun:test";
import { choiceAt, compact, numberAt, parseSearch, stringifySearch, textAt, textsAt } from "./search.ts";

test("an address says what it was made of", () => {
  const search = { q: "a&b = c", model: ["x", "y"], page: 2 };
  expect(stringifySearch(search)).toBe("?q=a%26b+%3D+c&model=x&model=y&page=2");
  expect(parseSearch(stringifySearch(search))).toEqual({ q: "a&b = c", model: ["x", "y"], page: "2" });
  expect(stringifySearch({ q: undefined })).toBe("");
});

test("what a route reads from it is checked", () => {
  const raw = parseSearch("?q=&status=active&n=12&tag=a&tag=b");
  expect(textAt(raw, "q")).toBeUndefined();
  expect(choiceAt(raw, "status", ["active", "revoked"])).toBe("active");
  expect(choiceAt({ status: "constructor" }, "status", ["active"])).toBeUndefined();
  expect([numberAt(raw, "n"), numberAt({ n: "-1" }, "n"), numberAt({ n: "1e3" }, "n")]).toEqual([
    12,
    undefined,
    undefined,
  ]);
  expect(textsAt(raw, "tag")).toEqual(["a", "b"]);
  expect(compact({ q: undefined, list: [], n: 1 })).toEqual({ n: 1 });
});
