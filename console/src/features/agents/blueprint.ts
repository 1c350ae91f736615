// Blueprints, keys and variables as the agents' API tells them.

import type { z } from "zod";
import type { variablesSchema } from "../../../../server/contracts/agents-accounts.ts";
import type { managedKeySchema, managedKeysSchema } from "../../../../server/contracts/agents-keys.ts";
import type {
  blueprintSchema,
  blueprintsSchema,
  buildDetailSchema,
  buildSchema,
  buildsSchema,
} from "../../../../server/contracts/agents-registry.ts";

export type Blueprints = z.output<typeof blueprintsSchema>;
export type Blueprint = z.output<typeof blueprintSchema>;
export type Builds = z.output<typeof buildsSchema>;
export type Build = z.output<typeof buildSchema>;
export type BuildDetail = z.output<typeof buildDetailSchema>;
export type ManagedKeys = z.output<typeof managedKeysSchema>;
export type ManagedKey = z.output<typeof managedKeySchema>;
export type Variables = z.output<typeof variablesSchema>;
export type Variable = Variables["variables"][number];

/** @param account a workspace's id or slug */
export function blueprintsPath(account: string): string {
  return `/api/v1/agents/${encodeURIComponent(account)}`;
}

export function blueprintPath(account: string, name: string): string {
  return `${blueprintsPath(account)}/${encodeURIComponent(name)}`;
}

/** @param account a workspace's id or slug */
export function accountPath(account: string): string {
  return `/api/v1/accounts/${encodeURIComponent(account)}`;
}
