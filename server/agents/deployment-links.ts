// What the registry, the vault and the gateway keys ask about deployments, and the one thing that they tell them.
// server/storage/deployment-links-store.ts answers; whoever runs deployments listens.

import type { KeyId, WorkspaceId } from "../contracts/ids.ts";

/** A deployment as others name it. */
export type NamedDeployment = { readonly id: string; readonly name: string };

export type DeploymentLinks = {
  /** Build ids of this blueprint that deployments of any account serve now, those that are paused included. */
  servedBuilds(blueprintId: string): Promise<ReadonlySet<string>>;
  /** Build ids of this blueprint that deployments of any account run, or may be rolled back to. */
  keptBuilds(blueprintId: string): Promise<ReadonlySet<string>>;
  /** How many deployments run some build of each of these blueprints; those without one may be missing. */
  countDeployments(blueprintIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Deployments whose variables refer to these names of the account's vault; names without one may be missing. */
  usersOfVariables(
    workspaceId: WorkspaceId,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, readonly NamedDeployment[]>>;
  /** What these deployments are called now; those that are gone may be missing. */
  names(workspaceId: WorkspaceId, deploymentIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Which revision served at this moment (Unix milliseconds); undefined when none did. */
  revisionServingAt(
    deploymentId: string,
    at: number,
  ): Promise<{ readonly revision: number; readonly buildId: string } | undefined>;
  /** The deployment's key has a new secret: its containers need it. Does not wait for them. */
  keyRotated(deploymentId: string, keyId: KeyId): Promise<void>;
};

export type KeyRotationListener = (deploymentId: string, keyId: KeyId) => Promise<void>;

/** Tells whoever runs deployments that a key was rotated; nobody does on a server without a runtime. */
export class KeyRotations {
  #listener: KeyRotationListener | undefined;

  /** The one listener from now on. */
  listen(listener: KeyRotationListener): void {
    this.#listener = listener;
  }

  async tell(deploymentId: string, keyId: KeyId): Promise<void> {
    await this.#listener?.(deploymentId, keyId);
  }
}
