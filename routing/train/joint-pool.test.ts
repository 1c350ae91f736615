import { expect, test } from "bun:test";
import type { Pool } from "../pool.ts";
import { joinPools } from "./joint-pool.ts";

function poolOf(name: string, models: readonly string[], outcomes: readonly number[]): Pool {
  const price = { inputPrice: undefined, outputPrice: undefined, hiddenOutputFactor: 1 };
  const row = {
    id: `${name}/0`,
    task: "quiz",
    subject: undefined,
    prompt: "which?",
    outcomes: Float64Array.from(outcomes),
    outputCharacters: Float64Array.from(outcomes, () => 10),
    group: 0,
  };
  return { name, models: models.map((model) => ({ name: model, ...price })), rows: [row] };
}

test("a model of two pools is one, and what it was not asked stays unknown", () => {
  const joint = joinPools([poolOf("first", ["a", "b"], [1, 0]), poolOf("second", ["c", "a"], [0, 1])]);
  expect(joint.models.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(joint.rows.map(({ outcomes }) => [...outcomes])).toEqual([
    [1, 0, Number.NaN],
    [1, Number.NaN, 0],
  ]);
  expect(joint.rows.map(({ task }) => task)).toEqual(["first/quiz", "second/quiz"]);
});
