import { describe, expect, test } from "bun:test";
import { OptionError, parseOptions } from "./options.ts";

describe("the benchmark's command line", () => {
  test("without options measures throughput of everything, five seconds a cell, over chat completions", () => {
    expect(parseOptions([])).toEqual({
      mode: { kind: "throughput" },
      only: undefined,
      protocol: "chat",
      secondsPerCell: 5,
      jsonFile: undefined,
      record: false,
      pinned: false,
    });
  });

  test("takes a quick run of two targets over responses", () => {
    const options = parseOptions([
      "--quick",
      "--only",
      "gateway,bare",
      "--protocol",
      "responses",
      "--json",
      "out.json",
    ]);
    expect(options).toMatchObject({ secondsPerCell: 1.5, protocol: "responses", jsonFile: "out.json" });
    expect(options).toHaveProperty("only", new Set(["gateway", "bare"]));
  });

  test("prefers --seconds to --quick", () => {
    expect(parseOptions(["--quick", "--seconds", "0.5"])).toMatchObject({ secondsPerCell: 0.5 });
  });

  test("takes the headroom run, with its number of requests", () => {
    expect(parseOptions(["--headroom"])).toMatchObject({ mode: { kind: "headroom", requests: 3_000 } });
    expect(parseOptions(["--headroom", "--requests", "50"])).toMatchObject({ mode: { requests: 50 } });
    expect(() => parseOptions(["--headroom", "--soak", "60"])).toThrow(OptionError);
    expect(() => parseOptions(["--headroom", "--requests", "few"])).toThrow(OptionError);
  });

  test("takes streams with their frames and pace, and a soak", () => {
    expect(parseOptions(["--streams", "512"])).toMatchObject({
      mode: { kind: "streams", streams: 512, frames: 300, paceMs: 20 },
    });
    expect(parseOptions(["--soak", "600"])).toMatchObject({ mode: { kind: "soak", seconds: 600 } });
  });

  test("takes the number of entries to verify", () => {
    expect(parseOptions(["--verify", "1000000"])).toMatchObject({ mode: { kind: "verify", entries: 1_000_000 } });
  });

  test("takes the run on the ledger alone", () => {
    expect(parseOptions(["--holds"])).toMatchObject({ mode: { kind: "holds" }, only: undefined });
  });

  test("gives help", () => {
    expect(parseOptions(["--help"])).toBe("help");
  });

  test.each([
    [["--only", "nginx"], /--only takes direct, bare, gateway, portkey/],
    [["--seconds", "soon"], /--seconds takes a number/],
    [["--streams", "1.5"], /--streams takes a whole number/],
    [["--streams", "8", "--soak", "60"], /one at a time/],
    [["--holds", "--soak", "60"], /one at a time/],
    [["--verify", "1000", "--soak", "60"], /one at a time/],
    [["--verify", "some"], /--verify takes/],
    [["--holds", "--only", "gateway"], /--holds starts no server/],
    [["--soak", "60", "--only", "bare,gateway"], /a soak takes one server/],
    [["--speed", "9"], /--speed/],
    [["gateway"], /gateway/],
  ])("refuses %p and says why", (commandLine, reason) => {
    expect(() => parseOptions(commandLine)).toThrow(OptionError);
    expect(() => parseOptions(commandLine)).toThrow(reason);
  });
});
