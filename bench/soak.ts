// The soak: mixed load with hang-ups through one server for as long as asked, its memory watched all the way.

import { soakResultSchema, type SoakResult } from "./load/job.ts";
import { runLoad } from "./load-process.ts";
import type { Options } from "./options.ts";
import { readProcessUsage } from "./process-usage.ts";
import { memoryTrend, mostRiseShare, type MemorySample } from "./report/memory-trend.ts";
import type { Report } from "./report/report.ts";
import { formatMegabytes, formatNumber, renderTable } from "./report/table.ts";
import { judge, renderVerdicts } from "./report/verdict.ts";
import type { Surroundings } from "./servers/surroundings.ts";
import { targetLabels, type Target, type TargetName } from "./servers/targets.ts";

export const soakTargets: ReadonlySet<TargetName> = new Set(["gateway"]);

const callers = 64;
const hangUpShare = 0.3;
const seed = 20_261_122;
const sampleEveryMs = 1_000;
/** Rows of the printed table and lines of progress, however long the run. */
const shownSamples = 12;

/** Soaks the only target. */
export async function measureSoak(
  surroundings: Surroundings,
  options: Options,
  seconds: number,
  targets: readonly Target[],
  progress: (line: string) => void,
): Promise<Report> {
  const [target] = targets;
  if (target === undefined) throw new Error("no server to soak");
  const memory = watchMemory(target.server.pid, seconds / shownSamples, progress);
  const durationMs = seconds * 1_000;
  const job = {
    kind: "soak",
    protocol: options.protocol,
    server: target.server,
    callers,
    durationMs,
    hangUpShare,
    seed,
  } as const;
  const result = await runLoad(surroundings, job, soakResultSchema, durationMs).finally(memory.stop);
  const failures = result.failures === 0 ? [] : [`${result.failures} requests failed, first: ${result.firstFailure}`];
  return reportOf(options, seconds, target.name, result, memory.samples, failures);
}

function reportOf(
  options: Options,
  seconds: number,
  target: TargetName,
  result: SoakResult,
  samples: readonly MemorySample[],
  failures: readonly string[],
): Report {
  const trend = memoryTrend(samples);
  const verdict = judge({
    target: `memory rises by at most ${mostRiseShare * 100}% after warm-up`,
    value: trend?.riseShare,
    show: (share) => `${formatNumber(share * 100, 1)}% (${formatMegabytes(trend?.riseBytes)} MB)`,
    met: (share) => share <= mostRiseShare,
  });
  const counts =
    `${formatNumber(result.answers)} whole answers, ${formatNumber(result.streams)} whole streams, ` +
    `${formatNumber(result.hangUps)} hang-ups in mid-stream.`;
  return {
    title: `Soak of ${targetLabels[target]} over ${options.protocol}: ${seconds} s, ${callers} callers, ${hangUpShare * 100}% hang up`,
    body: [counts, renderSamples(samples), renderVerdicts([verdict])].join("\n\n"),
    verdicts: [verdict],
    failures,
    figures: { result, trend, verdict, samples },
  };
}

function watchMemory(pid: number, progressEverySeconds: number, progress: (line: string) => void) {
  const samples: MemorySample[] = [];
  const startedAt = performance.now();
  let nextProgress = 0;
  const timer = setInterval(() => {
    const usage = readProcessUsage(pid);
    if (usage === undefined) return;
    const second = (performance.now() - startedAt) / 1_000;
    samples.push({ second, residentBytes: usage.residentBytes });
    if (second < nextProgress) return;
    nextProgress = second + progressEverySeconds;
    progress(`${formatNumber(second)} s: ${formatMegabytes(usage.residentBytes)} MB`);
  }, sampleEveryMs);
  return { samples, stop: () => clearInterval(timer) };
}

function renderSamples(samples: readonly MemorySample[]): string {
  const step = Math.max(1, Math.ceil(samples.length / shownSamples));
  return renderTable<MemorySample>(
    [
      { title: "Seconds", value: (sample) => formatNumber(sample.second), align: "right" },
      { title: "Memory MB", value: (sample) => formatMegabytes(sample.residentBytes), align: "right" },
    ],
    samples.filter((_, index) => index % step === 0),
  );
}
