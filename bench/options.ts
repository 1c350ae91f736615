// The command line of the benchmark: what it accepts, what absence means, and its help.

import { parseArgs } from "node:util";
import { protocols, type Protocol } from "./prompt.ts";
import { targetNames, type TargetName } from "./servers/targets.ts";

export type Options = {
  readonly mode:
    | { readonly kind: "throughput" }
    | { readonly kind: "streams"; readonly streams: number; readonly frames: number; readonly paceMs: number }
    | { readonly kind: "soak"; readonly seconds: number }
    | { readonly kind: "holds" }
    | { readonly kind: "verify"; readonly entries: number }
    | { readonly kind: "pages"; readonly requests: number }
    | { readonly kind: "headroom"; readonly requests: number };
  /** What to measure; undefined: what the mode measures by default. */
  readonly only: ReadonlySet<TargetName> | undefined;
  readonly protocol: Protocol;
  /** Measured seconds of one cell: one target at one number of callers. */
  readonly secondsPerCell: number;
  readonly jsonFile: string | undefined;
  readonly record: boolean;
  /** Whether the processes are kept on the cores that servers/placement.ts gives them. */
  readonly pinned: boolean;
};

export const helpText = `npm run bench -- [options]

  (no mode)            requests per second, latency, CPU and memory of the mock, a bare proxy, this gateway and Portkey
  --streams N          N concurrent paced streams: every frame checked
  --soak SECONDS       mixed load with 30% hang-ups: memory over time
  --holds              holds with their settles on the ledger alone: rate, latency and CPU
  --verify N           \`ledger verify\` over a generated ledger of N entries
  --pages N            the console's pages of traces and usage over N requests
  --headroom           a seeded mix of requests: what was held against what it cost
  --requests N         requests of the headroom run (default 3000)

  --only A,B           of ${targetNames.join(", ")}; a soak takes one (default gateway)
  --protocol NAME      ${protocols.join(" or ")} (default chat)
  --seconds S          measured seconds a cell (default 5)
  --quick              the same as --seconds 1.5
  --frames N           frames of each stream (default 300)
  --pace-ms N          milliseconds between two frames (default 20)
  --json FILE          writes everything measured to FILE
  --record             appends the run to bench/RESULTS.md
  --pinned             gives the server under test a core of its own, the mock and the load another
  --help               prints this

Exits with 1 when a request failed, a frame was lost or a target was missed; with 2 when the command line is wrong.
`;

export class OptionError extends Error {
  override readonly name = "OptionError";
}

/**
 * @returns "help" when help was asked for.
 * @throws OptionError that says what is wrong with the command line.
 */
export function parseOptions(commandLine: readonly string[]): Options | "help" {
  const values = readValues(commandLine);
  if (values.help === true) return "help";
  const mode = modeOf(values);
  const only = values.only === undefined ? undefined : new Set(values.only.split(",").map(targetName));
  if (mode.kind === "soak" && only !== undefined && only.size > 1) {
    throw new OptionError("a soak takes one server: name one with --only");
  }
  if (mode.kind === "holds" && only !== undefined)
    throw new OptionError("--holds starts no server, so --only has no use");
  return {
    mode,
    only,
    protocol: oneOf("--protocol", protocols, values.protocol ?? "chat"),
    secondsPerCell: numberBetween("--seconds", values.seconds ?? (values.quick === true ? "1.5" : "5"), 0.1, 3600),
    jsonFile: values.json,
    record: values.record === true,
    pinned: values.pinned === true,
  };
}

function modeOf(values: ReturnType<typeof readValues>): Options["mode"] {
  const runs = [values.streams, values.soak, values.holds, values.verify, values.pages, values.headroom].filter(
    (value) => value !== undefined,
  );
  if (runs.length > 1) {
    throw new OptionError(
      "--streams, --soak, --holds, --verify, --pages and --headroom are runs of their own; ask for one at a time",
    );
  }
  if (values.holds === true) return { kind: "holds" };
  if (values.verify !== undefined) {
    return { kind: "verify", entries: wholeNumber("--verify", values.verify, 100, 100_000_000) };
  }
  if (values.pages !== undefined) {
    return { kind: "pages", requests: wholeNumber("--pages", values.pages, 1_000, 100_000_000) };
  }
  if (values.headroom === true) {
    return { kind: "headroom", requests: wholeNumber("--requests", values.requests ?? "3000", 1, 1_000_000) };
  }
  if (values.soak !== undefined) return { kind: "soak", seconds: numberBetween("--soak", values.soak, 5, 86_400) };
  if (values.streams === undefined) return { kind: "throughput" };
  return {
    kind: "streams",
    streams: wholeNumber("--streams", values.streams, 1, 10_000),
    frames: wholeNumber("--frames", values.frames ?? "300", 1, 100_000),
    paceMs: wholeNumber("--pace-ms", values["pace-ms"] ?? "20", 0, 10_000),
  };
}

function readValues(commandLine: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const options = {
      streams: text,
      soak: text,
      holds: flag,
      verify: text,
      pages: text,
      headroom: flag,
      requests: text,
      only: text,
      protocol: text,
      seconds: text,
      quick: flag,
      frames: text,
      "pace-ms": text,
      json: text,
      record: flag,
      pinned: flag,
      help: flag,
    };
    return parseArgs({ args: [...commandLine], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function targetName(text: string): TargetName {
  return oneOf("--only", targetNames, text.trim());
}

function oneOf<Name extends string>(option: string, names: readonly Name[], text: string): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new OptionError(`${option} takes ${names.join(", ")}; "${text}" is none of them`);
  return found;
}

function numberBetween(option: string, text: string, least: number, most: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= least && value <= most)) throw new OptionError(`${option} takes a number from ${least} to ${most}`);
  return value;
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = numberBetween(option, text, least, most);
  if (!Number.isInteger(value)) throw new OptionError(`${option} takes a whole number`);
  return value;
}
