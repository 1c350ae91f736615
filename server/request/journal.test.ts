import { expect, test } from "bun:test";
import { newId } from "../contracts/ids.ts";
import { responsesProtocol } from "../protocols/responses/index.ts";
import { Journal } from "./journal.ts";

test("warnings are kept once each, few and short, whatever a request provokes", () => {
  const received = {
    requestId: newId("req"),
    arrivedAt: 0,
    protocol: responsesProtocol,
    credential: undefined,
    idempotencyKey: undefined,
    confirmed: false,
    readBody: () => Promise.reject(new Error("not read")),
    signal: new AbortController().signal,
  };
  const journal = new Journal(received, () => 0);
  for (let round = 0; round < 2; round++) journal.warn("seed was not carried over");
  expect(journal.warnings).toEqual(["seed was not carried over"]);
  for (let field = 0; field < 100; field++) journal.warn(`${field}${"x".repeat(1_000_000)} was not carried over`);
  expect(journal.warnings).toHaveLength(20);
  expect(journal.warnings.join("").length).toBeLessThan(10_000);
});
