// `astrolabe credits ...`: what a workspace has and is granted.

import { type JsonObject, stringAt } from "../../contracts/json.ts";
import { formatUsdShort, noMoney, parseUsd } from "../../money/picodollars.ts";
import type { CliAnswer, CliCall, CliCommand } from "../command.ts";
import { textTable } from "../text-table.ts";
import { workspaceOf, workspaceOption } from "./workspace-option.ts";

export const creditCommands: readonly CliCommand[] = [
  {
    words: ["credits", "show"],
    positionals: [],
    summary: "Show a workspace's credits",
    options: { workspace: workspaceOption },
    run: async (call) => showCredits(call, await workspaceOf(call)),
  },
  {
    words: ["credits", "grant"],
    positionals: ["usd"],
    summary: "Add credits to a workspace",
    options: {
      workspace: workspaceOption,
      memo: { type: "string", placeholder: "<text>", summary: "Why, for the ledger (default: Granted by operator)" },
      "idempotency-key": { type: "string", placeholder: "<text>", summary: "Repeating it books nothing new" },
    },
    run: grantCredits,
  },
  {
    words: ["credits", "alert"],
    positionals: ["usd"],
    summary: "Tell of a balance below so much, by a credits.low event; `off` ends it",
    options: { workspace: workspaceOption },
    run: setAlert,
  },
];

async function grantCredits(call: CliCall): Promise<CliAnswer> {
  const workspace = await workspaceOf(call);
  const idempotencyKey = call.text("idempotency-key");
  const body: JsonObject = {
    amount_usd: call.positionals[0] ?? "",
    memo: call.text("memo") ?? "Granted by operator",
    ...(idempotencyKey !== undefined && { idempotency_key: idempotencyKey }),
  };
  const grant = await call.client().call("POST", `/api/workspaces/${workspace}/credits/grants`, body);
  const after = await showCredits(call, workspace);
  return {
    json: { ...grant, credits: after.json },
    lines: [`Granted ${usd(grant, "amount_usd")} USD.`, ...after.lines],
  };
}

async function setAlert(call: CliCall): Promise<CliAnswer> {
  const workspace = await workspaceOf(call);
  const [threshold = ""] = call.positionals;
  const body: JsonObject = { low_balance_threshold_usd: threshold === "off" ? null : threshold };
  await call.client().call("PATCH", `/api/workspaces/${workspace}/credits`, body);
  return showCredits(call, workspace);
}

async function showCredits(call: CliCall, workspace: string): Promise<CliAnswer> {
  const json = await call.client().call("GET", `/api/workspaces/${workspace}/credits`);
  const columns = [{ title: "" }, { title: "USD", align: "right" as const }];
  const rows = ["balance", "held", "available"].map((name) => [name, usd(json, `${name}_usd`)]);
  const alert =
    stringAt(json, "low_balance_threshold_usd") === undefined ? "off" : usd(json, "low_balance_threshold_usd");
  return { json, lines: textTable(columns, [...rows, ["alert below", alert]]) };
}

function usd(source: JsonObject, field: string): string {
  return formatUsdShort(parseUsd(stringAt(source, field) ?? "") ?? noMoney);
}
