// docs/reference/managed-stacks.md: what each managed stack is for and what it sets beyond the defaults.

import { isObject, parseObject, type Json, type JsonObject } from "../../server/contracts/json.ts";
import { policySchema } from "../../server/contracts/policy.ts";
import { managedStacks, type ManagedStack } from "../../server/stacks/managed.ts";
import { code, pageHead, table } from "./markdown.ts";

export function managedStacksPage(): string {
  const head = pageHead("Managed stacks", "server/stacks/managed.ts", introduction);
  return [head, ...managedStacks.map(stackSection)].join("\n");
}

/** The stacks at a glance. */
export function managedStackTable(): string {
  return table(
    ["Slug", "What it is"],
    managedStacks.map(({ slug, description }) => [code(slug), description]),
  );
}

function stackSection({ slug, version, description, policy }: ManagedStack): string {
  const rows = differences(asObject(policySchema.parse({})), asObject(policy)).map(([path, value]) => [
    code(path),
    code(JSON.stringify(value)),
  ]);
  const settings = rows.length === 0 ? "It is the default policy." : table(["Field", "Value"], rows);
  return `## ${code(slug)}\n\nVersion ${version}. ${description}\n\n${settings}\n`;
}

/** Fields whose value is not the default, as dotted paths. Lists differ as a whole. */
function differences(defaults: JsonObject, policy: JsonObject, prefix = ""): [path: string, value: Json][] {
  return Object.entries(policy).flatMap(([name, value = null]): [string, Json][] => {
    const preset = defaults[name];
    if (isObject(value) && isObject(preset)) return differences(preset, value, `${prefix}${name}.`);
    return JSON.stringify(value) === JSON.stringify(preset) ? [] : [[`${prefix}${name}`, value]];
  });
}

function asObject(policy: unknown): JsonObject {
  return parseObject(JSON.stringify(policy)) ?? {};
}

const introduction = `They come with the server, are the same in every workspace, and can be cloned but not changed. The tables show what
each sets beyond the [default policy](stack-policy.md).`;
