import { describe, expect, test } from "bun:test";
import { addEntry, type EditableSection } from "./edit.ts";
import { readBlueprint } from "./read-blueprint.ts";

const file = `# My agent.
spec: blueprint/v1   # the version
name: my-agent

agent:
  image: "my-agent:latest"


models:      # what it thinks with
    # the cheap one
    fast:
        provider: gateway
        models: [claude-haiku-4-5]   # may grow
    # nothing below

knowledge: {}
integrations: { code: { provider: github } }
providers:
ingestion:
  one: { container: { image: one }, trigger: { type: manual } }`;

function added(source: string, section: EditableSection, name: string, value: Record<string, unknown>): string {
  const result = addEntry(source, { section, name, value });
  if (!result.ok) throw new Error(result.message);
  return result.text;
}

describe("an entry that is added", () => {
  test("leaves every other line as it stands", () => {
    const text = added(file, "models", "deep", { provider: "gateway", models: ["claude-opus-4-8"] });
    const before = file.split("\n");
    const after = text.split("\n");
    expect(after.filter((line) => !before.includes(line))).toEqual([
      "    deep:",
      "      provider: gateway",
      "      models:",
      "        - claude-opus-4-8",
    ]);
    expect(after.filter((line) => before.includes(line))).toEqual(before);
    expect(after.indexOf("    deep:")).toBe(before.indexOf("    # nothing below"));
  });

  test("finds its place in every shape of a section", () => {
    const steps = [
      ["knowledge", "cache", { provider: "redis" }],
      ["knowledge", "vectors", { provider: "qdrant" }],
      ["integrations", "more", { provider: "gitlab" }],
      [
        "providers",
        "my-jira",
        { scope: ["integrations"], variables: [{ name: "TOKEN", datatype: "string", secret: true }] },
      ],
      ["ingestion", "two", { container: { image: "two" }, trigger: { type: "startup" } }],
      ["inputs", "LOG_LEVEL", { name: "LOG_LEVEL", datatype: "string", default: "info", description: "a: b # c" }],
      ["integrations", "tickets", { provider: "my-jira" }],
    ] as const;
    const text = steps.reduce((source, [section, name, value]) => added(source, section, name, { ...value }), file);
    const { blueprint, diagnostics } = readBlueprint(text);
    expect(diagnostics).toEqual([]);
    expect(blueprint?.knowledge.map(({ name }) => name)).toEqual(["cache", "vectors"]);
    expect(blueprint?.integrations.map(({ name }) => name)).toEqual(["code", "more", "tickets"]);
    expect(blueprint?.ingestion.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(blueprint?.inputs).toMatchObject([{ name: "LOG_LEVEL", default: "info", description: "a: b # c" }]);
    for (const comment of [
      "# My agent.",
      "# the version",
      "# what it thinks with",
      "# the cheap one",
      "# may grow",
      "# nothing below",
    ]) {
      expect(text).toContain(comment);
    }
    expect(text.endsWith("\n")).toBe(true);
  });

  test("keeps the line breaks of Windows readable", () => {
    const source =
      "spec: blueprint/v1\r\nname: my-agent\r\nagent:\r\n  image: a\r\nmodels:\r\n  one: { provider: openai }\r\n";
    const { blueprint } = readBlueprint(added(source, "models", "two", { provider: "anthropic" }));
    expect(blueprint?.models.map(({ name }) => name)).toEqual(["one", "two"]);
  });

  test("is refused when its name is taken, and where the file has another shape", () => {
    const again = addEntry(file, { section: "models", name: "fast", value: {} });
    expect(again).toMatchObject({ ok: false, message: "`models` has an entry `fast` already." });
    const refused = (source: string) => addEntry(source, { section: "models", name: "x", value: {} }).ok;
    expect(refused("{ spec: a, name: b }")).toBe(false);
    expect(refused("models: [a]")).toBe(false);
    expect(refused("- a")).toBe(false);
    expect(refused("a: 'b")).toBe(false);
  });
});
