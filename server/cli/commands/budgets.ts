// `astrolabe budgets ...`: what a workspace's or a key's requests may cost, and how far that is used.

import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import { formatUsdShort, parseUsd } from "../../money/picodollars.ts";
import { UsageMistake, type CliAnswer, type CliCall, type CliCommand, type CliOption } from "../command.ts";
import { textTable } from "../text-table.ts";
import { workspaceOf, workspaceOption } from "./workspace-option.ts";

const keyOption: CliOption = {
  type: "string",
  placeholder: "<key id>",
  summary: "A key's budget (default: the workspace's)",
};

type BudgetField = {
  readonly option: string;
  readonly field: string;
  readonly isPercent: boolean;
  readonly summary: string;
};

const budgetFields: readonly BudgetField[] = [
  { option: "daily", field: "dailyUsd", isPercent: false, summary: "Most that requests may cost in a day (UTC)" },
  { option: "monthly", field: "monthlyUsd", isPercent: false, summary: "Most that requests may cost in a month (UTC)" },
  { option: "per-request", field: "perRequestMaxUsd", isPercent: false, summary: "Most that one request may cost" },
  { option: "warn", field: "warnPercent", isPercent: true, summary: "Share that brings a warning (default 80)" },
  {
    option: "hard-stop",
    field: "hardStopPercent",
    isPercent: true,
    summary: "Share that stops requests (default 100)",
  },
];

/** One option for each field; amounts also take `none`. */
function optionsNamed(prefix: string): { [name: string]: CliOption } {
  return Object.fromEntries(
    budgetFields.map(({ option, isPercent, summary }) => [
      prefix + option,
      { type: "string", placeholder: isPercent ? "<percent>" : "<usd>", summary } satisfies CliOption,
    ]),
  );
}

/** For commands that make something with a budget. */
export const newBudgetOptions = optionsNamed("budget-");

/** The budget that `--budget-...` options ask for; undefined when none was given. @throws UsageMistake */
export function newBudget(call: CliCall): JsonObject | undefined {
  const budget = changedBudget(call, "budget-", {});
  return Object.keys(budget).length === 0 ? undefined : budget;
}

export const budgetCommands: readonly CliCommand[] = [
  {
    words: ["budgets", "show"],
    positionals: [],
    summary: "Show a budget and how far it is used",
    options: { workspace: workspaceOption, key: keyOption },
    run: async (call) => showBudget(call, await ownerPath(call)),
  },
  {
    words: ["budgets", "set"],
    positionals: [],
    summary: "Change a budget; what is not named stays, `none` removes",
    options: { workspace: workspaceOption, key: keyOption, ...optionsNamed("") },
    run: setBudget,
  },
];

async function setBudget(call: CliCall): Promise<CliAnswer> {
  const path = await ownerPath(call);
  const before = objectAt(await call.client().call("GET", path), "budget") ?? {};
  const budget = changedBudget(call, "", before);
  const limited = budgetFields.some(({ field, isPercent }) => !isPercent && budget[field] !== undefined);
  await call.client().call("PATCH", path, { budget: limited ? budget : null });
  return showBudget(call, path);
}

function changedBudget(call: CliCall, prefix: string, before: JsonObject): JsonObject {
  const budget: JsonObject = { ...before };
  for (const { option, field, isPercent } of budgetFields) {
    const given = call.text(prefix + option);
    if (given === undefined) continue;
    if (given === "none") delete budget[field];
    else budget[field] = isPercent ? percentOf(prefix + option, given) : given;
  }
  return budget;
}

function percentOf(option: string, text: string): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new UsageMistake(`--${option} must be a whole number from 1 to 100.`);
}

async function ownerPath(call: CliCall): Promise<string> {
  const key = call.text("key");
  const workspace = `/api/workspaces/${await workspaceOf(call)}`;
  return key === undefined ? workspace : `${workspace}/keys/${encodeURIComponent(key)}`;
}

async function showBudget(call: CliCall, path: string): Promise<CliAnswer> {
  const json = await call.client().call("GET", `${path}/budget`);
  const periods = (arrayAt(json, "periods") ?? []).filter((period) => isObject(period));
  const perRequest = stringAt(objectAt(json, "budget") ?? {}, "perRequestMaxUsd");
  const columns = [
    { title: "" },
    { title: "limit", align: "right" as const },
    { title: "spent", align: "right" as const },
    { title: "held", align: "right" as const },
    { title: "starts anew" },
  ];
  const rows = periods.map((period) => [
    stringAt(period, "period") ?? "-",
    ...["limit_usd", "spent_usd", "held_usd"].map((field) => shortUsd(stringAt(period, field))),
    stringAt(period, "resets_at") ?? "never",
  ]);
  const lines = rows.length === 0 ? ["No daily, monthly or lifetime limit."] : textTable(columns, rows);
  return { json, lines: perRequest === undefined ? lines : [...lines, `One request may cost ${perRequest} USD.`] };
}

function shortUsd(text: string | undefined): string {
  const amount = parseUsd(text ?? "");
  return amount === undefined ? "-" : formatUsdShort(amount);
}
