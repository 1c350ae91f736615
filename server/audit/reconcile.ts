// `ledger reconcile`: what our records say that a provider was asked, beside what the provider says that it charged.

import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { AuditedCall } from "./ledger-records.ts";
import type { ProviderCharge } from "./provider-export.ts";

/** What was used of one model. Undefined is what a side does not state; our side states everything. */
export type ModelUse = {
  readonly requests: number | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly cost: Picodollars | undefined;
};

export type ModelDrift = {
  readonly model: string;
  /** Undefined when only the provider knows the model. */
  readonly ours: ModelUse | undefined;
  /** Undefined when only we know the model. */
  readonly theirs: ModelUse | undefined;
  /** Ours minus theirs; undefined when the export states no costs. */
  readonly costDrift: Picodollars | undefined;
  /** Of costs, or of tokens where no costs are stated, against theirs. Infinity when they charged nothing and we counted. */
  readonly percent: number;
};

export type Reconciliation = {
  /** By model, the largest cost first. */
  readonly models: readonly ModelDrift[];
  readonly total: ModelDrift;
  /** Model calls of ours whose usage the provider did not report: their tokens and cost are not in the sums. */
  readonly callsWithoutUsage: number;
  /** Whether any model, or the total, is further apart than tolerated. */
  readonly withinTolerance: boolean;
};

export type ReconcileOptions = {
  /** The provider's own id in our records. */
  readonly provider: string;
  /** Our id of a model that the provider calls so; undefined when the catalogue knows none. */
  readonly modelOf: (upstreamName: string) => string | undefined;
  readonly tolerancePercent: number;
};

export async function reconcile(
  calls: AsyncIterable<readonly AuditedCall[]>,
  charges: readonly ProviderCharge[],
  options: ReconcileOptions,
): Promise<Reconciliation> {
  const { ours, namesOfOurs, callsWithoutUsage } = await sumCalls(calls, options.provider);
  const theirs = new Map<string, ModelUse>();
  for (const charge of charges) {
    const model = namesOfOurs.get(charge.model) ?? options.modelOf(charge.model) ?? charge.model;
    theirs.set(model, added(theirs.get(model), charge));
  }
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  const models = names
    .map((model) => driftOf(model, ours.get(model), theirs.get(model)))
    .toSorted((left, right) => Number(costOf(right) - costOf(left)));
  const total = driftOf("total", sumOf([...ours.values()]), sumOf([...theirs.values()]));
  const withinTolerance = [...models, total].every(({ percent }) => percent <= options.tolerancePercent);
  return { models, total, callsWithoutUsage, withinTolerance };
}

/** Every call counts, billed to anyone or not: the provider charges for it either way. */
async function sumCalls(calls: AsyncIterable<readonly AuditedCall[]>, provider: string) {
  const ours = new Map<string, ModelUse>();
  const namesOfOurs = new Map<string, string>();
  let callsWithoutUsage = 0;
  for await (const page of calls) {
    for (const call of page) {
      if (call.provider !== provider) continue;
      namesOfOurs.set(call.upstreamModel, call.model);
      if (call.inputTokens === undefined) callsWithoutUsage++;
      const { inputTokens = 0, outputTokens = 0 } = call;
      const use = { requests: 1, inputTokens, outputTokens, cost: picodollars(call.cost) };
      ours.set(call.model, added(ours.get(call.model), use));
    }
  }
  return { ours, namesOfOurs, callsWithoutUsage };
}

function added(sum: ModelUse | undefined, use: ModelUse): ModelUse {
  if (!sum) return use;
  return {
    requests: plus(sum.requests, use.requests),
    inputTokens: plus(sum.inputTokens, use.inputTokens),
    outputTokens: plus(sum.outputTokens, use.outputTokens),
    cost: sum.cost === undefined || use.cost === undefined ? (sum.cost ?? use.cost) : picodollars(sum.cost + use.cost),
  };
}

function plus(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : left + right;
}

function sumOf(uses: readonly ModelUse[]): ModelUse | undefined {
  return uses.reduce<ModelUse | undefined>((sum, use) => added(sum, use), undefined);
}

function driftOf(model: string, ours: ModelUse | undefined, theirs: ModelUse | undefined): ModelDrift {
  const stated = theirs ?? { cost: noMoney, inputTokens: 0, outputTokens: 0 };
  if (stated.cost === undefined) {
    return {
      model,
      ours,
      theirs,
      costDrift: undefined,
      percent: percentOf(BigInt(tokensOf(ours)), BigInt(tokensOf(theirs))),
    };
  }
  const counted = ours?.cost ?? noMoney;
  const percent = percentOf(counted, stated.cost);
  return { model, ours, theirs, costDrift: picodollars(counted - stated.cost), percent };
}

function tokensOf(use: ModelUse | undefined): number {
  return (use?.inputTokens ?? 0) + (use?.outputTokens ?? 0);
}

/** How far `ours` is from `theirs`, in percent of theirs; never negative. */
function percentOf(ours: bigint, theirs: bigint): number {
  if (ours === theirs) return 0;
  if (theirs === 0n) return Number.POSITIVE_INFINITY;
  return Math.abs((Number(ours - theirs) / Number(theirs)) * 100);
}

function costOf({ ours, theirs }: ModelDrift): bigint {
  return theirs?.cost ?? ours?.cost ?? 0n;
}
