import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { LogFrames, type LoggedLine } from "./log-frames.ts";

const encoder = new TextEncoder();

function frame(stream: 1 | 2, body: Uint8Array | string): Uint8Array {
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const whole = new Uint8Array(8 + bytes.length);
  whole[0] = stream;
  new DataView(whole.buffer).setUint32(4, bytes.length);
  whole.set(bytes, 8);
  return whole;
}

function readAll(chunks: readonly Uint8Array[]): LoggedLine[] {
  const frames = new LogFrames();
  return [...chunks.flatMap((chunk) => frames.take(chunk)), ...frames.end()];
}

const at = Date.parse("2026-01-02T03:04:05.678Z");
const stamp = "2026-01-02T03:04:05.678901234Z";

describe("the engine's log stream", () => {
  test("is lines of both streams with their times", () => {
    const bytes = [frame(1, `${stamp} hello\n`), frame(2, `${stamp} oh no\r\n`), frame(1, `${stamp} \n`)];
    expect(readAll(bytes)).toEqual([
      { at, stream: "stdout", text: "hello" },
      { at, stream: "stderr", text: "oh no" },
      { at, stream: "stdout", text: "" },
    ]);
  });

  test("gives several lines of one frame, and what has no line break at its end", () => {
    const lines = readAll([frame(1, `${stamp} one\n${stamp} two\n`), frame(1, `${stamp} cut off`)]);
    expect(lines.map(({ text }) => text)).toEqual(["one", "two", "cut off"]);
  });

  test("keeps a character whole that two pieces of a long line share", () => {
    const [first, second] = [encoder.encode("é").subarray(0, 1), encoder.encode("é").subarray(1)];
    const head = encoder.encode(`${stamp} `);
    const lines = readAll([
      frame(1, Buffer.concat([head, encoder.encode("caf"), first])),
      frame(1, Buffer.concat([head, second, encoder.encode("\n")])),
    ]);
    expect(lines.map(({ text }) => text).join("")).toBe("café");
  });

  test("hands out a long line in pieces of at most 16 KiB", () => {
    const lines = readAll([frame(1, `${stamp} ${"x".repeat(40_000)}\n`)]);
    expect(lines.map(({ text }) => text.length)).toEqual([16_384, 16_384, 40_000 - 2 * 16_384]);
  });

  test("refuses what is no log stream", () => {
    expect(() => readAll([new Uint8Array(16).fill(255)])).toThrow("cannot be read");
  });

  test("is the same at any split of the bytes", () => {
    const line = fc.record({
      stream: fc.constantFrom(1 as const, 2 as const),
      text: fc.string({ unit: "binary", maxLength: 40 }),
    });
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
        (lines, sizes) => {
          const bytes = Buffer.concat(lines.map(({ stream, text }) => frame(stream, `${stamp} ${text}\n`)));
          const chunks: Uint8Array[] = [];
          for (let from = 0; from < bytes.length;) {
            const size = sizes.next().value ?? 1;
            chunks.push(bytes.subarray(from, from + size));
            from += size;
          }
          expect(readAll(chunks)).toEqual(readAll([bytes]));
        },
      ),
    );
  });
});
