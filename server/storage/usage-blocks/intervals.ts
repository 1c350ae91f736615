// The hours, days or months of a series, by the calendar of UTC, and which of them a moment lies in.

import type { SeriesQuery } from "../../workspaces/usage-records.ts";
import type { Intervals } from "./add-up.ts";

const lengthMs = { hour: 3_600_000, day: 86_400_000 };

/** Of moments within the range only. The range begins and ends with an interval. */
export function intervalsOf({ interval, filter: { from, to } }: SeriesQuery): Intervals {
  if (interval === "month") return monthsOf(from, to);
  const length = lengthMs[interval];
  const starts = Array.from({ length: Math.ceil((to - from) / length) }, (_, place) => from + place * length);
  return { starts, placeOf: (ms) => Math.floor((ms - from) / length) };
}

function monthsOf(from: number, to: number): Intervals {
  const first = new Date(from);
  const starts: number[] = [];
  /** The month of each day. */
  const months: number[] = [];
  for (let day = from; day < to; day += lengthMs.day) {
    const date = new Date(day);
    const month = (date.getUTCFullYear() - first.getUTCFullYear()) * 12 + date.getUTCMonth() - first.getUTCMonth();
    if (month === starts.length) starts.push(day);
    months.push(month);
  }
  return { starts, placeOf: (ms) => months[Math.floor((ms - from) / lengthMs.day)] ?? 0 };
}
