import { expect, test } from "bun:test";
import fc from "fast-check";
import { encodeEvent, EventParser, type ServerSentEvent } from "./events.ts";

function parse(bytes: Uint8Array, cuts: number[]): ServerSentEvent[] {
  const parser = new EventParser();
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((left, right) => left - right);
  return [...ends, bytes.length].flatMap((end, index) => parser.push(bytes.subarray(ends[index - 1] ?? 0, end)));
}

const line = fc.string({ unit: "binary" }).map((text) => text.replace(/[\r\n]/g, " "));
const event = fc.record(
  {
    event: line.filter((name) => name !== "" && !name.startsWith(" ")),
    data: fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n")),
  },
  { requiredKeys: ["data"] },
);

test("any split of the bytes gives back the events that were written", () => {
  fc.assert(
    fc.property(fc.array(event), fc.array(fc.nat()), (events, cuts) => {
      const bytes = Buffer.concat(events.map((one) => encodeEvent(one)));
      expect(parse(bytes, cuts)).toEqual(events);
    }),
  );
});

test("LF, CRLF and CR end lines alike, whatever the split", () => {
  fc.assert(
    fc.property(fc.constantFrom("\n", "\r\n", "\r"), fc.array(fc.nat()), (end, cuts) => {
      const text = ["event: a", "data: 1", "data: ä", "", "data: [DONE]", "", ""].join(end);
      const events = parse(new TextEncoder().encode(`${text}data: x\n\n`), cuts);
      expect(events).toEqual([{ event: "a", data: "1\nä" }, { data: "[DONE]" }, { data: "x" }]);
    }),
  );
});

test("comments, unknown fields and events without data are dropped", () => {
  const text = ": OPENROUTER PROCESSING\n\nid: 7\nretry: 5\n\nevent: only-a-name\n\ndata:no space\n: note\n\n";
  expect(parse(new TextEncoder().encode(text), [])).toEqual([{ data: "no space" }]);
});

test("an unfinished last event is not delivered", () => {
  expect(new EventParser().push(new TextEncoder().encode("data: 1\n\ndata: 2\n"))).toEqual([{ data: "1" }]);
});
