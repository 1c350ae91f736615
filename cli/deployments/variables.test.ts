import { expect, test } from "bun:test";
import { Problem } from "../problem.ts";
import { gatherVariables, readVariable } from "./variables.ts";

test.each([
  ["K=v", "K", { value: "v" }],
  ["K=", "K", { value: "" }],
  ["K=a=b", "K", { value: "a=b" }],
  ["K=@SECRET", "K", { ref: "SECRET" }],
  ["K=@", "K", { ref: "K" }],
  ["K=\\@x", "K", { value: "@x" }],
])("--var %s", (typed, name, given) => {
  expect(readVariable(typed)).toEqual([name, given]);
});

test("what is typed wins over the file, and what is taken away over both", () => {
  expect(gatherVariables(["A=1", "B=@"], ["C"], { A: "file", C: "file", D: "file" })).toEqual({
    A: { value: "1" },
    B: { ref: "B" },
    C: null,
    D: { value: "file" },
  });
});

test("a value without a name is refused without being repeated: it may be a secret", () => {
  for (const typed of ["sk-secret", "=sk-secret", "9K=sk-secret", "a-b=sk-secret"]) {
    const refused = (() => {
      try {
        readVariable(typed);
      } catch (thrown) {
        return thrown instanceof Problem ? `${thrown.message} ${thrown.hint ?? ""}` : undefined;
      }
      return undefined;
    })();
    expect(refused).toBeDefined();
    expect(refused).not.toContain("sk-secret");
  }
});
