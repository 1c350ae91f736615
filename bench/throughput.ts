// The main run: every server at 1, 16 and 64 callers, in rounds that visit all of them, so that a slow minute of the
// machine hits every server and the median leaves it out.

import { throughputResultSchema } from "./load/job.ts";
import { runLoad } from "./load-process.ts";
import type { Options } from "./options.ts";
import type { Report } from "./report/report.ts";
import { formatNumber } from "./report/table.ts";
import {
  formatCallers,
  mediansOf,
  ratiosOf,
  renderThroughput,
  verdictsOf,
  type Cell,
} from "./report/throughput-report.ts";
import type { Surroundings } from "./servers/surroundings.ts";
import { targetLabels, targetNames, type Target } from "./servers/targets.ts";

const roundCount = 3;
const callerCounts = [1, 16, 64];
/** Long enough for the compiler to have seen the hot paths of a large program. */
const longestWarmUpMs = 3_000;

export const throughputTargets = new Set(targetNames);

type Round = { readonly cells: readonly Cell[]; readonly failures: readonly string[] };

/** @param progress is told one line per measured cell. */
export async function measureThroughput(
  surroundings: Surroundings,
  options: Options,
  targets: readonly Target[],
  progress: (line: string) => void,
): Promise<Report> {
  const rounds: Round[] = [];
  for (let round = 0; round < roundCount; round += 1) {
    // Each round begins with another server: none is always the one that follows the heaviest.
    const turn = round % targets.length;
    const order = [...targets.slice(turn), ...targets.slice(0, turn)];
    rounds.push(await measureRound(surroundings, options, order, (line) => progress(`round ${round + 1}: ${line}`)));
  }
  const position = (cell: Cell) => targetNames.indexOf(cell.target) * 1_000 + cell.callers;
  const cells = rounds.flatMap((round) => round.cells).toSorted((a, b) => position(a) - position(b));
  const medians = mediansOf(cells);
  const ratios = ratiosOf(medians, cells);
  const verdicts = verdictsOf(ratios);
  return {
    title: `Throughput over ${options.protocol}, median of ${roundCount} rounds of ${options.secondsPerCell} s`,
    body: renderThroughput(medians, ratios, verdicts),
    verdicts,
    failures: rounds.flatMap((round) => round.failures),
    figures: { medians, ratios, verdicts, rounds: cells },
  };
}

async function measureRound(
  surroundings: Surroundings,
  options: Options,
  targets: readonly Target[],
  progress: (line: string) => void,
): Promise<Round> {
  const cells: Cell[] = [];
  const failures: string[] = [];
  for (const target of targets) {
    for (const callers of callerCounts) {
      const { cell, failure } = await measureCell(surroundings, options, target, callers);
      cells.push(cell);
      if (failure !== undefined) failures.push(failure);
      progress(
        `${targetLabels[target.name]}, ${formatCallers(callers)}: ${formatNumber(cell.requestsPerSecond)} requests/s`,
      );
    }
  }
  return { cells, failures };
}

async function measureCell(
  surroundings: Surroundings,
  options: Options,
  target: Target,
  callers: number,
): Promise<{ cell: Cell; failure: string | undefined }> {
  const measureMs = options.secondsPerCell * 1_000;
  const warmUpMs = Math.min(longestWarmUpMs, measureMs);
  const { server } = target;
  const job = { kind: "throughput", protocol: options.protocol, server, callers, warmUpMs, measureMs } as const;
  const result = await runLoad(surroundings, job, throughputResultSchema, warmUpMs + measureMs);
  const { failures, firstFailure, cpuMicrosecondsPerRequest, residentBytes } = result;
  const cell: Cell = {
    target: target.name,
    callers,
    requestsPerSecond: result.requestsPerSecond,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    cpuMicrosecondsPerRequest,
    residentBytes,
  };
  const where = `${targetLabels[target.name]} at ${formatCallers(callers)}`;
  return {
    cell,
    failure: failures === 0 ? undefined : `${where}: ${failures} requests failed, first: ${firstFailure}`,
  };
}
