import { describe, expect, test } from "bun:test";
import { protocols, type Protocol, type StreamOrder } from "../prompt.ts";
import { streamScript } from "../servers/mock-answers.ts";
import { StreamCheck, type StreamFaults } from "./stream-check.ts";

const order: StreamOrder = { stream: 17, frames: 40, paceMs: 0 };
const encoder = new TextEncoder();

/** The pieces the mock upstream sends for a stream. */
function pieces(protocol: Protocol, ordered: StreamOrder = order): string[] {
  const script = streamScript(protocol, ordered);
  return [
    script.opening,
    ...Array.from({ length: ordered.frames }, (_, index) => script.frame(index)),
    script.closing(),
  ];
}

function check(protocol: Protocol, sent: readonly string[]): StreamFaults {
  const checked = new StreamCheck(protocol, order);
  for (const piece of sent) checked.push(encoder.encode(piece));
  return checked.finish();
}

const faultless: StreamFaults = { lost: 0, disordered: 0, altered: 0, badEndings: 0 };

for (const protocol of protocols) {
  describe(`a ${protocol} stream`, () => {
    test("relayed as it was sent has no fault", () => {
      expect(check(protocol, pieces(protocol))).toEqual(faultless);
    });

    test("cut into single bytes has no fault", () => {
      const checked = new StreamCheck(protocol, order);
      for (const byte of encoder.encode(pieces(protocol).join(""))) checked.push(Uint8Array.of(byte));
      expect(checked.finish()).toEqual(faultless);
    });

    test("that misses a frame in the middle lost one", () => {
      expect(check(protocol, pieces(protocol).toSpliced(10, 1))).toEqual({ ...faultless, lost: 1 });
    });

    test("that breaks off lost the rest and its terminal event", () => {
      expect(check(protocol, pieces(protocol).slice(0, 31))).toEqual({ ...faultless, lost: 10, badEndings: 1 });
    });

    test("that repeats a frame is out of order", () => {
      const sent = pieces(protocol);
      expect(check(protocol, sent.toSpliced(12, 0, sent[11] ?? ""))).toEqual({ ...faultless, disordered: 1 });
    });

    test("that carries another stream's frame altered one and lost one", () => {
      const foreign = pieces(protocol, { ...order, stream: 18 })[5] ?? "";
      expect(check(protocol, pieces(protocol).toSpliced(5, 1, foreign))).toEqual({ ...faultless, altered: 1, lost: 1 });
    });

    test("that ends twice has a bad ending", () => {
      const sent = pieces(protocol);
      expect(check(protocol, [...sent, sent.at(-1) ?? ""]).badEndings).toBe(1);
    });
  });
}
