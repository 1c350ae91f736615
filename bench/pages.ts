// `--pages N`: how long the console's pages of traces and usage wait for their answers, in a workspace of N requests, on
// both engines. Whole answers of the control API, without the network; the server runs in this process.

import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../server/config.ts";
import { asId, type WorkspaceId } from "../server/contracts/ids.ts";
import { arrayAt, isObject, parseObject, stringAt } from "../server/contracts/json.ts";
import { operatorToken } from "../server/keys/operator-token.ts";
import { openDatabase } from "../server/storage/open-database.ts";
import { UsagePacker } from "../server/storage/usage-blocks/packing.ts";
import { wire } from "../server/wire.ts";
import { days, generateUsage } from "./generated-usage.ts";
import { startPostgres } from "./holds/postgres.ts";
import type { Report } from "./report/report.ts";
import { formatNumber, renderTable } from "./report/table.ts";
import { judge, renderVerdicts } from "./report/verdict.ts";
import type { Surroundings } from "./servers/surroundings.ts";

const mostMs = 300;
const repeats = 5;
const dayMs = 86_400_000;
const engines = ["sqlite", "postgres"] as const;
type EngineName = (typeof engines)[number];

const pages: readonly (readonly [name: string, path: string])[] = [
  ["traces", "/traces"],
  ["traces of a rare key", "/traces?key=key_11"],
  ["traces of a rare model that failed", "/traces?status=error&category=reflection"],
  ["traces that cost much", "/traces?min_cost_usd=0.11"],
  ["traces that match nothing", "/traces?model=none"],
  ["traces under a name nobody used", "/traces?requested_model=none"],
  ["traces of one hour, two weeks ago", `/traces?from=${ago(14, 0)}&to=${ago(14, 1)}`],
  ["usage by day, 30 days", "/usage/series"],
  ["usage by day and model", "/usage/series?group_by=model"],
  ["usage by day and key of one model", "/usage/series?group_by=key&model={model}"],
  ["usage by hour and category, 7 days", `/usage/series?interval=hour&group_by=category&from=${ago(7, 0)}`],
  ["usage by hour and model, 30 days", `/usage/series?interval=hour&group_by=model&from=${ago(30, 1)}`],
  ["usage by month and stack", "/usage/series?interval=month&group_by=stack"],
];

function ago(wholeDays: number, hours: number): string {
  return new Date(Date.now() - wholeDays * dayMs + hours * 3_600_000).toISOString();
}

type Timing = {
  readonly engine: EngineName;
  readonly page: string;
  readonly firstMs: number;
  readonly medianMs: number;
  readonly pauseMs: number;
  /** Of this process, for one answer: what another machine's load does not change. */
  readonly processorMs: number;
};
type Measured = { readonly timings: readonly Timing[]; readonly packedPerSecond: number };

export async function measurePages(
  surroundings: Surroundings,
  rows: number,
  progress: (line: string) => void,
): Promise<Report> {
  const measured: Measured[] = [];
  for (const engine of engines) measured.push(await measureEngine(surroundings, engine, rows, progress));
  const timings = measured.flatMap((one) => one.timings);
  const slowest = Math.max(...timings.map(({ firstMs, medianMs }) => Math.max(firstMs, medianMs)));
  const verdicts = [
    judge({
      target: `every page has its answer within ${mostMs} ms, the first time too`,
      value: slowest,
      show: (ms) => `${formatNumber(ms)} ms`,
      met: (ms) => ms <= mostMs,
    }),
  ];
  const packing = measured.map(({ packedPerSecond }, index) => `${engines[index]} ${formatNumber(packedPerSecond)}`);
  return {
    title: `Pages over ${formatNumber(rows)} requests of ${days} days`,
    body: `${renderTimings(timings)}\n\nRows packed a second, behind the requests: ${packing.join(", ")}.\n\n${renderVerdicts(verdicts)}`,
    verdicts,
    failures: [],
    figures: { timings, packing },
  };
}

