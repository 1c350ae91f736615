// `astrolabe receipts ...`: checks receipts, without a server.

import { isDeepStrictEqual } from "node:util";
import { checkReceipt, receiptSigner } from "../../audit/receipt-signature.ts";
import { arrayAt, isObject, objectAt, parseObject, stringAt, numberAt, type JsonObject } from "../../contracts/json.ts";
import { deriveKey, readMasterSecret } from "../../keys/master-secret.ts";
import type { CliAnswer, CliCall, CliCommand } from "../command.ts";
import { CliFailure } from "../control-client.ts";
import { textTable } from "../text-table.ts";
import { readInput } from "./offline.ts";

const keysWithinMs = 10_000;

export const receiptCommands: readonly CliCommand[] = [
  {
    words: ["receipts", "verify"],
    positionals: ["file"],
    summary: "Check a receipt's signature; - reads standard input",
    options: {
      jwks: {
        type: "string",
        placeholder: "<file or address>",
        summary: "The public keys, as /.well-known/jwks.json has them (default: those of the data directory)",
      },
    },
    run: verifyReceipt,
  },
];

async function verifyReceipt(call: CliCall): Promise<CliAnswer> {
  const text = readInput(call.positionals[0] ?? "-");
  const beside = parseObject(text);
  const jws = beside ? stringAt(beside, "jws") : text;
  if (jws === undefined) throw new CliFailure("The file holds JSON without the signed form, `jws`.");
  const checked = checkReceipt(jws, await keysOf(call));
  if (!checked.ok) throw new CliFailure(checked.problem);
  const { jws: _, ...shown } = beside ?? checked.payload;
  if (!isDeepStrictEqual(shown, checked.payload)) {
    throw new CliFailure("The signature is good, but the JSON beside it says something else.");
  }
  return { json: { ok: true, receipt: checked.payload }, lines: receiptLines(checked.payload) };
}

/** @throws CliFailure when there are none to read */
async function keysOf(call: CliCall): Promise<JsonObject> {
  const named = call.text("jwks");
  if (named === undefined) return ownKeys(call);
  const keys = parseObject(/^https?:\/\//.test(named) ? await download(named) : readInput(named));
  if (!keys || !arrayAt(keys, "keys")) throw new CliFailure(`${named} holds no set of public keys.`);
  return keys;
}

function ownKeys({ dataDir, environment }: CliCall): JsonObject {
  const master = readMasterSecret({ dataDir, fromEnvironment: environment["ASTROLABE_MASTER_KEY"] });
  if (!master) throw new CliFailure(`There is no master secret in ${dataDir}: name the public keys with --jwks.`);
  return { keys: receiptSigner(deriveKey(master, "receipts")).jwks.keys.map((key) => ({ ...key })) };
}

async function download(address: string): Promise<string> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(keysWithinMs) });
    return await response.text();
  } catch (cause) {
    throw new CliFailure(`${address} does not answer.`, { cause });
  }
}

function receiptLines(receipt: JsonObject): string[] {
  const entry = objectAt(receipt, "entry");
  const field = (name: string): string => stringAt(receipt, name) ?? "-";
  const right = (title: string) => ({ title, align: "right" as const });
  const lines = (arrayAt(receipt, "lines") ?? []).filter((line) => isObject(line));
  const rows = lines.map((line) => [
    stringAt(line, "model") ?? "-",
    stringAt(line, "unit") ?? "-",
    numberAt(line, "count")?.toString() ?? "-",
    stringAt(line, "unit_price_usd") ?? "-",
    stringAt(line, "amount_usd") ?? "-",
  ]);
  const columns = [{ title: "model" }, { title: "unit" }, right("count"), right("USD each"), right("USD")];
  return [
    `The signature is good. Issued by ${field("iss")}.`,
    `Request ${field("request_id")} of ${field("workspace")}, ${field("created_at")}: ${field("debit_usd")} USD` +
      (stringAt(receipt, "reason") === undefined ? "." : `, because of ${field("reason")}.`),
    ...(rows.length > 0 ? textTable(columns, rows) : []),
    ...(entry ? [`Entry ${numberAt(entry, "sequence")}, hash ${stringAt(entry, "hash")}.`] : []),
  ];
}
