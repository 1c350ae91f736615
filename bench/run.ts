// `npm run bench`: starts the servers, measures them one after another, prints the report, stops everything it started.

import { join } from "node:path";
import { openBooks } from "./books.ts";
import { measureHeadroom } from "./headroom.ts";
import { describeMachine, renderMachine } from "./machine.ts";
import { measureHolds } from "./holds.ts";
import { helpText, OptionError, parseOptions, type Options } from "./options.ts";
import { measurePages } from "./pages.ts";
import { recordReport } from "./report/record.ts";
import { hasPassed, renderReport, type Report } from "./report/report.ts";
import { probeTarget } from "./servers/probe.ts";
import { choosePlacement } from "./servers/placement.ts";
import { ProcessGroup } from "./servers/process-group.ts";
import { surroundingsOf, type Surroundings } from "./servers/surroundings.ts";
import { startTargets, type Target, type TargetName } from "./servers/targets.ts";
import { measureSoak, soakTargets } from "./soak.ts";
import { measureStreams, streamsTargets } from "./streams.ts";
import { measureVerify } from "./verify.ts";
import { measureThroughput, throughputTargets } from "./throughput.ts";

const projectRoot = join(import.meta.dir, "..");
const interruptedExitCode = 130;

const progress = (line: string) => void process.stderr.write(`${line}\n`);

type ServerMode = Exclude<Options["mode"], { kind: "verify" }>;

const defaultTargets: { readonly [Kind in ServerMode["kind"]]: ReadonlySet<TargetName> } = {
  throughput: throughputTargets,
  streams: streamsTargets,
  soak: soakTargets,
  holds: new Set(),
  headroom: new Set(),
  pages: new Set(),
};

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === "help") {
    process.stdout.write(helpText);
    return 0;
  }
  const { mode } = options;
  if (mode.kind === "verify") return measureVerify(projectRoot, mode.entries, progress);
  const processes = new ProcessGroup();
  const surroundings = surroundingsOf(processes, choosePlacement(options.pinned), projectRoot, process.env);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void processes.stopAll().finally(() => process.exit(interruptedExitCode)));
  }
  try {
    const machine = await describeMachine(surroundings);
    progress(renderMachine(machine));
    const names = options.only ?? defaultTargets[mode.kind];
    const targets = names.size === 0 ? [] : await startTargets(surroundings, names);
    for (const target of targets) await probeTarget(target, options.protocol);
    const closeBooks = await openBooks(targets);
    const measured = await measure(surroundings, options, mode, targets);
    const report = { ...measured, failures: [...measured.failures, ...(await closeBooks())] };
    process.stdout.write(`\n${report.title}\n\n${renderReport(report)}\n`);
    if (options.jsonFile !== undefined) {
      await Bun.write(options.jsonFile, `${JSON.stringify({ machine, ...report }, null, 2)}\n`);
    }
    if (options.record) await recordReport(join(projectRoot, "bench/RESULTS.md"), report, machine, new Date());
    return hasPassed(report) ? 0 : 1;
  } finally {
    await processes.stopAll();
  }
}

function measure(
  surroundings: Surroundings,
  options: Options,
  mode: ServerMode,
  targets: readonly Target[],
): Promise<Report> {
  switch (mode.kind) {
    case "throughput":
      return measureThroughput(surroundings, options, targets, progress);
    case "streams":
      return measureStreams(surroundings, options, mode, targets, progress);
    case "soak":
      return measureSoak(surroundings, options, mode.seconds, targets, progress);
    case "holds":
      return measureHolds(surroundings, options, progress);
    case "pages":
      return measurePages(surroundings, mode.requests, progress);
    case "headroom":
      return measureHeadroom(mode.requests, projectRoot, progress);
  }
}

try {
  process.exit(await main());
} catch (error) {
  const known = error instanceof OptionError;
  progress(known ? `${error.message}\n\n${helpText}` : `The benchmark failed: ${String(error)}`);
  process.exit(known ? 2 : 1);
}
