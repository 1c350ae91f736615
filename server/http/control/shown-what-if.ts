// What-if as the control API shows it: every request, and what it comes to.

import type { WhatIfItem, WhatIfResult } from "../../contracts/control-what-if.ts";
import { formatUsd, noMoney, picodollars, type Picodollars } from "../../money/picodollars.ts";
import type { Outcome, WhatIf, WhatIfItem as Item } from "../../request/what-if.ts";
import { isoTime } from "./shown-values.ts";

export function showWhatIf({ items, skipped }: WhatIf): WhatIfResult {
  const times = items.map(({ request }) => request.createdAt);
  return {
    object: "what_if",
    items: items.map(showItem),
    totals: { found: items.length + skipped, replayed: items.length, skipped, ...totalsOf(items) },
    models: modelsOf(items),
    oldest_at: times.length === 0 ? null : isoTime(Math.min(...times)),
    newest_at: times.length === 0 ? null : isoTime(Math.max(...times)),
  };
}

function showItem({ request, category, after, changed, drifted, costAfter, basis }: Item): WhatIfItem {
  const { stored } = request;
  const first = stored?.plan?.candidates[0];
  return {
    request_id: request.requestId,
    created_at: isoTime(request.createdAt),
    requested_model: request.requestedModel,
    category,
    status: request.httpStatus,
    before: {
      model: request.model ?? first?.[0] ?? null,
      provider: request.provider ?? first?.[1] ?? null,
      refusal: stored?.errorCode ?? null,
      cost_usd: formatUsd(request.debit),
      stack: request.stackSlug ?? null,
      version: request.stackVersion ?? null,
    },
    after: {
      ...sideOf(after),
      cost_usd: costAfter === undefined ? null : formatUsd(costAfter),
      cost_basis: basis,
    },
    changed,
    drifted,
  };
}

function sideOf(outcome: Outcome): Pick<WhatIfItem["after"], "model" | "provider" | "refusal"> {
  if (outcome.kind === "refused") return { model: null, provider: null, refusal: outcome.refusal.code };
  const { model, provider } = outcome.candidate;
  return { model: model.id, provider, refusal: null };
}

/** By the policy alone, where the one of then is known. */
function isRefusedBefore({ before, request }: Item): boolean {
  return before ? before.kind === "refused" : request.stored?.plan?.candidates.length === 0;
}

function totalsOf(items: readonly Item[]) {
  const count = (holds: (item: Item) => boolean) => items.filter(holds).length;
  const priced = items.filter(({ costAfter }) => costAfter !== undefined);
  const before = sum(priced.map(({ request }) => request.debit));
  const after = sum(priced.map(({ costAfter }) => costAfter ?? noMoney));
  return {
    changed: count(({ changed }) => changed),
    newly_refused: count((item) => item.after.kind === "refused" && !isRefusedBefore(item)),
    newly_accepted: count((item) => item.after.kind === "planned" && isRefusedBefore(item)),
    drifted: count(({ drifted }) => drifted),
    unpriced: items.length - priced.length,
    cost_before_usd: formatUsd(before),
    cost_after_usd: formatUsd(after),
    saved_usd: formatUsd(picodollars(before - after)),
  };
}

type ModelSums = { before: number; after: number; costBefore: Picodollars; costAfter: Picodollars };

function modelsOf(items: readonly Item[]): WhatIfResult["models"] {
  const models = new Map<string, ModelSums>();
  const of = (model: string): ModelSums => {
    const known = models.get(model) ?? { before: 0, after: 0, costBefore: noMoney, costAfter: noMoney };
    models.set(model, known);
    return known;
  };
  for (const { request, after, costAfter } of items) {
    const model = request.model ?? request.stored?.plan?.candidates[0]?.[0];
    if (model !== undefined) {
      const sums = of(model);
      sums.before += 1;
      sums.costBefore = picodollars(sums.costBefore + request.debit);
    }
    if (after.kind === "refused") continue;
    const sums = of(after.candidate.model.id);
    sums.after += 1;
    sums.costAfter = picodollars(sums.costAfter + (costAfter ?? noMoney));
  }
  return [...models]
    .map(([model, { before, after, costBefore, costAfter }]) => ({
      model,
      before,
      after,
      cost_before_usd: formatUsd(costBefore),
      cost_after_usd: formatUsd(costAfter),
    }))
    .sort((left, right) => right.after - left.after || right.before - left.before);
}

function sum(amounts: readonly Picodollars[]): Picodollars {
  return picodollars(amounts.reduce((total, amount) => total + amount, 0n));
}
