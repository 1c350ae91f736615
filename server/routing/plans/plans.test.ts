import { describe, expect, test } from "bun:test";
import { cheapestPlan, offersOf, worthiestPlan } from "./choose-plan.ts";
import { expectPlans } from "./expected-plans.ts";
import { logitOf, rateAt } from "./measured-rate.ts";
import { describePlan, enumeratePlans, type PlanSteps } from "./plan-steps.ts";
import { planTreeOf, type StepRates } from "./plan-tree.ts";

const pair: PlanSteps = [
  { candidate: 0, accept: "never" },
  { candidate: 1, accept: "agreed" },
  { candidate: 2, accept: "always" },
];

/** The same rate whatever was forecast. */
const fixed = (rate: number) => ({ bias: Math.log(rate / (1 - rate)), own: 0, earlier: 0 });

describe("what is expected of a plan", () => {
  const tree = planTreeOf([pair, [{ candidate: 2, accept: "always" }]]);
  const rates: StepRates[] = [
    { accept: undefined, pass: undefined },
    { accept: fixed(0.75), pass: fixed(0.8) },
    { accept: undefined, pass: fixed(0.5) },
    { accept: undefined, pass: undefined },
  ];

  test("is each call's price times how likely it is reached, and the rates along its steps", () => {
    const { usd, pass } = expectPlans(tree, rates, [0.6, 0.7, 0.9], [1, 2, 10]);
    expect(usd[0]).toBeCloseTo(1 + 2 + 0.25 * 10, 12);
    expect(pass[0]).toBeCloseTo(0.75 * 0.8 + 0.25 * 0.5, 12);
    expect([usd[1], pass[1]]).toEqual([10, 0.9]);
  });

  test("follows the forecasts of the step and of those before it", () => {
    const rate = { bias: -0.2, own: 0.5, earlier: 1.5 };
    const moved = [rates[0], { accept: rate, pass: fixed(0.8) }, rates[2], rates[3]];
    const accepted = rateAt(rate, logitOf(0.7), logitOf(0.6));
    expect(expectPlans(tree, moved, [0.6, 0.7, 0.9], [1, 2, 10]).usd[0]).toBeCloseTo(3 + (1 - accepted) * 10, 12);
  });

  test("is unknown where a step was never measured, and such a plan is not offered", () => {
    const expected = expectPlans(tree, [], [0.6, 0.7, 0.9], [1, 2, 10]);
    expect(expected.pass[0]).toBeNaN();
    expect(offersOf(expected)).toEqual([{ plan: 1, usd: 10, pass: 0.9 }]);
  });
});

describe("the choice", () => {
  const offers = offersOf({ usd: Float64Array.of(5, 1, 2, 9), pass: Float64Array.of(0.8, 0.5, 0.45, 0.9) });

  test("is among plans that no other beats in price and quality", () => {
    expect(offers.map(({ plan }) => plan)).toEqual([1, 0, 3]);
  });

  test("is the cheapest that reaches the target, or the surest", () => {
    expect([0.4, 0.6, 0.85, 0.95].map((target) => cheapestPlan(offers, target)?.plan)).toEqual([1, 0, 3, 3]);
    expect(cheapestPlan([], 0.5)).toBeUndefined();
  });

  test("rises with what a passing answer is worth", () => {
    // 0.3 more for 4 USD, then 0.1 more for 4 USD.
    expect([10, 20, 50].map((worth) => worthiestPlan(offers, worth)?.plan)).toEqual([1, 0, 3]);
  });
});

describe("the plans", () => {
  test("escalate only to dearer ones, within the calls allowed", () => {
    const bounds = { mostCalls: 4, checks: true, agreement: true };
    const plans = enumeratePlans([0, 1, 2, 3], bounds);
    // 4 alone, 6 with a check, 4 pairs with a tail, 1 with three and a tail.
    expect(plans.length).toBe(4 + 6 + 4 + 1);
    for (const steps of plans) {
      const order = steps.map(({ candidate }) => candidate);
      expect(order).toEqual(order.toSorted());
      expect(steps.map(({ accept }) => accept).lastIndexOf("always")).toBe(steps.length - 1);
    }
    expect(enumeratePlans([0, 1, 2], { ...bounds, mostCalls: 1 }).length).toBe(3);
    expect(enumeratePlans([0, 1, 2, 3], { ...bounds, cheapest: 2 }).length).toBe(4 + 5 + 2);
    expect(enumeratePlans([0, 1, 2], { mostCalls: 2, checks: true, agreement: false }).length).toBe(6);
  });

  test("are told in words", () => {
    expect(describePlan(pair, (candidate) => ["a", "b", "c"][candidate] ?? "")).toBe("a and b agree, else c");
  });
});
