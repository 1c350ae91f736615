// The hold run: how many holds, each with its settle and its request's record, one workspace can take. Straight
// on the ledger, in processes of its own, without HTTP or a provider.

import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../server/contracts/json.ts";
import { runtimeSettings } from "../scripts/run-bun.mjs";
import { faultsOfHoldBooks, openHoldBooks } from "./holds/hold-books.ts";
import { openHoldDatabase } from "./holds/hold-database.ts";
import { holdResultSchema, type HoldJob, type HoldLedger, type HoldResult } from "./holds/job.ts";
import { startPostgres } from "./holds/postgres.ts";
import type { Options } from "./options.ts";
import {
  holdMediansOf,
  holdSetups,
  holdVerdictsOf,
  renderHolds,
  setupLabels,
  type HoldCell,
  type HoldSetup,
} from "./report/holds-report.ts";
import type { Report } from "./report/report.ts";
import { formatNumber } from "./report/table.ts";
import type { Surroundings } from "./servers/surroundings.ts";

const roundCount = 3;
const longestWarmUpMs = 3_000;
/** Until every process of a setup stands ready. */
const startMs = 1_000;
/** What starting a process and ending it may take on top of the load itself. */
const overheadMs = 30_000;

/** Callers of each process. */
const callersOf: { readonly [Setup in HoldSetup]: readonly number[] } = {
  sqlite: [64],
  "row-by-row": [64],
  postgres: [64],
  "postgres-two-of-32": [32, 32],
  "postgres-two-of-64": [64, 64],
};

type Measured = { readonly cell: HoldCell; readonly faults: readonly string[] };

/** @param progress is told one line per measured setup. */
export async function measureHolds(
  surroundings: Surroundings,
  options: Options,
  progress: (line: string) => void,
): Promise<Report> {
  const url = await startPostgres(surroundings);
  const measured: Measured[] = [];
  for (let round = 1; round <= roundCount; round += 1) {
    for (const setup of holdSetups) {
      const one = await measureSetup(surroundings, options, setup, url);
      measured.push(one);
      progress(`round ${round}: ${setupLabels[setup]}: ${formatNumber(one.cell.pairsPerSecond)} pairs/s`);
    }
  }
  const cells = measured.map(({ cell }) => cell);
  const medians = holdMediansOf(cells);
  const verdicts = holdVerdictsOf(medians);
  return {
    title: `Holds with settle and record on one workspace, median of ${roundCount} rounds of ${options.secondsPerCell} s`,
    body: renderHolds(medians, verdicts),
    verdicts,
    failures: measured.flatMap(({ cell, faults }) => faults.map((fault) => `${setupLabels[cell.setup]}: ${fault}`)),
    figures: { medians, verdicts, rounds: cells },
  };
}

/** On a workspace of its own, in a new file or in the run's Postgres at `url`. */
async function measureSetup(
  surroundings: Surroundings,
  options: Options,
  setup: HoldSetup,
  url: string,
): Promise<Measured> {
  const folder = mkdtempSync(join(surroundings.temporaryDirectory, "astrolabe-bench-holds-"));
  const ledger = ledgerOf(setup, url, join(folder, "astrolabe.sqlite"));
  const database = await openHoldDatabase(ledger);
  try {
    const workspaceId = await openHoldBooks(database);
    const results = await runProcesses(surroundings, options, { ledger, workspaceId }, callersOf[setup]);
    const settled = results.reduce((sum, result) => sum + result.settled, 0);
    return { cell: cellOf(setup, results), faults: await faultsOfHoldBooks(database, workspaceId, settled) };
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function ledgerOf(setup: HoldSetup, url: string, file: string): HoldLedger {
  if (setup === "sqlite") return { kind: "sqlite", file };
  return setup === "row-by-row" ? { kind: "row-by-row", url } : { kind: "postgres", url };
}

/** Runs one process per number of callers, all at once. */
function runProcesses(
  surroundings: Surroundings,
  options: Options,
  load: Pick<HoldJob, "ledger" | "workspaceId">,
  callersOfEach: readonly number[],
): Promise<HoldResult[]> {
  const { placement, bun, projectRoot, processes, environment } = surroundings;
  const measureMs = options.secondsPerCell * 1_000;
  const warmUpMs = Math.min(longestWarmUpMs, measureMs);
  const startAt = Date.now() + startMs;
  const command = [...placement.server, bun, join(projectRoot, "bench/holds/main.ts")];
  return Promise.all(
    callersOfEach.map(async (callers) => {
      const job: HoldJob = { ...load, callers, startAt, warmUpMs, measureMs };
      const limitMs = startMs + warmUpMs + measureMs + overheadMs;
      const output = await processes.run(command, { ...environment, ...runtimeSettings }, JSON.stringify(job), limitMs);
      return holdResultSchema.parse(parseJson(output));
    }),
  );
}

/** Rates add up; the latency of several processes is that of the slowest. */
function cellOf(setup: HoldCell["setup"], results: readonly HoldResult[]): HoldCell {
  const slowest = (figure: (result: HoldResult) => number | undefined): number | undefined => {
    const known = results.map(figure).filter((value) => value !== undefined);
    return known.length < results.length ? undefined : Math.max(...known);
  };
  const pairsPerSecond = results.reduce((sum, result) => sum + result.pairsPerSecond, 0);
  const cpu = results.reduce((sum, result) => sum + result.cpuMicrosecondsPerPair * result.pairsPerSecond, 0);
  return {
    setup,
    pairsPerSecond,
    holdP50Ms: slowest((result) => result.holdP50Ms),
    holdP99Ms: slowest((result) => result.holdP99Ms),
    pairP50Ms: slowest((result) => result.pairP50Ms),
    pairP99Ms: slowest((result) => result.pairP99Ms),
    cpuMicrosecondsPerPair: cpu / pairsPerSecond,
  };
}
