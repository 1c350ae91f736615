// A container's log as the API sends it: each line with its time in front.

import type { LogLine } from "../runtime.ts";

export type TimedLine = LogLine & {
  /** Unix nanoseconds, which tell lines of the same millisecond apart. */
  readonly atNs: bigint;
};

/** Longer lines come in several pieces. */
const mostCharacters = 16 * 1024;
/** Longest text that is kept while a line break is waited for. */
const mostBuffered = 4 * mostCharacters;

/** The API does not tell standard output and error apart. */
export async function* logLines(body: ReadableStream<Uint8Array>, instance: string): AsyncGenerator<TimedLine> {
  const decoder = new TextDecoder();
  let rest = "";
  let at = 0n;
  let isStart = true;
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const read: { readonly atNs: bigint; readonly text: string } = isStart
        ? timed(line, at)
        : { atNs: at, text: line };
      at = read.atNs;
      isStart = true;
      yield* pieces(read.text, at, instance);
    }
    if (rest.length <= mostBuffered) continue;
    const read: { readonly atNs: bigint; readonly text: string } = isStart ? timed(rest, at) : { atNs: at, text: rest };
    at = read.atNs;
    isStart = false;
    rest = "";
    yield* pieces(read.text, at, instance);
  }
  const last = rest + decoder.decode();
  if (last === "") return;
  const read: { readonly atNs: bigint; readonly text: string } = isStart ? timed(last, at) : { atNs: at, text: last };
  yield* pieces(read.text, read.atNs, instance);
}

/** `2026-01-02T03:04:05.000000006Z text`; without a time, that of the line before. */
function timed(line: string, before: bigint): { readonly atNs: bigint; readonly text: string } {
  const [, whole, fraction = "", zone, text] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?(.*)$/s.exec(line) ?? [];
  if (whole === undefined || zone === undefined || text === undefined) return { atNs: before, text: line };
  const seconds = Date.parse(whole + zone) / 1000;
  return { atNs: BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0")), text };
}

function* pieces(text: string, atNs: bigint, instance: string): Generator<TimedLine> {
  const clean = text.endsWith("\r") ? text.slice(0, -1) : text;
  const at = Number(atNs / 1_000_000n);
  for (let start = 0; start === 0 || start < clean.length; start += mostCharacters) {
    yield { at, atNs, stream: "stdout", text: clean.slice(start, start + mostCharacters), instance };
  }
}
