// `astrolabe ledger ...`: checks and exports the ledger. They read the database themselves, whether a server runs or not.

import { closeSync, openSync, writeSync } from "node:fs";
import { exportEntries, exportFormats, type ExportFormat } from "../../audit/export-entries.ts";
import { readHeads } from "../../audit/known-heads.ts";
import { verifyLedger, type Verification } from "../../audit/verify-ledger.ts";
import type { Finding } from "../../audit/findings.ts";
import type { Period } from "../../audit/ledger-records.ts";
import { formatUsd, picodollars } from "../../money/picodollars.ts";
import { UsageMistake, type CliAnswer, type CliCall, type CliCommand, type CliOption } from "../command.ts";
import { CliFailure } from "../control-client.ts";
import { reconcileCommand } from "./ledger-reconcile.ts";
import { readInput, readLedger } from "./offline.ts";
import { periodOf, periodOptions } from "./period-options.ts";

const workspaceOption: CliOption = {
  type: "string",
  placeholder: "<id>",
  summary: "Only this workspace (default: all)",
};

export const ledgerCommands: readonly CliCommand[] = [
  {
    words: ["ledger", "verify"],
    positionals: [],
    summary: "Recompute every entry and debit from what is stored; exits with 1 when something does not agree",
    options: {
      workspace: workspaceOption,
      heads: {
        type: "string",
        placeholder: "<file>",
        summary: "What an earlier verify --json printed, or a receipt: must still be in the chain",
      },
    },
    run: verify,
  },
  {
    words: ["ledger", "export"],
    positionals: [],
    summary: "Print every entry as CSV or JSON lines",
    options: {
      format: { type: "string", placeholder: "<format>", summary: exportFormats.join(" or "), required: true },
      workspace: workspaceOption,
      ...periodOptions,
      output: { type: "string", placeholder: "<file>", summary: "Write there instead" },
    },
    run: exportLedger,
  },
  reconcileCommand,
];

async function verify(call: CliCall): Promise<CliAnswer> {
  const file = call.text("heads");
  const heads = file === undefined ? [] : readHeads(readInput(file));
  const workspaceId = call.text("workspace");
  const result = await readLedger(call, (records) => verifyLedger(records, { workspaceId, heads }));
  if (workspaceId !== undefined && result.workspaces === 0) {
    throw new CliFailure(`The ledger has no account of ${workspaceId}.`);
  }
  return { json: verificationJson(result), lines: verificationLines(result), failed: result.findingCount > 0 };
}

function verificationJson(result: Verification) {
  return {
    ok: result.findingCount === 0,
    workspaces: result.workspaces,
    entries: result.entries,
    debits: result.debits,
    balance_usd: formatUsd(picodollars(result.balance)),
    counterparts_usd: Object.fromEntries(
      [...result.counterparts].map(([name, amount]) => [name, formatUsd(picodollars(amount))]),
    ),
    heads: [...result.heads],
    finding_count: result.findingCount,
    findings: result.findings.map(({ workspace, sequence, problem }) => ({
      workspace: workspace ?? null,
      sequence: sequence ?? null,
      problem,
    })),
  };
}

function verificationLines(result: Verification): string[] {
  const { workspaces, entries, debits, findings, findingCount } = result;
  const sums = [...result.counterparts].map(([name, amount]) => `${name} ${formatUsd(picodollars(amount))}`);
  const unlisted = findingCount - findings.length;
  return [
    `${counted(workspaces, "workspace", "workspaces")}, ${counted(entries, "entry", "entries")}, ${counted(debits, "debit", "debits")} recomputed.`,
    `Workspaces have ${formatUsd(picodollars(result.balance))} USD; against them stand ${sums.join(", ") || "none"}.`,
    ...findings.map(findingLine),
    ...(unlisted > 0 ? [`and ${unlisted} more.`] : []),
    findingCount === 0 ? "The ledger agrees." : `The ledger does not agree: ${findingCount} findings.`,
  ];
}

function findingLine({ workspace, sequence, problem }: Finding): string {
  const place = [workspace, sequence === undefined ? undefined : `entry ${sequence}`].filter(Boolean).join(" ");
  return `${place === "" ? "" : `${place}: `}${problem}.`;
}

async function exportLedger(call: CliCall): Promise<CliAnswer> {
  const format = formatOf(call);
  const [period, workspaceId, file] = [periodOf(call), call.text("workspace"), call.text("output")];
  if (file === undefined) {
    await writeExport(call, format, period, workspaceId, call.write);
    return { json: undefined, lines: [] };
  }
  const descriptor = openSync(file, "w", 0o600);
  try {
    const write = async (text: string) => void writeSync(descriptor, text);
    const entries = await writeExport(call, format, period, workspaceId, write);
    return { json: { entries, file }, lines: [`${entries} entries in ${file}.`] };
  } finally {
    closeSync(descriptor);
  }
}

function writeExport(
  call: CliCall,
  format: ExportFormat,
  period: Period,
  workspaceId: string | undefined,
  write: (text: string) => Promise<void>,
): Promise<number> {
  return readLedger(call, async (records) => {
    let count = 0;
    for await (const { text, entries } of exportEntries(records.entryPages(workspaceId), period, format)) {
      await write(text);
      count += entries;
    }
    return count;
  });
}

function formatOf(call: CliCall): ExportFormat {
  const format = exportFormats.find((known) => known === call.text("format"));
  if (format === undefined) throw new UsageMistake(`--format must be ${exportFormats.join(" or ")}.`);
  return format;
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
