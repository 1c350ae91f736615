// The time of one routing decision, in this process and without a server: reading the prompt alone, and the whole plan.
// `bun run bench/routing.ts`; only figures of one run compare.

import type { Upstream } from "../server/catalogue/catalogue.ts";
import { loadCatalogue } from "../server/catalogue/load-catalogue.ts";
import { HealthTracker } from "../server/providers/health.ts";
import { classify } from "../server/routing/classify.ts";
import { headAndTail, type RequestFeatures } from "../server/routing/features.ts";
import { tokenBound } from "../server/routing/token-bound.ts";
import { planRoute } from "../server/routing/plan-route.ts";
import type { PlanInput } from "../server/routing/plan.ts";
import { defaultStackSlug, managedStack } from "../server/stacks/managed.ts";
import { formatNumber, renderTable } from "./report/table.ts";

const warmUpCalls = 20_000;
const measuredCalls = 20_000;
/** What protocols cap the features' text at, in characters. */
const turnLimit = 8_000;

const prose =
  "Summarise the following notes about a harbour in two sentences. The old town has three basins, and each of them is " +
  "closed by a wooden gate. The gates are opened twice a day, shortly before high water, and closed again an hour later. " +
  "A small crew walks from one basin to the next and turns the cranks by hand. In winter the northern basin freezes. ";
const code =
  "Please refactor this function and add tests; then explain why the build failed. It throws an exception when the " +
  "database query returns null.\n\nexport function parse(text: string): Row[] {\n  const rows: Row[] = [];\n  for (const " +
  'line of text.split("\\n")) {\n    if (line === "") continue;\n    rows.push(rowOf(line));\n  }\n  return rows;\n}\n\n';

type Row = { readonly what: string; readonly microseconds: readonly number[] };

function main(): void {
  const short = [prose, code].map((text) => inputFor(text, 1_024));
  const capped = [prose + code, code + prose].map((text) => inputFor(text, 8_000));
  const long = [prose + code, code + prose].map((text) => inputFor(text, 200_000));
  const read = ({ features, policy }: PlanInput) =>
    classify(features, "auto", { untrustedContent: false, costMode: policy.objective.costMode });
  const rows: Row[] = [
    { what: "classify, turn of 1 KB", microseconds: timesOf(short, read) },
    { what: "classify and plan, turn of 1 KB", microseconds: timesOf(short, planRoute) },
    { what: "classify, turn of 8,000 characters", microseconds: timesOf(capped, read) },
    { what: "classify and plan, turn of 200,000 characters", microseconds: timesOf(long, planRoute) },
  ];
  const figure = (share: number) => (row: Row) => formatNumber(quantile(row.microseconds, share), 1);
  const table = renderTable(
    [
      { title: "microseconds", value: ({ what }) => what, align: "left" },
      { title: "p50", value: figure(0.5), align: "right" },
      { title: "p99", value: figure(0.99), align: "right" },
    ],
    rows,
  );
  process.stdout.write(`${table}\n`);
}

/** A request for `astrolabe/auto` under the default stack with a turn of so many characters. */
function inputFor(text: string, characters: number): PlanInput {
  const turn = text.repeat(Math.ceil(characters / text.length)).slice(0, characters);
  const policy = managedStack(defaultStackSlug)?.policy;
  if (policy === undefined) throw new Error("the default stack is missing");
  return {
    requested: { kind: "virtual", lane: "auto" },
    features: featuresOf(turn),
    maxOutputTokens: undefined,
    policy,
    requestMax: undefined,
    catalogue,
    upstreams,
    health,
    keyAllowedModels: [],
    untrustedContent: false,
  };
}

const catalogue = loadCatalogue();
const health = new HealthTracker().snapshot(0);
const upstreams: readonly Upstream[] = [
  {
    provider: "openrouter",
    dataPolicy: "any",
    dataPolicyPerRequest: true,
    region: undefined,
    upstreamModel: (model) => model.upstreamNames["openrouter"],
  },
];

function featuresOf(turn: string): RequestFeatures {
  return {
    lastUserText: headAndTail(turn, turnLimit),
    contextText: "",
    textBytes: Buffer.byteLength(turn),
    textTokenBound: tokenBound(turn),
    messageCount: 1,
    attachments: [],
    toolNames: [],
    toolsUsable: true,
    parallelToolCalls: false,
    format: "text",
    reasoningRequested: false,
    insideToolExchange: false,
    embeddingInputs: 0,
  };
}

/** Times of single calls in microseconds, over the inputs in turn, once they run at full speed. */
function timesOf(inputs: readonly PlanInput[], run: (input: PlanInput) => unknown): number[] {
  const times: number[] = [];
  for (let call = 0; call < warmUpCalls + measuredCalls; call++) {
    const input = inputs[call % inputs.length];
    if (input === undefined) break;
    const startedAt = Bun.nanoseconds();
    run(input);
    if (call >= warmUpCalls) times.push((Bun.nanoseconds() - startedAt) / 1_000);
  }
  return times;
}

function quantile(values: readonly number[], share: number): number | undefined {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length * share)];
}

main();
