import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { passChance, PromptForecaster } from "../../server/routing/learned/prompt-forecaster.ts";
import { encodeWeights, readWeights } from "../../server/routing/learned/weights.ts";
import type { Forecast, Pool, PoolRow } from "../pool.ts";
import { minimise } from "./minimise.ts";
import { trainForecaster, trainWeights } from "./train-weights.ts";

const easy = "add sum count apples oranges total week money".split(" ");
const hard = "prove theorem isomorphic lattice cohomology sheaf functor limit".split(" ");
const plain = "please tell me the answer to this one now if you can because we need it".split(" ");

/** Prompts of two kinds: the strong model passes both, the weak one hardly ever the hard kind. */
function syntheticPool(count: number, seed: number): Pool {
  const next = randomNumbers(seed);
  const pick = (words: readonly string[]) => words[Math.floor(next() * words.length)] ?? "";
  const rows = Array.from({ length: count }, (_, index): PoolRow => {
    const isHard = next() < 0.5;
    const words = Array.from({ length: 24 }, (_, at) => pick(at % 3 === 0 ? (isHard ? hard : easy) : plain));
    const passes = (chance: number) => (next() < chance ? 1 : 0);
    return {
      id: `row/${index}`,
      task: "synthetic",
      subject: isHard ? "hard" : "easy",
      prompt: words.join(" "),
      outcomes: Float64Array.of(passes(isHard ? 0.15 : 0.9), passes(0.92), Number.NaN),
      outputCharacters: Float64Array.of(isHard ? 900 : 90, 400, Number.NaN),
      group: index,
    };
  });
  const models = ["weak", "strong", "never asked"].map((name) => ({
    name,
    inputPrice: undefined,
    outputPrice: undefined,
    hiddenOutputFactor: 1,
  }));
  return { name: "synthetic", models, rows };
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The share of pairs of a passed and a failed prompt that the forecast puts in order. */
function orderedShare(forecasts: readonly number[], outcomes: readonly number[]): number {
  let ordered = 0;
  let pairs = 0;
  outcomes.forEach((passed, one) => {
    outcomes.forEach((failed, other) => {
      if (passed !== 1 || failed !== 0) return;
      pairs++;
      const distance = (forecasts[one] ?? 0) - (forecasts[other] ?? 0);
      ordered += distance > 0 ? 1 : distance === 0 ? 0.5 : 0;
    });
  });
  return ordered / pairs;
}

/** With lists that compare as lists do: typed ones with NaN in them equal nothing. */
function plainly({ known, pass, outputCharacters }: Forecast): {
  known: number;
  pass: number[];
  outputCharacters: number[];
} {
  return { known, pass: [...pass], outputCharacters: [...outputCharacters] };
}

const pool = syntheticPool(300, 1);
const fresh = syntheticPool(120, 2);
const weights = trainWeights(pool, pool.rows, 7);
const forecaster = new PromptForecaster(weights);

describe("a trained forecast", () => {
  test("tells prompts that a model passes from those it fails", () => {
    const forecasts = fresh.rows.map(({ prompt }) => forecaster.forecast(prompt).pass[0] ?? 0);
    expect(
      orderedShare(
        forecasts,
        fresh.rows.map(({ outcomes }) => outcomes[0] ?? 0),
      ),
    ).toBeGreaterThan(0.8);
  });

  test("knows that one model's ability does not fall with the other's", () => {
    const { pass } = forecaster.forecast(fresh.rows.find(({ subject }) => subject === "hard")?.prompt ?? "");
    expect(pass[0]).toBeLessThan(0.35);
    expect(pass[1]).toBeGreaterThan(0.7);
  });

  test("expects as much output as there was, and nothing where none is known", () => {
    const { outputCharacters } = forecaster.forecast(fresh.rows[0]?.prompt ?? "");
    const expected = fresh.rows[0]?.outputCharacters[0] ?? 0;
    expect(Math.abs(Math.log((outputCharacters[0] ?? 0) / expected))).toBeLessThan(0.5);
    expect(outputCharacters[2]).toBeNaN();
  });

  test("gives a model without outcomes the pool's average", () => {
    const { pass } = forecaster.forecast(fresh.rows[0]?.prompt ?? "");
    expect(pass[2]).toBeGreaterThan(0.2);
    expect(pass[2]).toBeLessThan(0.95);
  });

  test("says how easy a prompt is for a model that was not in the pool", () => {
    const chanceFor = (prompt: string) => passChance(0, forecaster.forecast(prompt));
    expect(chanceFor(easy.join(" "))).toBeGreaterThan(chanceFor(hard.join(" ")));
  });

  test("is hardly known for text unlike anything trained on, and falls back to each model's average", () => {
    const known = fresh.rows.map(({ prompt }) => forecaster.forecast(prompt).known);
    expect(known.toSorted((one, other) => one - other)[60]).toBeGreaterThan(0.8);
    const strange = forecaster.forecast('SELECT id FROM users WHERE {"größe": [1, 2]}; -- Fünf Zebras jagen Quarks');
    expect(strange.known).toBeLessThan(0.2);
    expect(strange.pass[0]).toBeCloseTo(0.5, 0);
  });

  test("is a number between 0 and 1 for any text, and the same in any case", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (prompt) => {
        const { pass, known } = forecaster.forecast(prompt);
        expect([...pass, known].every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
    );
    const prompt = fresh.rows[0]?.prompt ?? "";
    expect(plainly(forecaster.forecast(prompt.toUpperCase()))).toEqual(plainly(forecaster.forecast(prompt)));
  });

  test("is the same from a file, and from a second training with the same seed", () => {
    const prompts = fresh.rows.slice(0, 20).map(({ prompt }) => prompt);
    const expected = prompts.map((prompt) => plainly(forecaster.forecast(prompt)));
    const fromFile = new PromptForecaster(readWeights(encodeWeights(weights)));
    expect(prompts.map((prompt) => plainly(fromFile.forecast(prompt)))).toEqual(expected);
    const again = trainForecaster(pool, pool.rows, 7);
    expect(prompts.map((prompt) => plainly(again.forecast(prompt)))).toEqual(expected);
  });
});

test("one row is enough to train on, and none is", () => {
  for (const rows of [pool.rows.slice(0, 1), []]) {
    const { pass } = trainForecaster(pool, rows, 1).forecast("anything at all");
    expect([...pass].every((chance) => chance >= 0 && chance <= 1)).toBe(true);
  }
});

test("the lowest point of a narrow valley is found", () => {
  const found = minimise(
    Float64Array.of(-1.2, 1),
    (point, slope) => {
      const [x = 0, y = 0] = point;
      slope.set([-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]);
      return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    },
    200,
  );
  expect(found[0]).toBeCloseTo(1, 2);
  expect(found[1]).toBeCloseTo(1, 2);
});
