// What a revision runs with, as it is stored: sealed, since it holds the values that people gave.

import { z } from "zod";
import { interfacesSchema } from "../contracts/agents-deployments.ts";
import type { DeploymentId } from "../contracts/ids.ts";
import { parseJson } from "../contracts/json.ts";
import type { Deployment, RevisionTemplate } from "./deployment.ts";
import { openValue, sealValue, type RandomBytes } from "./sealed-value.ts";

const storedSchema = z.strictObject({
  interfaces: interfacesSchema,
  variables: z.record(
    z.string(),
    z.union([z.strictObject({ value: z.string() }), z.strictObject({ ref: z.string() })]),
  ),
  models: z.record(z.string(), z.string()),
  schedules: z.record(z.string(), z.string()),
});
const generatedSchema = z.record(z.string(), z.string());

type Sealing = { readonly sealingKey: Uint8Array; readonly random: RandomBytes };

export function sealTemplate({ sealingKey, random }: Sealing, id: DeploymentId, template: RevisionTemplate): string {
  return sealValue(sealingKey, `${id}/template`, JSON.stringify(template), random);
}

/** Undefined once the deployment is gone: what it ran with is forgotten. */
export function openTemplate(
  { sealingKey }: Pick<Sealing, "sealingKey">,
  id: DeploymentId,
  sealed: string,
): RevisionTemplate | undefined {
  if (sealed === "") return undefined;
  return storedSchema.parse(parseJson(openValue(sealingKey, `${id}/template`, sealed)));
}

/** The names of the vault that it refers to. */
export function vaultNamesOf({ variables }: RevisionTemplate): string[] {
  return [...new Set(Object.values(variables).flatMap((given) => ("ref" in given ? [given.ref] : [])))].sort();
}

export function sealGenerated({ sealingKey, random }: Sealing, id: DeploymentId, values: ReadonlyMap<string, string>) {
  return sealValue(sealingKey, `${id}/generated`, JSON.stringify(Object.fromEntries(values)), random);
}

/** Empty before anything was generated. */
export function openGenerated(
  { sealingKey }: Pick<Sealing, "sealingKey">,
  { id, sealedValues }: Pick<Deployment, "id" | "sealedValues">,
): Map<string, string> {
  if (sealedValues === undefined) return new Map();
  const values = generatedSchema.parse(parseJson(openValue(sealingKey, `${id}/generated`, sealedValues)));
  return new Map(Object.entries(values));
}
