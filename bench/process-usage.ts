// What a process has used so far, read from Linux's /proc. Elsewhere it is unknown, and unknown is printed as such.

import { readFileSync } from "node:fs";

export type ProcessUsage = {
  /** Processor time of all its threads, in user and kernel mode. */
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
};

/** /proc counts processor time in ticks of 10 ms on every Linux this runs on (USER_HZ is 100). */
const microsecondsPerTick = 10_000;
/** Fields of /proc/PID/stat, counted from the one after the command's name, as proc_pid_stat(5) numbers them minus 3. */
const userTimeField = 11;
const kernelTimeField = 12;

/** The usage of a process; undefined when it has ended or the system has no /proc. */
export function readProcessUsage(pid: number): ProcessUsage | undefined {
  try {
    return parseProcessUsage(readFileSync(`/proc/${pid}/stat`, "utf8"), readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return undefined;
  }
}

/** @param stat the text of /proc/PID/stat. @param status the text of /proc/PID/status. */
export function parseProcessUsage(stat: string, status: string): ProcessUsage | undefined {
  // The command's name stands in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[userTimeField]) + Number(fields[kernelTimeField]);
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (!Number.isFinite(ticks) || resident === null) return undefined;
  return { cpuMicroseconds: ticks * microsecondsPerTick, residentBytes: Number(resident[1]) * 1024 };
}
