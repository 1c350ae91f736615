import { describe, expect, test } from "bun:test";
import { command, type Command } from "./command.ts";
import type { Catalogue } from "./help.ts";
import { Problem } from "./problem.ts";
import { readArguments } from "./program.ts";

const done = async () => undefined;
const listed: Command = command({ path: ["agent", "list"], summary: "List agents", run: done });
const logs = command({
  path: ["logs"],
  aliases: [["agent", "logs"]],
  summary: "Show logs",
  arguments: [{ name: "agent", summary: "Its name", optional: true }],
  options: {
    tail: { kind: "flag", short: "t", summary: "Go on" },
    var: { kind: "list", placeholder: "<KEY=value>", summary: "A value" },
    "no-browser": { kind: "flag", summary: "Open none" },
    "vars-file": { kind: "text", placeholder: "<file>", summary: "Values" },
    adapter: { kind: "list", placeholder: "<adapter>", choices: ["web", "slack"], summary: "How" },
  },
  run: done,
});
const start = command({
  path: ["project", "start"],
  aliases: [["project"], ["project", "project", "start"]],
  summary: "Start it",
  run: done,
});
const catalogue: Catalogue = {
  commands: [listed, logs, start],
  groups: [
    { path: ["agent"], aliases: ["agents"], summary: "Agents" },
    { path: ["project"], aliases: ["dev"], summary: "Projects" },
  ],
  sections: [{ title: "First", words: ["logs"] }],
};

function read(line: string) {
  return readArguments(catalogue, line === "" ? [] : line.split(" "));
}

function typed(line: string) {
  const reading = read(line);
  if (reading.kind === "text") throw new Error(reading.text);
  return reading;
}

function refusal(line: string): [string, string | undefined] {
  try {
    read(line);
  } catch (thrown) {
    if (thrown instanceof Problem) return [thrown.message, thrown.hint];
    throw thrown;
  }
  throw new Error(`"${line}" was read`);
}

describe("every spelling of a command leads to it", () => {
  test.each(["logs", "agent logs", "agents logs"])("ast %s", (line) => {
    expect(typed(line).command).toBe(logs);
  });
  test.each(["project start", "project", "dev", "dev start", "dev project start"])("ast %s", (line) => {
    expect(typed(line).command).toBe(start);
  });
});

describe("options", () => {
  test("are given in any order, short and long, before and behind arguments", () => {
    const { typed: given } = typed("logs -t --var A=1 support --var B= --vars-file=x.env --no-browser --server h:1");
    expect(given.optional("agent")).toBe("support");
    expect([given.flag("tail"), given.flag("no-browser"), given.text("vars-file")]).toEqual([true, true, "x.env"]);
    expect([given.list("var"), given.text("server")]).toEqual([["A=1", "B="], "h:1"]);
  });

  test("that are absent are absent", () => {
    const { typed: given } = typed("logs");
    expect([given.optional("agent"), given.flag("tail"), given.flag("no-browser"), given.text("vars-file")]).toEqual([
      undefined,
      false,
      false,
      undefined,
    ]);
    expect(given.list("var")).toEqual([]);
  });

  test("of a list are checked one by one", () => {
    expect(typed("logs --adapter web --adapter slack").typed.list("adapter")).toEqual(["web", "slack"]);
    expect(refusal("logs --adapter web --adapter mail")[0]).toContain("Allowed choices are web, slack");
  });

  test("of every command may stand before it", () => {
    expect(typed("--server https://one.example logs").typed.text("server")).toBe("https://one.example");
  });
});

describe("what is typed wrongly", () => {
  test.each([
    ["lgos", 'There is no command "ast lgos".', "Did you mean: ast logs"],
    ["agent lst", 'There is no command "ast agent lst".', "Did you mean: ast agent list"],
    ["list", 'There is no command "ast list".', "Did you mean: ast agent list"],
    ["dev strat", 'There is no command "ast project strat".', "Did you mean: ast project start"],
    ["frobnicate", 'There is no command "ast frobnicate".', "Those that there are: ast --help"],
    ["agent lgs --fast", 'There is no command "ast agent lgs".', "Did you mean: ast agent logs"],
    ["logs one two", '"two" is one word too many.', "See: ast logs --help"],
    ["logs --tial", "Unknown option '--tial'.", "Did you mean --tail?"],
    ["logs --var", "Option '--var <KEY=value>' argument missing.", "See: ast logs --help"],
  ])("ast %s", (line, message, hint) => {
    expect(refusal(line)).toEqual([message, hint]);
  });
});

function shown(line: string): string {
  const reading = read(line);
  return reading.kind === "text" ? reading.text : `ran ${reading.command.path.join(" ")}`;
}

describe("help", () => {
  test.each(["", "--help", "help", "-h"])("ast %s lists what there is", (line) => {
    expect(shown(line)).toContain("\nFirst\n  logs ");
    expect(shown(line)).toContain("\n  agent ");
  });

  test("of a command tells its arguments, options and spellings, and runs nothing", () => {
    for (const line of ["logs --help", "help logs", "agent logs -h", "help agent logs"]) {
      expect(shown(line)).toContain("  -t, --tail ");
      expect(shown(line)).toContain("Also: ast agent logs");
    }
  });

  test("of a group lists its commands under every spelling", () => {
    expect(shown("agent")).toContain("ast agent logs [agent]");
    expect(shown("agent")).toContain("Also: ast agents");
  });
});
