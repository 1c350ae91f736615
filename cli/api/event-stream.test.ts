import { expect, test } from "bun:test";
import fc from "fast-check";
import { readEvents, type ServerEvent } from "./event-stream.ts";

const text = [
  ": a comment\n\n",
  "event: ready\ndata: {}\n\n",
  'data: {"message":"zwölf € 🛰"}\n\n',
  "data: one\ndata: two\r\n\r\n",
  "event: heartbeat\n\n",
  "data:close\n\n",
  "data: cut off",
].join("");
const expected: ServerEvent[] = [
  { event: "ready", data: "{}" },
  { event: "message", data: '{"message":"zwölf € 🛰"}' },
  { event: "message", data: "one\ntwo" },
  { event: "message", data: "close" },
];

test("any split of the bytes gives the same events", async () => {
  const bytes = new TextEncoder().encode(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.slice(places[index], end));
      const split = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece);
          controller.close();
        },
      });
      expect(await Array.fromAsync(readEvents(split))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
