// The example tool's work, free of any framework.

/** The time in words, or what is wrong with the zone: the model reads either, and can try again. */
export function timeIn(timeZone: string, now: Date): { time: string } | { problem: string } {
  try {
    return { time: now.toLocaleString("en-GB", { timeZone, dateStyle: "full", timeStyle: "long" }) };
  } catch {
    return { problem: `"${timeZone}" is not a time zone. Use an IANA name such as "Europe/Paris".` };
  }
}
