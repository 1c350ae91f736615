// `astrolabe ledger reconcile`: our model calls beside a provider's usage export.

import { reconcile, type ModelDrift, type ModelUse, type Reconciliation } from "../../audit/reconcile.ts";
import { readProviderExport } from "../../audit/provider-export.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import { loadCatalogue } from "../../catalogue/load-catalogue.ts";
import type { JsonObject } from "../../contracts/json.ts";
import { formatUsd, formatUsdShort } from "../../money/picodollars.ts";
import { UsageMistake, type CliAnswer, type CliCall, type CliCommand } from "../command.ts";
import { textTable } from "../text-table.ts";
import { readInput, readLedger } from "./offline.ts";
import { periodOf, periodOptions } from "./period-options.ts";

export const reconcileCommand: CliCommand = {
  words: ["ledger", "reconcile"],
  positionals: [],
  summary: "Compare what models cost with a provider's usage export; exits with 1 when they differ",
  options: {
    provider: { type: "string", placeholder: "<name>", summary: "The upstream, such as openrouter", required: true },
    file: {
      type: "string",
      placeholder: "<file>",
      summary: "The provider's export, CSV or JSON lines",
      required: true,
    },
    ...periodOptions,
    tolerance: { type: "string", placeholder: "<percent>", summary: "How far apart they may be (default 0.5)" },
  },
  run: reconcileProvider,
};

async function reconcileProvider(call: CliCall): Promise<CliAnswer> {
  const [provider, file, period] = [call.text("provider") ?? "", call.text("file") ?? "", periodOf(call)];
  const tolerancePercent = toleranceOf(call);
  const { format, charges } = readProviderExport(readInput(file), period);
  const options = { provider, modelOf: modelNames(loadCatalogue(), provider), tolerancePercent };
  const result = await readLedger(call, (records) => reconcile(records.callPages(period), charges, options));
  return {
    json: { ...reconciliationJson(result), provider, format, tolerance_percent: tolerancePercent },
    lines: reconciliationLines(result, format, tolerancePercent),
    failed: !result.withinTolerance,
  };
}

function toleranceOf(call: CliCall): number {
  const text = call.text("tolerance") ?? "0.5";
  if (!/^\d{1,3}(?:\.\d+)?$/.test(text)) throw new UsageMistake("--tolerance must be a percentage such as 0.5.");
  return Number(text);
}

/** Providers bill dated snapshots (`gpt-5.4-2026-03-05`) of what was asked for without a date. */
const snapshotDate = /-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;

function modelNames(catalogue: Catalogue, provider: string): (upstreamName: string) => string | undefined {
  const byName = new Map(
    catalogue.models.flatMap((model) => {
      const name = model.upstreamNames[provider];
      return name === undefined ? [] : [[name, model.id]];
    }),
  );
  const known = (name: string): string | undefined => byName.get(name) ?? catalogue.find(name)?.id;
  return (name) => known(name) ?? known(name.replace(snapshotDate, ""));
}

function reconciliationJson({ models, total, callsWithoutUsage, withinTolerance }: Reconciliation): JsonObject {
  return {
    ok: withinTolerance,
    models: models.map(driftJson),
    total: driftJson(total),
    calls_without_usage: callsWithoutUsage,
  };
}

function driftJson({ model, ours, theirs, costDrift, percent }: ModelDrift): JsonObject {
  return {
    model,
    ours: useJson(ours),
    theirs: useJson(theirs),
    drift_usd: costDrift === undefined ? null : formatUsd(costDrift),
    drift_percent: Number.isFinite(percent) ? percent : null,
  };
}

function useJson(use: ModelUse | undefined): JsonObject | null {
  if (!use) return null;
  return {
    requests: use.requests ?? null,
    input_tokens: use.inputTokens ?? null,
    output_tokens: use.outputTokens ?? null,
    cost_usd: use.cost === undefined ? null : formatUsd(use.cost),
  };
}

function reconciliationLines(result: Reconciliation, format: string, tolerance: number): string[] {
  const right = (title: string) => ({ title, align: "right" as const });
  const columns = [
    { title: "model" },
    ...["requests", "theirs", "tokens in", "theirs", "tokens out", "theirs", "USD", "theirs", "drift", "%"].map(right),
  ];
  const rows = [...result.models, result.total].map(driftRow);
  const unknown = result.callsWithoutUsage;
  return [
    `Read as: ${format}.`,
    ...textTable(columns, rows),
    ...(unknown > 0 ? [`${unknown} of our model calls have no usage: the provider reported none.`] : []),
    result.withinTolerance ? `Within ${tolerance}%.` : `Further apart than ${tolerance}%.`,
  ];
}

function driftRow({ model, ours, theirs, costDrift, percent }: ModelDrift): string[] {
  const number = (value: number | undefined): string => value?.toString() ?? "-";
  const cost = (use: ModelUse | undefined): string => (use?.cost === undefined ? "-" : formatUsdShort(use.cost));
  return [
    model,
    number(ours?.requests),
    number(theirs?.requests),
    number(ours?.inputTokens),
    number(theirs?.inputTokens),
    number(ours?.outputTokens),
    number(theirs?.outputTokens),
    cost(ours),
    cost(theirs),
    costDrift === undefined ? "-" : formatUsdShort(costDrift),
    !ours ? "only theirs" : !theirs ? "only ours" : percent.toFixed(2),
  ];
}
