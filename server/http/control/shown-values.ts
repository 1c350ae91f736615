// How the control API writes times and absent values.

/** ISO 8601, UTC, with milliseconds. */
export function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

export function optionalTime(unixMs: number | undefined): string | null {
  return unixMs === undefined ? null : isoTime(unixMs);
}
