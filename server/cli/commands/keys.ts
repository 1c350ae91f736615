// `astrolabe keys ...`: the API keys of a workspace.

import { randomBytes } from "node:crypto";
import { type JsonObject, objectAt, stringAt } from "../../contracts/json.ts";
import { makeKeySecret } from "../../keys/key-secret.ts";
import { UsageMistake, type CliAnswer, type CliCall, type CliCommand, type CliOption } from "../command.ts";
import { readAll } from "../control-client.ts";
import { textTable } from "../text-table.ts";
import { newBudget, newBudgetOptions } from "./budgets.ts";
import { workspaceOf, workspaceOption } from "./workspace-option.ts";

const modeOption: CliOption = { type: "string", placeholder: "<mode>", summary: "live or test (default live)" };

export const keyCommands: readonly CliCommand[] = [
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
      ...newBudgetOptions,
      "expires-at": { type: "string", placeholder: "<time>", summary: "ISO 8601, such as 2031-01-01T00:00:00Z" },
    },
    run: createKey,
  },
  {
    words: ["keys", "rotate"],
    positionals: ["key id"],
    summary: "Give an API key a new secret and print it, once",
    options: {
      workspace: workspaceOption,
      overlap: {
        type: "string",
        placeholder: "<minutes>",
        summary: "How long the old secret goes on working, 0 to 43200 (default 60)",
      },
    },
    run: rotateKey,
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
];

async function listKeys(call: CliCall): Promise<CliAnswer> {
  const data = await readAll(call.client(), `/api/workspaces/${await workspaceOf(call)}/keys`);
  const columns = ["id", "prefix", "name", "status", "stack"].map((title) => ({ title }));
  const rows = data.map((key) => columns.map(({ title }) => stringAt(key, title) ?? "-"));
  return { json: { data }, lines: data.length === 0 ? ["No keys."] : textTable(columns, rows) };
}

async function createKey(call: CliCall): Promise<CliAnswer> {
  const [stack, spendLimit, expiresAt] = [call.text("stack"), call.text("spend-limit"), call.text("expires-at")];
  const budget = newBudget(call);
  const body: JsonObject = {
    name: call.text("name") ?? "",
    mode: modeOf(call),
    ...(stack !== undefined && { stack }),
    ...(spendLimit !== undefined && { spend_limit_usd: spendLimit }),
    ...(budget !== undefined && { budget }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
  };
  const key = await call.client().call("POST", `/api/workspaces/${await workspaceOf(call)}/keys`, body);
  return { json: key, lines: [stringAt(key, "secret") ?? "", "Store it now: it is not shown again."] };
}

async function rotateKey(call: CliCall): Promise<CliAnswer> {
  const overlap = call.text("overlap");
  if (overlap !== undefined && !/^\d{1,5}$/.test(overlap)) throw new UsageMistake("--overlap must be whole minutes.");
  const id = encodeURIComponent(call.positionals[0] ?? "");
  const path = `/api/workspaces/${await workspaceOf(call)}/keys/${id}/rotate`;
  const key = await call.client().call("POST", path, overlap === undefined ? {} : { overlap_minutes: Number(overlap) });
  const until = stringAt(objectAt(key, "previous") ?? {}, "ends_at");
  return {
    json: key,
    lines: [
      stringAt(key, "secret") ?? "",
      "Store it now: it is not shown again.",
      until === undefined ? "The old secret has ended." : `The old secret works until ${until}.`,
    ],
  };
}

async function revokeKey(call: CliCall): Promise<CliAnswer> {
  const id = encodeURIComponent(call.positionals[0] ?? "");
  const key = await call.client().call("POST", `/api/workspaces/${await workspaceOf(call)}/keys/${id}/revoke`);
  return { json: key, lines: [`Revoked ${stringAt(key, "prefix") ?? id} (${stringAt(key, "name") ?? ""}).`] };
}

function modeOf(call: CliCall): "live" | "test" {
  const mode = call.text("mode") ?? "live";
  if (mode === "live" || mode === "test") return mode;
  throw new UsageMistake("--mode must be live or test.");
}
