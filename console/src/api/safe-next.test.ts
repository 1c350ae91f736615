import { expect, test } from "bun:test";
import { safeNext } from "./safe-next.ts";

test("the way back stays inside of the console", () => {
  expect(safeNext("/w/ws_1/keys?status=active#x")).toBe("/w/ws_1/keys?status=active#x");
  for (const next of [
    undefined,
    "",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n//evil.example",
    "w/ws_1",
  ]) {
    expect([next, safeNext(next)]).toEqual([next, "/"]);
  }
});