async function measureEngine(
  surroundings: Surroundings,
  engine: EngineName,
  rows: number,
  progress: (line: string) => void,
): Promise<Measured> {
  const dataDir = mkdtempSync(join(surroundings.temporaryDirectory, "astrolabe-pages-"));
  const url = engine === "postgres" ? await startPostgres(surroundings) : undefined;
  const master = Buffer.alloc(32, 7);
  const config = readConfig({
    ASTROLABE_DATA_DIR: dataDir,
    ASTROLABE_MASTER_KEY: master.toString("base64"),
    ...(url === undefined ? {} : { DATABASE_URL: url }),
  });
  const wired = await wire(config, {
    version: "bench",
    publicUrl: "http://bench.test",
    now: Date.now,
    reportFault: (where, error) => progress(`${where}: ${String(error)}`),
  });
  await wired.control.firstStart(config.initial);
  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${operatorToken(master)}` };
    const response = await wired.app.request(`http://bench.test/api/workspaces${path}`, { headers });
    const body = parseObject(await response.text()) ?? {};
    if (response.status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const [home] = (arrayAt(await get(""), "data") ?? []).filter(isObject);
  const workspaceId = asId<WorkspaceId>(stringAt(home ?? {}, "id") ?? "");
  progress(`${engine}: writing ${rows} rows`);
  const target = url === undefined ? { file: join(dataDir, "astrolabe.sqlite") } : { url };
  await generateUsage(target, workspaceId, rows);
  const packedPerSecond = rows / (await packEverything(config, progress));
  const series = await get(`/${workspaceId}/usage/series?group_by=model&top=50`);
  const model = stringAt((arrayAt(series, "groups") ?? []).filter(isObject).at(3) ?? {}, "name") ?? "";
  const timings: Timing[] = [];
  for (const [page, path] of pages) {
    const address = `/${workspaceId}${path.replace("{model}", encodeURIComponent(model))}`;
    timings.push({ engine, page, ...(await time(() => get(address))) });
    progress(`${engine}: ${page}: ${formatNumber(timings.at(-1)?.medianMs, 1)} ms`);
  }
  await wired.close();
  rmSync(dataDir, { recursive: true, force: true });
  return { timings, packedPerSecond };
}

/** @returns the seconds it took */
async function packEverything(
  config: ReturnType<typeof readConfig>,
  progress: (line: string) => void,
): Promise<number> {
  const database = await openDatabase(config, () => undefined);
  const packer = new UsagePacker(database);
  const began = performance.now();
  let before: string | undefined;
  for (let turns = 1; ; turns++) {
    await packer.turn(Date.now());
    const state = await database.query.selectFrom("usage_packed").select(["packed_to"]).executeTakeFirst();
    if (state && state.packed_to === before) break;
    // A turn that ends at its limit leaves the end of the rows for later.
    before = state?.packed_to;
    if (turns % 10 === 0) progress(`packed for ${turns} s`);
  }
  await database.close();
  return (performance.now() - began) / 1_000;
}

/** The first time, the median of more, and the longest that nothing else could run. */
async function time(work: () => Promise<unknown>): Promise<Omit<Timing, "engine" | "page">> {
  const took: number[] = [];
  let pauseMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    pauseMs = Math.max(pauseMs, performance.now() - last);
    last = performance.now();
  }, 1);
  const cpuBefore = process.cpuUsage();
  for (let count = 0; count <= repeats; count++) {
    const began = performance.now();
    await work();
    took.push(performance.now() - began);
    await Bun.sleep(5);
  }
  clearInterval(watch);
  const cpu = process.cpuUsage(cpuBefore);
  const processorMs = (cpu.user + cpu.system) / 1_000 / (repeats + 1);
  const [firstMs = 0, ...others] = took;
  const sorted = others.toSorted((left, right) => left - right);
  return { firstMs, medianMs: sorted[Math.floor(sorted.length / 2)] ?? firstMs, pauseMs, processorMs };
}

function renderTimings(timings: readonly Timing[]): string {
  const of = (page: string, engine: EngineName) =>
    timings.find((timing) => timing.page === page && timing.engine === engine);
  const column = (title: string, engine: EngineName, figure: (timing: Timing) => number) => ({
    title,
    align: "right" as const,
    value: (page: string) => formatNumber(optional(of(page, engine), figure), 1),
  });
  return renderTable(
    [
      { title: "Page", align: "left", value: (page: string) => page },
      column("SQLite first ms", "sqlite", ({ firstMs }) => firstMs),
      column("then", "sqlite", ({ medianMs }) => medianMs),
      column("longest pause", "sqlite", ({ pauseMs }) => pauseMs),
      column("processor", "sqlite", ({ processorMs }) => processorMs),
      column("Postgres first ms", "postgres", ({ firstMs }) => firstMs),
      column("then", "postgres", ({ medianMs }) => medianMs),
      column("processor", "postgres", ({ processorMs }) => processorMs),
    ],
    pages.map(([page]) => page),
  );
}

function optional(timing: Timing | undefined, figure: (timing: Timing) => number): number | undefined {
  return timing && figure(timing);
}
