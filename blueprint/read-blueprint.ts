// Reads astropods.yml: all that is wrong with it, at its place and in the order of the file, and the blueprint when
// nothing is. Never throws, whatever the text.

import type { Blueprint } from "./blueprint.ts";
import { buildBlueprint } from "./build-blueprint.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { Findings } from "./findings.ts";
import { nameLike } from "./names.ts";
import type { RawMapping } from "./raw-values.ts";
import { checkComponents } from "./rules/component-rules.ts";
import { checkContainers } from "./rules/container-rules.ts";
import { checkInputs } from "./rules/input-rules.ts";
import { checkLists } from "./rules/list-rules.ts";
import { checkTop } from "./rules/top-rules.ts";
import { checkVariables } from "./rules/variable-rules.ts";
import { blueprintSchema } from "./schema.ts";
import { issuePaths, reportIssues } from "./schema-problems.ts";
import { withoutPaths } from "./without-paths.ts";
import { readYaml, type ReadText } from "./yaml-text.ts";

export type ReadBlueprint = {
  /** Undefined when there is an error among the diagnostics. */
  readonly blueprint: Blueprint | undefined;
  readonly diagnostics: readonly Diagnostic[];
};

export type ReadOptions = {
  /**
   * What the agent is called when the file does not say, such as the folder's name; anything goes. With it a file that
   * has an `agent` but no `name` or `spec` is read with a warning; without it that is an error.
   */
  readonly fallbackName?: string;
};

export function readBlueprint(source: string, options: ReadOptions = {}): ReadBlueprint {
  const findings = new Findings(source);
  const read = readYaml(source, findings);
  const blueprint = read === undefined ? undefined : check(read, options, findings);
  return { blueprint: findings.failed ? undefined : blueprint, diagnostics: findings.all() };
}

function check({ value, place }: ReadText, { fallbackName }: ReadOptions, findings: Findings): Blueprint | undefined {
  findings.locate(place);
  const root = fallbackName === undefined ? value : repaired(value, fallbackName, findings);
  const checked = blueprintSchema.safeParse(root);
  if (!checked.success) reportIssues(checked.error.issues, root, findings);
  checkTop(root, findings);
  checkContainers(root, findings);
  checkComponents(root, findings);
  checkInputs(root, findings);
  checkLists(root, findings);
  const sound = checked.success ? checked : soundPart(root, checked.error.issues);
  if (!sound.success) return undefined;
  const blueprint = buildBlueprint(sound.data, place);
  checkVariables(blueprint, findings);
  return checked.success ? blueprint : undefined;
}

/** What is left without the parts that the schema refuses, so that the rest is checked too. */
function soundPart(root: unknown, issues: Parameters<typeof issuePaths>[0]) {
  const placeholder = { spec: "blueprint/v1", name: "my-agent", agent: { image: "my-agent" } };
  return blueprintSchema.safeParse(withoutPaths(root, issuePaths(issues), placeholder));
}

function repaired(value: RawMapping, fallbackName: string, findings: Findings): RawMapping {
  if (!Object.hasOwn(value, "agent")) return value;
  const spec = "blueprint/v1";
  const name = nameLike(fallbackName);
  const missing = (key: "spec" | "name") => !Object.hasOwn(value, key);
  if (missing("spec")) {
    findings.warning({
      code: "spec-missing",
      path: [],
      message: `The file has no \`spec\`; it is read as \`${spec}\`.`,
      hint: `Add \`spec: ${spec}\` as its first line.`,
      aim: "value",
    });
  }
  if (missing("name")) {
    findings.warning({
      code: "name-missing",
      path: [],
      message: `The file has no \`name\`; the agent is called \`${name}\` after its folder.`,
      hint: `Add \`name: ${name}\`. Publishing the agent needs it.`,
      aim: "value",
    });
  }
  return { ...(missing("spec") ? { spec } : {}), ...(missing("name") ? { name } : {}), ...value };
}
