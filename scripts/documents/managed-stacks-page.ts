// docs/reference/managed-stacks.md: what each managed stack is for and what it sets beyond the defaults.

import { policySchema } from "../../server/contracts/policy.ts";
import { explainPolicy } from "../../server/stacks/explain-policy.ts";
import { managedStacks, type ManagedStack } from "../../server/stacks/managed.ts";
import { policyDifference } from "../../server/stacks/policy-difference.ts";
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
  const said = new Map(explainPolicy(policy).map(({ pointer, sentence }) => [pointer, sentence]));
  const rows = policyDifference(policySchema.parse({}), policy).map(({ pointer, after }) => [
    code(pointer.slice(1).replaceAll("/", ".")),
    code(JSON.stringify(after)),
    said.get(pointer) ?? "",
  ]);
  const settings = rows.length === 0 ? "It is the default policy." : table(["Field", "Value", "What it does"], rows);
  return `## ${code(slug)}\n\nVersion ${version}. ${description}\n\n${settings}\n`;
}

const introduction = `They come with the server, are the same in every workspace, and can be cloned but not changed. The tables show what
each sets beyond the [default policy](stack-policy.md).`;
