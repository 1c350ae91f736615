// Puts together what is known of agents whether or not any is deployed: blueprints, the vault, gateway keys, and whose
// requests were whose.

import { randomBytes } from "node:crypto";
import { agentOfRequest } from "./agents/attribution.ts";
import { checkSpec } from "./agents/check-spec.ts";
import { KeyRotations } from "./agents/deployment-links.ts";
import type { AgentServices } from "./http/control/services.ts";
import type { KeyServices } from "./keys/manage-keys.ts";
import { deriveKey } from "./keys/master-secret.ts";
import { blueprintStore } from "./storage/blueprint-store.ts";
import type { OpenDatabase } from "./storage/database.ts";
import { deploymentLinksStore } from "./storage/deployment-links-store.ts";
import { managedKeyStore } from "./storage/managed-key-store.ts";
import { readmeImageStore } from "./storage/readme-image-store.ts";
import type { AgentOfKey } from "./storage/trace-store.ts";
import { variableStore } from "./storage/variable-store.ts";

export type RegistrySurroundings = {
  readonly master: Uint8Array;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly keys: KeyServices;
  /** `host/prefix` that images are pushed to; undefined: they stay in the engine of this machine. */
  readonly imageRegistry?: string | undefined;
  /** Whole Unix milliseconds. */
  readonly now: () => number;
};

export function wireRegistry(
  query: OpenDatabase["query"],
  { master, publicUrl, keys, imageRegistry, now }: RegistrySurroundings,
): AgentServices & { readonly agentOf: AgentOfKey } {
  const records = managedKeyStore(query);
  const keyRotations = new KeyRotations();
  const deployments = {
    ...deploymentLinksStore(query),
    keyRotated: (...rotation: Parameters<KeyRotations["tell"]>) => keyRotations.tell(...rotation),
  };
  const random = (count: number): Uint8Array => randomBytes(count);
  const attribution = { records, deployments };
  const baseUrl = `${publicUrl}/v1`;
  return {
    registry: { records: blueprintStore(query), checkSpec, deployments, now },
    readmeImages: readmeImageStore(query),
    imageRegistry,
    vault: { records: variableStore(query), sealingKey: deriveKey(master, "vault"), random, now },
    gatewayKeys: { keys, records, deployments, sealingKey: deriveKey(master, "managed-keys"), baseUrl },
    attribution,
    agentOf: (...request) => agentOfRequest(attribution, ...request),
    deployments,
    keyRotations,
  };
}
