import { expect, test } from "bun:test";
import { ApiError, asApiError } from "./api-error.ts";

test("a refusal carries its problems; one that names a field without listing any has that one", () => {
  const problems = [{ param: "a.b", message: "wrong" }];
  const listed = new ApiError(400, { code: "invalid_request", message: "bad", details: { problems } });
  expect(listed.problems).toEqual(problems);
  const named = new ApiError(400, { code: "invalid_request", message: "bad", param: "name" });
  expect(named.problems).toEqual([{ param: "name", message: "bad" }]);
  expect(new ApiError(404, { code: "not_found", message: "gone" }).problems).toEqual([]);
});

test("whatever was thrown is shown as one kind, and its own text stays inside", () => {
  const shown = asApiError(new TypeError("secret internals"));
  expect([shown.code, shown.message.includes("secret")]).toEqual(["unexpected", false]);
});
