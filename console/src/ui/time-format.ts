// Times and spans as the console writes them.

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
/** Beyond this the date says more than a count of days. */
const relativeUpToMs = 7 * 86_400_000;
const justNowMs = 45_000;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "short" });
const dayFormat = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });
const exactFormat = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
  timeZoneName: "short",
});

/** `3 min. ago`, `in 2 hr.`, `just now`; a date when it is a week away. @param atMs @param nowMs Unix milliseconds */
export function relativeTime(atMs: number, nowMs: number): string {
  const distance = atMs - nowMs;
  const size = Math.abs(distance);
  if (size < justNowMs) return "just now";
  if (size > relativeUpToMs) return dayFormat.format(atMs);
  const [unit, length] = units.find(([, unitMs]) => size >= unitMs) ?? ["minute", 60_000];
  const count = Math.max(1, Math.round(size / length));
  return relative.format(distance < 0 ? -count : count, unit);
}

/** To the second, in the reader's zone. */
export function exactTime(atMs: number): string {
  return exactFormat.format(atMs);
}

/** `840 ms`, `1.24 s`, `3 min 20 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(2)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
