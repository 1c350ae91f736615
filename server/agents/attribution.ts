// Which agent a request came from. Requests carry a key and nothing else; what the key stands for is looked up when usage
// and traces are read.

import type { KeyId, WorkspaceId } from "../contracts/ids.ts";
import type { TraceAgent } from "../contracts/route-trace.ts";
import type { DeploymentLinks } from "./deployment-links.ts";
import type { KeyHolder, ManagedKeyRecords } from "./managed-key-records.ts";

export type AttributionServices = {
  readonly records: Pick<ManagedKeyRecords, "holders" | "keysOf">;
  readonly deployments: Pick<DeploymentLinks, "names" | "revisionServingAt">;
};

/** Keys that one filter looks for. */
const mostKeys = 1_000;

/** Whom these keys belong to, deployments by their names of now; plain API keys are missing. */
export async function holdersOf(
  { records, deployments }: AttributionServices,
  workspaceId: WorkspaceId,
  keyIds: readonly KeyId[],
): Promise<ReadonlyMap<KeyId, KeyHolder>> {
  const holders = await records.holders(workspaceId, [...new Set(keyIds)]);
  const ids = [...holders.values()].flatMap((holder) => (holder.kind === "deployment" ? [holder.deploymentId] : []));
  if (ids.length === 0) return holders;
  const names = await deployments.names(workspaceId, [...new Set(ids)]);
  return new Map([...holders].map(([id, holder]) => [id, renamed(holder, names)]));
}

function renamed(holder: KeyHolder, names: ReadonlyMap<string, string>): KeyHolder {
  return holder.kind === "deployment" ? { ...holder, name: names.get(holder.deploymentId) ?? holder.name } : holder;
}

/** @param at when the request arrived, in Unix milliseconds. @returns undefined for a plain API key */
export async function agentOfRequest(
  services: AttributionServices,
  workspaceId: WorkspaceId,
  keyId: KeyId,
  at: number,
): Promise<TraceAgent | undefined> {
  const holder = (await holdersOf(services, workspaceId, [keyId])).get(keyId);
  if (holder === undefined) return undefined;
  if (holder.kind === "development") return { kind: holder.kind, user: holder.email };
  const serving = await services.deployments.revisionServingAt(holder.deploymentId, at);
  return {
    kind: holder.kind,
    name: holder.agent,
    deployment: { id: holder.deploymentId, name: holder.name },
    ...(serving && { revision: serving.revision, build: serving.buildId }),
  };
}

/** The keys that requests of an agent, or of one of its deployments, came with; undefined when neither is asked for. */
export async function keysOfAgent(
  { records }: AttributionServices,
  workspaceId: WorkspaceId,
  { agent, deployment }: { readonly agent?: string | undefined; readonly deployment?: string | undefined },
): Promise<readonly KeyId[] | undefined> {
  if (agent === undefined && deployment === undefined) return undefined;
  return records.keysOf(workspaceId, { agent, deploymentId: deployment }, mostKeys);
}
