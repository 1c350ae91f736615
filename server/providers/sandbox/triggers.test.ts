import { describe, expect, test } from "bun:test";
import { readTriggers, sandboxTriggers, sandboxTriggerTable, withoutTriggers } from "./triggers.ts";

function read(text: string): { active: Record<string, number>; warnings: string[] } {
  const warnings: string[] = [];
  const active = readTriggers(text, { model: "m", attempt: 1 }, (sentence) => warnings.push(sentence));
  return { active: Object.fromEntries(active), warnings };
}

describe("readTriggers", () => {
  test("takes every trigger of the text with its number or its default", () => {
    expect(read("a [sandbox:slow=250] b [sandbox:error] c[sandbox:no_usage]")).toEqual({
      active: { slow: 250, error: 500, no_usage: 0 },
      warnings: [],
    });
  });

  test("moves a number into its range and says so", () => {
    const { active, warnings } = read("[sandbox:error=200]");
    expect(active).toEqual({ error: 500 });
    expect(warnings).toEqual(["[sandbox:error=200]: the number was moved to 500, the nearest one allowed"]);
  });

  test("warns of unknown names and of numbers where none belong", () => {
    expect(read("[sandbox:explode]").warnings).toEqual([
      "[sandbox:explode] is not a known sandbox trigger and was ignored",
    ]);
    expect(read("[sandbox:empty=3]")).toMatchObject({ active: { empty: 0 } });
    expect(read("[sandbox:empty=3]").warnings).toHaveLength(1);
  });

  test("leaves ordinary brackets alone", () => {
    expect(read("[sandbox] [sandbox:] sandbox:error [Sandbox:error]")).toEqual({ active: {}, warnings: [] });
  });

  test("stops after a bounded number of triggers", () => {
    const { warnings } = read("[sandbox:explode]".repeat(1_000));
    expect(warnings).toHaveLength(33);
  });
});

test("the question is what remains without the triggers", () => {
  expect(withoutTriggers("[sandbox:slow=5@first] Why  is [sandbox:cut]\nthe sky blue?")).toBe("Why is the sky blue?");
});

test("the table for the docs has one row for every trigger", () => {
  const rows = sandboxTriggerTable().split("\n").slice(2);
  expect(rows).toHaveLength(sandboxTriggers.length);
  for (const [at, trigger] of sandboxTriggers.entries()) expect(rows[at]).toContain(`\`[sandbox:${trigger.name}]\``);
  expect(rows.every((row) => row.split(" | ").length === 4)).toBe(true);
});

test("docs/sandbox.md shows the table as it is", async () => {
  const page = await Bun.file(new URL("../../../docs/sandbox.md", import.meta.url)).text();
  expect(page).toContain(`<!-- generated:sandbox-triggers -->\n\n${sandboxTriggerTable()}\n\n<!-- /generated -->`);
});
