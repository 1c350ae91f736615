import { expect, test } from "bun:test";
import fc from "fast-check";
import { streamStart, takePiece, type StreamRest } from "./event-stream.ts";

function read(pieces: readonly string[]): string[] {
  const found: string[] = [];
  let state: StreamRest = streamStart;
  for (const piece of pieces) {
    const next = takePiece(state, piece);
    found.push(...next.events.map(({ data }) => data));
    state = next;
  }
  return found;
}

const stream =
  ': keep-alive\n\nevent: a\ndata: {"x":1}\n\ndata: one\r\ndata: two\r\n\r\nid: 7\n\ndata:[DONE]\n\ndata: unfinished';

test("events are the same however their bytes are split", () => {
  const whole = ['{"x":1}', "one\ntwo", "[DONE]"];
  expect(read([stream])).toEqual(whole);
  const places = fc.uniqueArray(fc.integer({ min: 0, max: stream.length }), { maxLength: stream.length });
  fc.assert(
    fc.property(places, (cuts) => {
      const sorted = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      expect(read(sorted.slice(1).map((end, at) => stream.slice(sorted[at], end)))).toEqual(whole);
    }),
  );
});
