// The values that a deployment is given: what was sent, what is kept of the revision before, what the vault holds.

import type { RequestedValue } from "../../blueprint/environment-request.ts";
import type { DeploymentTemplate, TemplateRequest } from "../contracts/agents-deployments.ts";
import type { WorkspaceId } from "../contracts/ids.ts";
import type { Vault } from "./deploy-services.ts";
import type { RevisionTemplate } from "./deployment.ts";

type TemplateVariables = DeploymentTemplate["variables"];
type StoredVariables = RevisionTemplate["variables"];

/** What was sent before what is kept; null takes away. Names that nothing asks for are left out. */
export function mergeVariables(
  given: TemplateRequest["variables"],
  before: StoredVariables | undefined,
  known: ReadonlySet<string>,
): TemplateVariables {
  const merged = new Map<string, TemplateVariables[string]>();
  for (const [name, stored] of Object.entries(before ?? {})) {
    if (known.has(name)) merged.set(name, "ref" in stored ? { ref: stored.ref } : { kept: true });
  }
  for (const [name, sent] of Object.entries(given ?? {})) {
    if (!known.has(name)) continue;
    if (sent === null) merged.delete(name);
    else merged.set(name, sent.ref === undefined ? { value: sent.value ?? "" } : { ref: sent.ref });
  }
  return Object.fromEntries(merged);
}

/** With the kept values filled in; one whose revision no longer has it is left out. */
export function filledIn(variables: TemplateVariables, before: StoredVariables | undefined): StoredVariables {
  const filled = Object.entries(variables).flatMap(([name, given]) => {
    if (!("kept" in given)) return [[name, given] as const];
    const stored = Object.hasOwn(before ?? {}, name) ? before?.[name] : undefined;
    return stored === undefined ? [] : [[name, stored] as const];
  });
  return Object.fromEntries(filled);
}

export type RevealedValues = {
  readonly values: ReadonlyMap<string, string>;
  /** Variables that refer to a name that the vault does not have. */
  readonly unknown: readonly { readonly variable: string; readonly ref: string }[];
};

/** The values themselves, those of the vault as they are now. */
export async function revealValues(
  vault: Vault,
  workspaceId: WorkspaceId,
  variables: StoredVariables,
): Promise<RevealedValues> {
  const entries = Object.entries(variables);
  const names = entries.flatMap(([, given]) => ("ref" in given ? [given.ref] : []));
  const revealed = await vault.reveal(workspaceId, [...new Set(names)]);
  const values = new Map<string, string>();
  const unknown: { variable: string; ref: string }[] = [];
  for (const [variable, given] of entries) {
    const value = "ref" in given ? revealed.get(given.ref) : given.value;
    if (value !== undefined) values.set(variable, value);
    else if ("ref" in given) unknown.push({ variable, ref: given.ref });
  }
  return { values, unknown };
}

/** Where a requested value comes from, for forms; null: from nowhere. */
export function originOf(
  requested: RequestedValue,
  variables: TemplateVariables,
): "value" | "ref" | "kept" | "default" | null {
  const given = Object.hasOwn(variables, requested.name) ? variables[requested.name] : undefined;
  if (given === undefined) return requested.default === undefined ? null : "default";
  if ("kept" in given) return "kept";
  return "ref" in given ? "ref" : "value";
}
