// What the hold run says: medians over its rounds, and whether the targets are met.

import { formatNumber, renderTable } from "./table.ts";
import { medianOf } from "./throughput-report.ts";
import { judge, renderVerdicts, type Verdict } from "./verdict.ts";

export const holdSetups = ["sqlite", "row-by-row", "postgres", "postgres-two-of-32", "postgres-two-of-64"] as const;
export type HoldSetup = (typeof holdSetups)[number];

export const setupLabels: { readonly [Setup in HoldSetup]: string } = {
  sqlite: "SQLite, 64 callers",
  "row-by-row": "Postgres row by row, 64 callers",
  postgres: "Postgres, 64 callers",
  "postgres-two-of-32": "Postgres, two processes of 32",
  "postgres-two-of-64": "Postgres, two processes of 64",
};

/** One setup in one round, or the median of all. Of several processes: their rates summed, the slowest's latencies. */
export type HoldCell = {
  readonly setup: HoldSetup;
  readonly pairsPerSecond: number;
  readonly holdP50Ms: number | undefined;
  readonly holdP99Ms: number | undefined;
  readonly pairP50Ms: number | undefined;
  readonly pairP99Ms: number | undefined;
  /** Of the ledger's own processes; a database server's time is not in it. */
  readonly cpuMicrosecondsPerPair: number;
};

/** The median of each figure over the rounds, in the order of `holdSetups`. */
export function holdMediansOf(rounds: readonly HoldCell[]): HoldCell[] {
  return holdSetups.flatMap((setup) => {
    const cells = rounds.filter((cell) => cell.setup === setup);
    if (cells.length === 0) return [];
    const median = (figure: (cell: HoldCell) => number | undefined) => medianOf(cells.map(figure));
    return {
      setup,
      pairsPerSecond: median((cell) => cell.pairsPerSecond) ?? 0,
      holdP50Ms: median((cell) => cell.holdP50Ms),
      holdP99Ms: median((cell) => cell.holdP99Ms),
      pairP50Ms: median((cell) => cell.pairP50Ms),
      pairP99Ms: median((cell) => cell.pairP99Ms),
      cpuMicrosecondsPerPair: median((cell) => cell.cpuMicrosecondsPerPair) ?? Number.NaN,
    };
  });
}

const leastSqlitePairs = 15_000;
const mostSqliteP99Ms = 20;
const leastOverRowByRow = 5;
/** Two processes share the machine with the database; less than this apart is chance. */
const leastOfTwoProcesses = 0.95;

export function holdVerdictsOf(medians: readonly HoldCell[]): Verdict[] {
  const of = (setup: HoldSetup) => medians.find((cell) => cell.setup === setup);
  const ratio = (over: HoldSetup, under: HoldSetup): number | undefined => {
    const rates = [of(over)?.pairsPerSecond, of(under)?.pairsPerSecond];
    return rates[0] === undefined || rates[1] === undefined ? undefined : rates[0] / rates[1];
  };
  return [
    judge({
      target: `SQLite: at least ${formatNumber(leastSqlitePairs)} pairs a second`,
      value: of("sqlite")?.pairsPerSecond,
      show: (value) => formatNumber(value),
      met: (value) => value >= leastSqlitePairs,
    }),
    judge({
      target: `SQLite: 99% of pairs within ${mostSqliteP99Ms} ms`,
      value: of("sqlite")?.pairP99Ms,
      show: (value) => `${formatNumber(value, 1)} ms`,
      met: (value) => value <= mostSqliteP99Ms,
    }),
    judge({
      target: `Postgres: at least ${leastOverRowByRow} times the pairs of the row-by-row design`,
      value: ratio("postgres", "row-by-row"),
      show: (value) => `${formatNumber(value, 1)} times`,
      met: (value) => value >= leastOverRowByRow,
    }),
    judge({
      target: `Postgres: a second process with 64 callers of its own leaves at least ${leastOfTwoProcesses} times the pairs of one`,
      value: ratio("postgres-two-of-64", "postgres"),
      show: (value) => `${formatNumber(value, 2)} times`,
      met: (value) => value >= leastOfTwoProcesses,
    }),
  ];
}

export function renderHolds(medians: readonly HoldCell[], verdicts: readonly Verdict[]): string {
  const table = renderTable<HoldCell>(
    [
      { title: "Ledger", value: (cell) => setupLabels[cell.setup], align: "left" },
      { title: "Pairs/s", value: (cell) => formatNumber(cell.pairsPerSecond), align: "right" },
      { title: "Hold p50 ms", value: (cell) => formatNumber(cell.holdP50Ms, 2), align: "right" },
      { title: "p99 ms", value: (cell) => formatNumber(cell.holdP99Ms, 2), align: "right" },
      { title: "Pair p50 ms", value: (cell) => formatNumber(cell.pairP50Ms, 2), align: "right" },
      { title: "p99 ms", value: (cell) => formatNumber(cell.pairP99Ms, 2), align: "right" },
      { title: "CPU µs/pair", value: (cell) => formatNumber(cell.cpuMicrosecondsPerPair), align: "right" },
    ],
    medians,
  );
  return [table, renderVerdicts(verdicts)].join("\n\n");
}
