// How close holds come to costs: a seeded mix of requests through a whole gateway in this process, each hold compared
// with the debit that followed. Exact counts, so the figures are the same on every machine but for the order of answers.

import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../server/config.ts";
import { wire, type WiredServer } from "../server/wire.ts";
import { headroomCases, headroomModels, type HeadroomCase } from "./headroom-requests.ts";
import { startHeadroomUpstream } from "./headroom-upstream.ts";
import type { Report } from "./report/report.ts";
import { formatNumber, renderTable } from "./report/table.ts";
import { judge, renderVerdicts } from "./report/verdict.ts";

const seed = 20_261_122;
const callers = 16;
/** What a hold may be at p90, in times of the cost. */
const mostHoldRatio = 2;

type Settled = { readonly kind: string; readonly hold: number; readonly ceiling: number; readonly debit: number };

/** Replays so many requests. */
export async function measureHeadroom(
  requests: number,
  projectRoot: string,
  progress: (line: string) => void,
): Promise<Report> {
  const cases = new Map([...headroomCases(requests, seed, projectRoot)].map((one, n) => [`case ${n}`, one]));
  const upstream = startHeadroomUpstream((user) => cases.get(user));
  const dataDir = mkdtempSync(join(tmpdir(), "astrolabe-headroom-"));
  try {
    progress(`${requests} requests of ${headroomModels.length} models`);
    const { settled, failures } = await replay([...cases.values()], upstream.url, dataDir);
    return reportOf(requests, settled, failures);
  } finally {
    await upstream.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function replay(cases: readonly HeadroomCase[], upstreamUrl: string, dataDir: string) {
  const failures: string[] = [];
  const config = readConfig({
    ASTROLABE_DATA_DIR: dataDir,
    ASTROLABE_RATE_LIMIT_PER_MINUTE: "1000000",
    ASTROLABE_INIT_CREDITS_USD: "100000",
    ASTROLABE_UPSTREAMS: "replay",
    REPLAY_BASE_URL: upstreamUrl,
    REPLAY_MODELS: headroomModels.join(","),
    REPLAY_PROTOCOLS: "chat-completions",
  });
  const wired = await wire(config, {
    version: "headroom",
    publicUrl: "http://headroom.test",
    now: () => performance.timeOrigin + performance.now(),
    reportFault: (where, error) => failures.push(`${where}: ${String(error)}`),
  });
  const secrets = await wired.control.firstStart(config.initial);
  const kinds = new Map<string, string>();
  const queue = cases.values();
  const call = async (): Promise<void> => {
    for (const one of queue) {
      const { id, failure } = await ask(wired, secrets?.liveKey ?? "", one);
      if (failure !== undefined) failures.push(failure);
      kinds.set(id, one.kind);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  await wired.services.inFlight.drain(2_000);
  await wired.close();
  return { settled: readSettled(dataDir, kinds), failures };
}

async function ask({ app }: WiredServer, key: string, { body }: HeadroomCase) {
  const response = await app.request("http://headroom.test/v1/chat/completions", {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const failure = response.status === 200 ? undefined : `${response.status} ${text.slice(0, 300)}`;
  return { id: response.headers.get("x-astrolabe-cloud-request-id") ?? "", failure };
}

/** In the order in which they came in. */
function readSettled(dataDir: string, kinds: ReadonlyMap<string, string>): Settled[] {
  const database = new Database(join(dataDir, "astrolabe.sqlite"), { readonly: true });
  const rows = database
    .query<{ request_id: string; hold: number; ceiling: number; debit: number }, []>(
      "SELECT request_id, hold, ceiling, debit FROM usage_rows WHERE debit > 0 ORDER BY created_at, request_id",
    )
    .all();
  database.close();
  return rows.map(({ request_id, ...money }) => ({ kind: kinds.get(request_id) ?? "unknown", ...money }));
}

function reportOf(requests: number, settled: readonly Settled[], failures: readonly string[]): Report {
  const kinds = [...new Set(settled.map(({ kind }) => kind))].toSorted();
  const rows = [
    ...kinds.map((kind) => ({ what: kind, of: settled.filter((one) => one.kind === kind) })),
    { what: "the first 200", of: settled.slice(0, 200) },
    { what: "all", of: settled },
  ];
  const holds = settled.map(({ hold, debit }) => hold / debit);
  const over = settled.filter(({ ceiling, debit }) => debit > ceiling).length;
  const verdicts = [
    judge({
      target: `the hold is at most ${mostHoldRatio} times the cost at p90`,
      value: quantile(holds, 0.9),
      show: (value) => formatNumber(value, 2),
      met: (value) => value <= mostHoldRatio,
    }),
    judge({
      target: "no cost is above its ceiling",
      value: over,
      show: (value) => `${value} of ${settled.length}`,
      met: (value) => value === 0,
    }),
  ];
  const missing = settled.length === requests ? [] : [`${requests - settled.length} requests were not debited`];
  return {
    title: `Holds against costs: ${requests} requests, ${callers} callers, seed ${seed}`,
    body: `${renderRatios(rows)}\n\n${renderVerdicts(verdicts)}`,
    verdicts,
    failures: [...failures.slice(0, 5), ...missing],
    figures: { settled },
  };
}

function renderRatios(rows: readonly { readonly what: string; readonly of: readonly Settled[] }[]): string {
  type Row = (typeof rows)[number];
  const figure = (title: string, part: "hold" | "ceiling", share: number) => ({
    title,
    value: ({ of }: Row) =>
      formatNumber(
        quantile(
          of.map((one) => one[part] / one.debit),
          share,
        ),
        2,
      ),
    align: "right" as const,
  });
  return renderTable<Row>(
    [
      { title: "Requests", value: ({ what }) => what, align: "left" },
      { title: "Count", value: ({ of }) => formatNumber(of.length), align: "right" },
      figure("hold/cost p10", "hold", 0.1),
      figure("p50", "hold", 0.5),
      figure("p90", "hold", 0.9),
      figure("p99", "hold", 0.99),
      figure("ceiling/cost p50", "ceiling", 0.5),
      figure("p90", "ceiling", 0.9),
    ],
    rows,
  );
}

function quantile(values: readonly number[], share: number): number | undefined {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length * share)];
}
