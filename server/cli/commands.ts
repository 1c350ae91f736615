// The subcommands of `astrolabe` besides `serve`.

import { randomBytes } from "node:crypto";
import { type JsonObject, numberAt, stringAt } from "../contracts/json.ts";
import { makeKeySecret } from "../keys/key-secret.ts";
import { formatUsdShort, noMoney, parseUsd } from "../money/picodollars.ts";
import { UsageMistake, type CliAnswer, type CliCall, type CliCommand, type CliOption } from "./command.ts";
import { CliFailure, readAll, tokenOf } from "./control-client.ts";
import { textTable } from "./text-table.ts";

const workspaceOption: CliOption = {
  type: "string",
  placeholder: "<id>",
  summary: "The workspace (default: the only one there is)",
};
const modeOption: CliOption = { type: "string", placeholder: "<mode>", summary: "live or test (default live)" };

export const commands: readonly CliCommand[] = [
  {
    words: ["token"],
    positionals: [],
    summary: "Print the operator token for the control API",
    options: {},
    run: async ({ dataDir, environment }) => {
      const token = tokenOf(dataDir, environment);
      return { json: { token }, lines: [token] };
    },
  },
  {
    words: ["keys", "list"],
    positionals: [],
    summary: "List API keys",
    options: { workspace: workspaceOption },
    run: listKeys,
  },
  {
    words: ["keys", "create"],
    positionals: [],
    summary: "Create an API key and print its secret, once",
    options: {
      workspace: workspaceOption,
      name: { type: "string", placeholder: "<name>", summary: "What the key is for", required: true },
      mode: modeOption,
      stack: { type: "string", placeholder: "<slug>", summary: "The key's own stack" },
      "spend-limit": { type: "string", placeholder: "<usd>", summary: "Most it may ever spend" },
      "expires-at": { type: "string", placeholder: "<time>", summary: "ISO 8601, such as 2031-01-01T00:00:00Z" },
    },
    run: createKey,
  },
  {
    words: ["keys", "revoke"],
    positionals: ["key id"],
    summary: "Revoke an API key for good",
    options: { workspace: workspaceOption },
    run: revokeKey,
  },
  {
    words: ["keys", "generate"],
    positionals: [],
    summary: "Print a well-formed secret for ASTROLABE_INIT_API_KEY or _TEST_KEY; stores nothing",
    options: { mode: modeOption },
    run: async (call) => {
      const secret = makeKeySecret(modeOf(call), (count) => randomBytes(count));
      return { json: { secret }, lines: [secret] };
    },
  },
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
    words: ["stacks", "list"],
    positionals: [],
    summary: "List routing stacks",
    options: { workspace: workspaceOption },
    run: listStacks,
  },
];

async function listKeys(call: CliCall): Promise<CliAnswer> {
  const data = await readAll(call.client(), `/api/workspaces/${await workspaceOf(call)}/keys`);
  const columns = ["id", "prefix", "name", "status", "stack"].map((title) => ({ title }));
  const rows = data.map((key) => columns.map(({ title }) => stringAt(key, title) ?? "-"));
  return { json: { data }, lines: data.length === 0 ? ["No keys."] : textTable(columns, rows) };
}

async function createKey(call: CliCall): Promise<CliAnswer> {
  const [stack, spendLimit, expiresAt] = [call.text("stack"), call.text("spend-limit"), call.text("expires-at")];
  const body: JsonObject = {
    name: call.text("name") ?? "",
    mode: modeOf(call),
    ...(stack !== undefined && { stack }),
    ...(spendLimit !== undefined && { spend_limit_usd: spendLimit }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
  };
  const key = await call.client().call("POST", `/api/workspaces/${await workspaceOf(call)}/keys`, body);
  return { json: key, lines: [stringAt(key, "secret") ?? "", "Store it now: it is not shown again."] };
}

async function revokeKey(call: CliCall): Promise<CliAnswer> {
  const id = encodeURIComponent(call.positionals[0] ?? "");
  const key = await call.client().call("POST", `/api/workspaces/${await workspaceOf(call)}/keys/${id}/revoke`);
  return { json: key, lines: [`Revoked ${stringAt(key, "prefix") ?? id} (${stringAt(key, "name") ?? ""}).`] };
}

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

async function showCredits(call: CliCall, workspace: string): Promise<CliAnswer> {
  const json = await call.client().call("GET", `/api/workspaces/${workspace}/credits`);
  const columns = [{ title: "" }, { title: "USD", align: "right" as const }];
  const names = ["balance", "held", "available"];
  return {
    json,
    lines: textTable(
      columns,
      names.map((name) => [name, usd(json, `${name}_usd`)]),
    ),
  };
}

async function listStacks(call: CliCall): Promise<CliAnswer> {
  const data = await readAll(call.client(), `/api/workspaces/${await workspaceOf(call)}/stacks`);
  const columns = [
    { title: "slug" },
    { title: "kind" },
    { title: "status" },
    { title: "version", align: "right" as const },
    { title: "name" },
  ];
  const rows = data.map((stack) => [
    stringAt(stack, "slug") ?? "-",
    stringAt(stack, "kind") ?? "-",
    stringAt(stack, "status") ?? "-",
    numberAt(stack, "active_version")?.toString() ?? "-",
    stringAt(stack, "name") ?? "-",
  ]);
  return { json: { data }, lines: textTable(columns, rows) };
}

/** @throws CliFailure when none was named and there is not exactly one */
async function workspaceOf(call: CliCall): Promise<string> {
  const named = call.text("workspace");
  if (named !== undefined) return encodeURIComponent(named);
  const workspaces = await readAll(call.client(), "/api/workspaces");
  const [only, another] = workspaces.map((workspace) => stringAt(workspace, "id"));
  if (only !== undefined && another === undefined) return only;
  if (only === undefined) throw new CliFailure("There is no workspace yet.");
  const names = workspaces.map((workspace) => `  ${stringAt(workspace, "id")}  ${stringAt(workspace, "name")}`);
  throw new CliFailure(`There are several workspaces; name one with --workspace:\n${names.slice(0, 20).join("\n")}`);
}

function modeOf(call: CliCall): "live" | "test" {
  const mode = call.text("mode") ?? "live";
  if (mode === "live" || mode === "test") return mode;
  throw new UsageMistake("--mode must be live or test.");
}

function usd(source: JsonObject, field: string): string {
  return formatUsdShort(parseUsd(stringAt(source, field) ?? "") ?? noMoney);
}
