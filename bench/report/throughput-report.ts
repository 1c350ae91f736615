// What the throughput run says: medians over its rounds, ratios between the servers, and whether the targets are met.

import { targetLabels, type TargetName } from "../servers/targets.ts";
import { formatMegabytes, formatNumber, renderTable } from "./table.ts";
import { judge, renderVerdicts, type Verdict } from "./verdict.ts";

/** One server at one number of callers, in one round or as the median of all. */
export type Cell = {
  readonly target: TargetName;
  readonly callers: number;
  readonly requestsPerSecond: number;
  /** Latencies are undefined when no request succeeded. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** Undefined where the system does not tell. */
  readonly cpuMicrosecondsPerRequest: number | undefined;
  readonly residentBytes: number | undefined;
};

export type Ratios = {
  /** Best throughput of the gateway over the best of Portkey, each at the callers that suit it. */
  readonly overPortkey: number | undefined;
  /** Best throughput of the gateway over the best of the bare proxy. */
  readonly overBareProxy: number | undefined;
  readonly overBareProxyByCallers: readonly { readonly callers: number; readonly ratio: number }[];
  /** Median latency at one caller, minus that of the mock without anything before it. */
  readonly addedP50Ms: number | undefined;
  /** The gateway's largest resident memory in any cell. */
  readonly peakResidentBytes: number | undefined;
};

/** The median of each figure over the rounds, for every server and number of callers, in the order of appearance. */
export function mediansOf(rounds: readonly Cell[]): Cell[] {
  const groups = Map.groupBy(rounds, (cell) => `${cell.target} ${cell.callers}`);
  return [...groups.values()].flatMap((cells) => {
    const [first] = cells;
    if (first === undefined) return [];
    const median = (figure: (cell: Cell) => number | undefined) => medianOf(cells.map(figure));
    return {
      target: first.target,
      callers: first.callers,
      requestsPerSecond: median((cell) => cell.requestsPerSecond) ?? 0,
      p50Ms: median((cell) => cell.p50Ms),
      p99Ms: median((cell) => cell.p99Ms),
      cpuMicrosecondsPerRequest: median((cell) => cell.cpuMicrosecondsPerRequest),
      residentBytes: median((cell) => cell.residentBytes),
    };
  });
}

/** Undefined when there is no value or any is unknown. The mean of the middle two when their number is even. */
export function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  if (known.length === 0 || known.length < values.length) return undefined;
  const lower = known[Math.floor((known.length - 1) / 2)];
  const upper = known[Math.ceil((known.length - 1) / 2)];
  return lower === undefined || upper === undefined ? undefined : (lower + upper) / 2;
}

/** @param medians as `mediansOf` gives them. @param rounds all cells, for the memory peak. */
export function ratiosOf(medians: readonly Cell[], rounds: readonly Cell[]): Ratios {
  const at = (target: TargetName, callers: number) =>
    medians.find((cell) => cell.target === target && cell.callers === callers);
  const best = (target: TargetName) => {
    const rates = medians.filter((cell) => cell.target === target).map((cell) => cell.requestsPerSecond);
    return rates.length === 0 ? undefined : Math.max(...rates);
  };
  const gateway = medians.filter((cell) => cell.target === "gateway");
  const resident = rounds.filter((cell) => cell.target === "gateway").map((cell) => cell.residentBytes);
  const known = resident.filter((bytes) => bytes !== undefined);
  return {
    overPortkey: ratio(best("gateway"), best("portkey")),
    overBareProxy: ratio(best("gateway"), best("bare")),
    overBareProxyByCallers: gateway.flatMap(({ callers, requestsPerSecond }) => {
      const value = ratio(requestsPerSecond, at("bare", callers)?.requestsPerSecond);
      return value === undefined ? [] : [{ callers, ratio: value }];
    }),
    addedP50Ms: difference(at("gateway", 1)?.p50Ms, at("direct", 1)?.p50Ms),
    peakResidentBytes: known.length === 0 ? undefined : Math.max(...known),
  };
}

/** The targets this product has set itself. */
const leastOverPortkey = 8;
const leastOverBareProxy = 0.4;
const mostAddedP50Ms = 0.65;
const mostResidentBytes = 150e6;

export function verdictsOf(ratios: Ratios): Verdict[] {
  const { overPortkey, overBareProxy, addedP50Ms, peakResidentBytes } = ratios;
  return [
    judge({
      target: `best throughput at least ${leastOverPortkey} times Portkey's`,
      value: overPortkey,
      show: (value) => `${formatNumber(value, 1)} times`,
      met: (value) => value >= leastOverPortkey,
    }),
    judge({
      target: `best throughput at least ${formatPercent(leastOverBareProxy)} of the bare proxy's`,
      value: overBareProxy,
      show: formatPercent,
      met: (value) => value >= leastOverBareProxy,
    }),
    judge({
      target: `at most ${mostAddedP50Ms} ms added to p50 at one caller`,
      value: addedP50Ms,
      show: (value) => `${formatNumber(value, 2)} ms`,
      met: (value) => value <= mostAddedP50Ms,
    }),
    judge({
      target: `less than ${formatMegabytes(mostResidentBytes)} MB of memory`,
      value: peakResidentBytes,
      show: (value) => `${formatMegabytes(value)} MB`,
      met: (value) => value < mostResidentBytes,
    }),
  ];
}

/** The whole report as Markdown. */
export function renderThroughput(medians: readonly Cell[], ratios: Ratios, verdicts: readonly Verdict[]): string {
  const table = renderTable<Cell>(
    [
      { title: "Server", value: (cell) => targetLabels[cell.target], align: "left" },
      { title: "Callers", value: (cell) => formatNumber(cell.callers), align: "right" },
      { title: "Requests/s", value: (cell) => formatNumber(cell.requestsPerSecond), align: "right" },
      { title: "p50 ms", value: (cell) => formatNumber(cell.p50Ms, 3), align: "right" },
      { title: "p99 ms", value: (cell) => formatNumber(cell.p99Ms, 3), align: "right" },
      { title: "CPU µs/request", value: (cell) => formatNumber(cell.cpuMicrosecondsPerRequest), align: "right" },
      { title: "Memory MB", value: (cell) => formatMegabytes(cell.residentBytes), align: "right" },
    ],
    medians,
  );
  const perCallers = ratios.overBareProxyByCallers.map(
    ({ callers, ratio: value }) => `${formatPercent(value)} at ${formatCallers(callers)}`,
  );
  const againstBare = perCallers.length === 0 ? [] : [`Of the bare proxy's throughput: ${perCallers.join(", ")}.`];
  return [table, ...againstBare, renderVerdicts(verdicts)].join("\n\n");
}

export function formatCallers(callers: number): string {
  return callers === 1 ? "1 caller" : `${formatNumber(callers)} callers`;
}

function formatPercent(share: number): string {
  return `${formatNumber(share * 100)}%`;
}

function ratio(over: number | undefined, under: number | undefined): number | undefined {
  return over === undefined || under === undefined || under === 0 ? undefined : over / under;
}

function difference(from: number | undefined, subtracted: number | undefined): number | undefined {
  return from === undefined || subtracted === undefined ? undefined : from - subtracted;
}
