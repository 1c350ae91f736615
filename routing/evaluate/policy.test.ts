import { describe, expect, test } from "bun:test";
import { enumeratePlans } from "../../server/routing/plans/plan-steps.ts";
import { rateAt } from "../../server/routing/plans/measured-rate.ts";
import { planTreeOf } from "../../server/routing/plans/plan-tree.ts";
import type { Forecast } from "../pool.ts";
import { fitRate, RatePoints } from "./fit-rate.ts";
import { measure, planRows } from "./planned.ts";
import { walkRows } from "./measure-rates.ts";
import { fixDial, mean, runPolicy } from "./policy.ts";
import { poolOf, rowOf } from "./rows.test-kit.ts";
import { crossValidate } from "./samples.ts";
import { simulatePlan, walkTree } from "./simulate-plans.ts";
import { variantOf, type VariantName } from "./variants.ts";
import { drawsFrom } from "./seeded.ts";

describe("a plan that is played through with real answers", () => {
  const tree = planTreeOf([
    [
      { candidate: 0, accept: "never" },
      { candidate: 1, accept: "agreed" },
      { candidate: 2, accept: "always" },
    ],
  ]);
  const outcomes = Float64Array.of(0, 0, 1);
  const taken = (answers: (string | undefined)[]) => {
    const row = rowOf("r1", { outcomes, answers });
    return simulatePlan(tree, tree.plans[0]?.end ?? 0, walkTree(tree, row), [1, 2, 10], row);
  };

  test("ends with two that agree, right or wrong", () => {
    expect(taken(["A", "A", "B"])).toEqual({ usd: 3, pass: 0 });
  });

  test("pays for the escalation when they do not", () => {
    expect(taken(["A", "B", "B"])).toEqual({ usd: 13, pass: 1 });
  });

  test("takes answers that were not found as no agreement", () => {
    expect(taken([undefined, undefined, "B"])).toEqual({ usd: 13, pass: 1 });
  });
});

describe("measured rates", () => {
  test("find the line that the outcomes follow", () => {
    const points = new RatePoints(4_000);
    const draw = drawsFrom(3);
    for (let index = 0; index < 4_000; index++) {
      const [own, earlier] = [4 * draw() - 2, 4 * draw() - 2];
      points.add(own, earlier, draw() < rateAt({ bias: 0.5, own: 1, earlier: -0.5 }, own, earlier) ? 1 : 0);
    }
    const rate = fitRate(points);
    for (const [found, real] of [
      [rate.bias, 0.5],
      [rate.own, 1],
      [rate.earlier, -0.5],
    ] as const) {
      expect(Math.abs(found - real)).toBeLessThan(0.15);
    }
  });
});

describe("a policy", () => {
  // The cheap model passes on even rows, the dear one always; the forecast knows it.
  const rows = Array.from({ length: 40 }, (_, index) =>
    rowOf(`r${index}`, { outcomes: Float64Array.of(1 - (index % 2), 1) }),
  );
  const pool = poolOf(rows);
  const forecasts = rows.map(({ outcomes }): Forecast => ({
    pass: Float64Array.of(outcomes[0] === 1 ? 0.9 : 0.1, 0.95),
    outputCharacters: Float64Array.of(400, 400),
    known: 1,
  }));
  const tree = planTreeOf(enumeratePlans([0, 1], { mostCalls: 1, checks: false, agreement: false }));
  const walked = walkRows(tree, { rows, forecasts });
  const planned = planRows(tree, measure(tree, pool.models, walked), pool.models, walked);

  test("saves what the forecast makes possible at full quality", () => {
    const { usd, pass } = runPolicy(planned, fixDial(planned, 1, 1), 1);
    const dear = mean(planned.map(({ alone }) => alone[1]?.taken.usd ?? 0));
    expect(mean(pass)).toBe(1);
    expect(mean(usd) / dear).toBeCloseTo(0.55, 6);
  });

  test("goes no lower than the quality that was asked for", () => {
    const { pass } = runPolicy(planned, fixDial(planned, 1, 0.75), 1);
    expect(mean(pass)).toBeGreaterThanOrEqual(0.75);
  });
});

test("nothing is forecast by a model that saw the row, nor fixed on one that did", () => {
  const rows = Array.from({ length: 50 }, (_, index) => rowOf(`r${index}`));
  const trained: Set<string>[] = [];
  const splits = crossValidate(
    poolOf(rows),
    (_pool, training) => {
      const seen = new Set(training.map(({ prompt }) => prompt));
      trained.push(seen);
      return {
        forecast: (prompt) => ({
          pass: Float64Array.of(seen.has(prompt) ? 1 : 0, 0),
          outputCharacters: Float64Array.of(seen.size, 0),
          known: 1,
        }),
      };
    },
    1,
  );
  expect(trained.length).toBe(15);
  for (const { development, test: measured } of splits) {
    for (const { forecasts } of [development, measured])
      expect(forecasts.every(({ pass }) => pass[0] === 0)).toBe(true);
    expect(development.forecasts.every(({ outputCharacters }) => outputCharacters[0] === 30)).toBe(true);
    expect(development.rows.length + measured.rows.length).toBe(50);
  }
});

test("variants are the same question, typed otherwise", () => {
  const prompt = "Which planet has the most moons?\nA. Saturn";
  const of = (name: VariantName): string => variantOf(prompt, name, drawsFrom(1));
  expect(of("upper case")).toBe(prompt.toUpperCase());
  expect(of("white space").replace(/\s+/g, " ").trim()).toBe(prompt.replace(/\s+/g, " "));
  expect(of("typos")).not.toBe(prompt);
  expect(of("typos")).toBe(of("typos"));
});
