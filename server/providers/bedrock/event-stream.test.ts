// The framing of AWS's event streams: against frames of the published format, of aimock and of AWS's own test vectors.

import { describe, expect, test } from "bun:test";
import { encodeEventStreamMessage } from "@copilotkit/aimock";
import fc from "fast-check";
import type { ServerSentEvent } from "../../conversation/events.ts";
import { ProviderFailure } from "../provider.ts";
import { EventStreamParser } from "./event-stream.ts";
import { eventFrame, exceptionFrame, frame, sealed } from "./event-stream.test-kit.ts";

/** What comes out of these bytes, cut at these places, and the failure at the end of it, if there is one. */
function parse(bytes: Uint8Array, cuts: readonly number[] = []) {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  const parser = new EventStreamParser();
  const events: ServerSentEvent[] = [];
  try {
    for (const [index, place] of places.entries())
      for (const event of parser.push(bytes.subarray(places[index - 1] ?? 0, place))) events.push(event);
  } catch (thrown) {
    if (thrown instanceof ProviderFailure) return { events, failed: thrown.message };
    throw thrown;
  }
  return { events, failed: undefined };
}

const cuts = fc.array(fc.nat(), { maxLength: 40 });
const events = fc.array(fc.tuple(fc.stringMatching(/^[a-zA-Z]{1,20}$/), fc.jsonValue()), { maxLength: 6 });

describe("an event stream", () => {
  test("gives the same events however its bytes are split", () => {
    fc.assert(
      fc.property(events, cuts, (written, at) => {
        const bytes = Buffer.concat(written.map(([type, data]) => eventFrame(type, data)));
        const read = parse(bytes, at).events;
        expect(read).toEqual(written.map(([event, data]) => ({ event, data: JSON.stringify(data) })));
      }),
    );
  });

  test("fails at a wrong bit, after the frames before it and never with other events", () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.integer({ min: 0, max: 7 }), cuts, (written, place, bit, at) => {
        const frames = [...written.map(([type, data]) => eventFrame(type, data)), eventFrame("last", {})];
        const bytes = Buffer.concat(frames);
        const whole = parse(bytes).events;
        const hit = place % bytes.length;
        bytes[hit] = (bytes[hit] ?? 0) ^ (1 << bit);
        const { events: read, failed } = parse(bytes, at);
        const before = frames
          .map((_one, index) => Buffer.concat(frames.slice(0, index + 1)).length)
          .findIndex((end) => end > hit);
        expect(read).toEqual(whole.slice(0, before));
        expect(failed).toContain("the upstream's event stream is damaged");
      }),
    );
  });

  test("reads a long frame that comes byte by byte", () => {
    const text = "x".repeat(5_000);
    const bytes = eventFrame("long", { text });
    expect(parse(bytes, Array.from(bytes.keys())).events).toEqual([{ event: "long", data: JSON.stringify({ text }) }]);
  });

  test("reads frames as aimock writes them", () => {
    const bytes = encodeEventStreamMessage("contentBlockDelta", { delta: { text: "héllo" } });
    expect(parse(bytes).events).toEqual([{ event: "contentBlockDelta", data: '{"delta":{"text":"héllo"}}' }]);
  });

  test.each([
    ["00000010 00000000 05c248eb 7d98c8ff", ""],
    ["0000001d 00000000 fd528c5a 7b27666f6f273a27626172277d c3653936", "{'foo':'bar'}"],
    [
      "0000003d 00000020 07fd8396 0c636f6e74656e742d74797065070010 6170706c69636174696f6e2f6a736f6e 7b27666f6f273a27626172277d 8d9c08b1",
      "{'foo':'bar'}",
    ],
  ])("reads AWS's own vector %s", (hex, data) => {
    expect(parse(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toEqual({
      events: [{ event: "", data }],
      failed: undefined,
    });
  });

  test("skips headers that are no texts, of every type", () => {
    const others = [[0], [1], [2, 9], [3, 0, 9], [4, 0, 0, 0, 9], [5, ...Array<number>(8).fill(1)], [6, 0, 2, 7, 7]];
    const more = [
      [8, ...Array<number>(8).fill(1)],
      [9, ...Array<number>(16).fill(1)],
    ];
    const headers = [...others, ...more].map((value) => Buffer.from([1, 120, ...value]));
    const name = Buffer.from("\u000b:event-type\u0007\u0000\u0004last");
    expect(parse(sealed(Buffer.concat([...headers, name]), "{}")).events).toEqual([{ event: "last", data: "{}" }]);
  });

  test("tells exceptions and errors by their names", () => {
    const failed = frame({ ":message-type": "error", ":error-code": "InternalFailure", ":error-message": "No." }, "");
    expect(parse(Buffer.concat([exceptionFrame("throttlingException", "Slow down."), failed])).events).toEqual([
      { event: "throttlingException", data: '{"message":"Slow down."}' },
      { event: "InternalFailure", data: '{"message":"No."}' },
    ]);
  });

  test("refuses a frame that claims to be too long before it has come", () => {
    const prelude = sealed(Buffer.alloc(0), "").subarray(0, 12);
    prelude.writeUInt32BE(17 * 1024 * 1024, 0);
    prelude.writeUInt32BE(Bun.hash.crc32(prelude.subarray(0, 8)), 8);
    expect(parse(prelude).failed).toContain("exceeds the size limit");
  });

  test("refuses headers that are cut short or of an unknown type", () => {
    for (const bytes of [
      [200, 120],
      [1, 120],
      [1, 120, 7, 0],
      [1, 120, 7, 0, 9, 120],
      [1, 120, 77],
    ])
      expect(parse(sealed(Buffer.from(bytes), "{}")).failed).toContain("a header cannot be read");
  });
});
