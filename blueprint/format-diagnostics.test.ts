import { describe, expect, test } from "bun:test";
import { countInWords, formatDiagnostics } from "./format-diagnostics.ts";
import { readBlueprint } from "./read-blueprint.ts";

const source = `spec: blueprint/v1
name: my-agent
agent:
  image: my-agent:latest
modles:
  default: { provider: antropic }
`;

describe("findings in a terminal", () => {
  test("say where, what, and the way out, with two lines around and a mark", () => {
    expect(formatDiagnostics(source, "astropods.yml", readBlueprint(source).diagnostics)).toBe(
      `astropods.yml:5:1: error: There is no key \`modles\` at the top of the file. [unknown-key]
  3 | agent:
  4 |   image: my-agent:latest
  5 | modles:
    | ^^^^^^
  6 |   default: { provider: antropic }
  Hint: Did you mean \`models\`?`,
    );
  });

  test("have their parts marked when there are colours", () => {
    const { diagnostics } = readBlueprint(source);
    const text = formatDiagnostics(source, "a.yml", diagnostics, { paint: (part, kind) => `<${kind}>${part}</>` });
    expect(text).toContain("<error>^^^^^^</>");
    expect(text).toContain("<strong>a.yml:5:1</>");
  });

  test("cannot be written by the file: signs that steer a terminal are left out", () => {
    const evil = 'spec: blueprint/v1\nname: my-agent\nagent:\n  image: "a"\n"\\e]0;x\\a\x1b[2Jmodels": 1\n';
    const { diagnostics } = readBlueprint(evil);
    expect(diagnostics.length).toBeGreaterThan(0);
    const shown = formatDiagnostics(evil, "a.yml", diagnostics).replaceAll("\n", "");
    expect(shown).not.toMatch(/\p{Cc}/u);
  });

  test("cut lines that are too long, and still mark something", () => {
    const long = `spec: blueprint/v1\nname: my-agent\nagent: { image: a }\nmodels: { ${"x".repeat(300)}: 1 }\n`;
    const { diagnostics } = readBlueprint(long);
    const lines = formatDiagnostics(long, "a.yml", diagnostics)
      .split("\n")
      .filter((line) => line.includes(" | "));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
    expect(lines.some((line) => line.includes("^"))).toBe(true);
  });

  test("are counted in words", () => {
    const { diagnostics } = readBlueprint("agent: { image: a, build: 1 }\nmeta: {}\n");
    expect(countInWords(diagnostics)).toMatch(/^\d errors and 1 warning$/);
    expect(countInWords([])).toBe("no errors");
  });
});
