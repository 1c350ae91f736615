// When a cron expression comes next. Loaded at first use: servers without schedules do not need the library.

import { Cron } from "croner";

/**
 * The first time after `after` (Unix milliseconds) that the cron of five fields names, in UTC.
 * @returns undefined when it cannot be read, or never comes
 */
export function nextTime(cron: string, after: number): number | undefined {
  try {
    return new Cron(cron, { timezone: "UTC", mode: "5-part" }).nextRun(new Date(after))?.getTime();
  } catch {
    return undefined;
  }
}
