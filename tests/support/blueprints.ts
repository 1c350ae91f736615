// Blueprints for tests, out of the part of the file that matters to them.

import type { Blueprint } from "../../blueprint/blueprint.ts";
import { formatDiagnostics } from "../../blueprint/format-diagnostics.ts";
import { readBlueprint } from "../../blueprint/read-blueprint.ts";

/** The blueprint of a text to which version, name and an agent's image are added when it has none. */
export function blueprintOf(text: string): Blueprint {
  const head = `spec: blueprint/v1\nname: my-agent\n${/^agent:/m.test(text) ? "" : "agent: { image: my-agent:latest }\n"}`;
  const source = /^spec:/m.test(text) ? text : head + text;
  const { blueprint, diagnostics } = readBlueprint(source);
  if (blueprint === undefined) throw new Error(formatDiagnostics(source, "astropods.yml", diagnostics));
  return blueprint;
}
