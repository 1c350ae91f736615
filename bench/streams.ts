// The stream run: many concurrent paced streams, direct first and then through each server, every frame checked.

import { streamsResultSchema, type StreamsResult } from "./load/job.ts";
import { runLoad } from "./load-process.ts";
import type { Options } from "./options.ts";
import type { Report } from "./report/report.ts";
import { formatMegabytes, formatNumber, renderTable } from "./report/table.ts";
import { judge, renderVerdicts, type Verdict } from "./report/verdict.ts";
import type { Surroundings } from "./servers/surroundings.ts";
import { targetLabels, type Target, type TargetName } from "./servers/targets.ts";

export const streamsTargets: ReadonlySet<TargetName> = new Set(["direct", "gateway"]);

type StreamsMode = Extract<Options["mode"], { kind: "streams" }>;
type StreamsRow = { readonly target: TargetName; readonly result: StreamsResult };

/** Streams that take this many times as long as their pacing are broken off. */
const patience = 10;
const leastLimitMs = 60_000;

export async function measureStreams(
  surroundings: Surroundings,
  options: Options,
  mode: StreamsMode,
  targets: readonly Target[],
  progress: (line: string) => void,
): Promise<Report> {
  const pacedMs = mode.frames * mode.paceMs;
  const limitMs = Math.max(leastLimitMs, pacedMs * patience);
  const { streams, frames, paceMs } = mode;
  const rows: StreamsRow[] = [];
  const failures: string[] = [];
  for (const { name, server } of targets) {
    progress(`${streams} streams, ${targetLabels[name]}, at least ${formatNumber(pacedMs / 1_000, 1)} s`);
    const job = { kind: "streams", protocol: options.protocol, server, streams, frames, paceMs, limitMs } as const;
    const result = await runLoad(surroundings, job, streamsResultSchema, limitMs);
    rows.push({ target: name, result });
    if (result.failures > 0) {
      failures.push(`${targetLabels[name]}: ${result.failures} streams failed, first: ${result.firstFailure}`);
    }
  }
  const verdicts = rows.map(verdictOf);
  return {
    title: `${streams} concurrent streams over ${options.protocol}, ${frames} frames each, one every ${paceMs} ms`,
    body: [renderRows(rows), renderVerdicts(verdicts)].join("\n\n"),
    verdicts,
    failures,
    figures: { rows, verdicts },
  };
}

function verdictOf({ target, result }: StreamsRow): Verdict {
  return judge({
    target: `every frame arrives once, in order, unaltered, with one terminal event: ${targetLabels[target]}`,
    value: result.lost + result.disordered + result.altered + result.badEndings,
    show: (faults) => `${formatNumber(faults)} faults in ${formatNumber(result.frames)} frames`,
    met: (faults) => faults === 0,
  });
}

function renderRows(rows: readonly StreamsRow[]): string {
  return renderTable<StreamsRow>(
    [
      { title: "Server", value: (row) => targetLabels[row.target], align: "left" },
      { title: "Frames", value: (row) => formatNumber(row.result.frames), align: "right" },
      { title: "Lost", value: (row) => formatNumber(row.result.lost), align: "right" },
      { title: "Disordered", value: (row) => formatNumber(row.result.disordered), align: "right" },
      { title: "Altered", value: (row) => formatNumber(row.result.altered), align: "right" },
      { title: "Bad endings", value: (row) => formatNumber(row.result.badEndings), align: "right" },
      { title: "First byte p50 ms", value: (row) => formatNumber(row.result.firstByteP50Ms, 1), align: "right" },
      { title: "p99 ms", value: (row) => formatNumber(row.result.firstByteP99Ms, 1), align: "right" },
      { title: "Longest gap ms", value: (row) => formatNumber(row.result.longestGapMs, 1), align: "right" },
      { title: "Peak memory MB", value: (row) => formatMegabytes(row.result.peakResidentBytes), align: "right" },
    ],
    rows,
  );
}
