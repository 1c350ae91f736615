import { describe, expect, test } from "bun:test";
import { picodollars } from "../money/picodollars.ts";
import type { AuditedCall } from "./ledger-records.ts";
import type { ProviderCharge } from "./provider-export.ts";
import { reconcile } from "./reconcile.ts";

const call: AuditedCall = {
  model: "openai/gpt-5.4",
  provider: "openai",
  upstreamModel: "gpt-5.4",
  cost: 1_000n,
  inputTokens: 100,
  outputTokens: 10,
};
const charge: ProviderCharge = {
  model: "gpt-5.4",
  requests: 1,
  inputTokens: 100,
  outputTokens: 10,
  cost: picodollars(1_000n),
};

async function* pages(...calls: AuditedCall[]) {
  for (const one of calls) yield [one];
}

function compare(calls: AuditedCall[], charges: ProviderCharge[], tolerancePercent = 0.5) {
  const modelOf = (name: string) => (name === "gpt-5.4-dated" ? "openai/gpt-5.4" : undefined);
  return reconcile(pages(...calls), charges, { provider: "openai", modelOf, tolerancePercent });
}

describe("reconciling", () => {
  test("matches the provider's names with ours, by our calls and by the catalogue", async () => {
    const result = await compare([call, call], [charge, { ...charge, model: "gpt-5.4-dated" }]);
    expect(result.models).toMatchObject([
      {
        model: "openai/gpt-5.4",
        ours: { requests: 2, cost: 2_000n },
        theirs: { requests: 2, cost: 2_000n },
        percent: 0,
      },
    ]);
    expect(result.withinTolerance).toBe(true);
  });

  test("says by how much costs are apart, in money and percent of theirs", async () => {
    const result = await compare([{ ...call, cost: 1_020n }], [charge], 1.9);
    expect(result.total).toMatchObject({ costDrift: 20n, percent: 2 });
    expect(result.withinTolerance).toBe(false);
    expect((await compare([{ ...call, cost: 1_020n }], [charge], 2)).withinTolerance).toBe(true);
  });

  test("does not let two models that are apart make up for each other", async () => {
    const other = { ...call, model: "b", upstreamModel: "b", cost: 900n };
    const result = await compare([{ ...call, cost: 1_100n }, other], [charge, { ...charge, model: "b" }]);
    expect([result.total.percent, result.withinTolerance]).toEqual([0, false]);
  });

  test("names models that only one side knows", async () => {
    const result = await compare([call], [{ ...charge, model: "gpt-unknown", cost: picodollars(5_000n) }]);
    expect(result.models).toMatchObject([
      { model: "gpt-unknown", ours: undefined, percent: 100 },
      { model: "openai/gpt-5.4", theirs: undefined, percent: Infinity },
    ]);
    expect(result.withinTolerance).toBe(false);
  });

  test("compares tokens where the export states no costs", async () => {
    const withoutCost = { ...charge, cost: undefined };
    expect((await compare([call], [withoutCost])).withinTolerance).toBe(true);
    const result = await compare([{ ...call, inputTokens: 210 }], [withoutCost]);
    expect(result.total).toMatchObject({ costDrift: undefined, percent: 100 });
  });

  test("leaves other providers out, and counts calls without usage", async () => {
    const unknown = { ...call, cost: 0n, inputTokens: undefined, outputTokens: undefined };
    const result = await compare([call, unknown, { ...call, provider: "openrouter" }], [charge]);
    expect(result).toMatchObject({ callsWithoutUsage: 1, withinTolerance: true, total: { ours: { requests: 2 } } });
  });
});
