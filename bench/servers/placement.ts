// Which processor core each process runs on. The system decides, as it does in production; pinned on request, the server
// under test has one core for itself, and the mock upstream and the load generator share another, which takes chance out
// of the latency of one caller: where two processes that talk in turn land changes it by a factor of five.

import { readFileSync } from "node:fs";

export type Placement = {
  /** Put before the command of a server under test. Empty: placed by the system. */
  readonly server: readonly string[];
  /** Put before the commands of the mock upstream and the load generator. */
  readonly others: readonly string[];
  /** One clause for the report. */
  readonly description: string;
};

const unpinned: Placement = { server: [], others: [], description: "processes placed by the system" };

/** Pins where the system has `taskset` and two cores to use, unless told not to. */
export function choosePlacement(wanted: boolean): Placement {
  const taskset = Bun.which("taskset");
  return wanted && taskset !== null ? placementOn(taskset, allowedCores()) : unpinned;
}

/** @param cores the cores this process may use. */
export function placementOn(taskset: string, cores: readonly number[]): Placement {
  const [first, second] = cores;
  if (first === undefined || second === undefined) return unpinned;
  return {
    server: [taskset, "-c", String(first)],
    others: [taskset, "-c", String(second)],
    description: `server under test on core ${first}, upstream and load on core ${second}`,
  };
}

function allowedCores(): number[] {
  try {
    return parseAllowedCores(readFileSync("/proc/self/status", "utf8"));
  } catch {
    return [];
  }
}

/** @param status the text of /proc/PID/status, whose list of cores reads like `0-3,8`. */
export function parseAllowedCores(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "";
  return list.split(",").flatMap((range) => {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (first === undefined) return [];
    const from = Number(first);
    return Array.from({ length: Number(last ?? first) - from + 1 }, (_, index) => from + index);
  });
}
