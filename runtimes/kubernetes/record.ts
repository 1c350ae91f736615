// What of a project serves, written into the cluster when a roll-out has succeeded: the way back for the next one, also
// when the server that started it is gone.

import { z } from "zod";
import type { ClusterApi } from "./cluster-api.ts";
import { identity, objectName, revisionLabel } from "./names.ts";
import { secretObject } from "./observed.ts";
import { resources, type Kind, type Manifest } from "./resources.ts";

export type ServingRecord = {
  readonly number: number;
  /** Everything that lasts; environments are in secrets of their own. */
  readonly manifests: readonly Manifest[];
};

const kinds = z.custom<Kind>((value) => typeof value === "string" && Object.hasOwn(resources, value));
const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: kinds,
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});
const recordSchema = z.object({ number: z.number(), manifests: z.array(manifestSchema) });

export function recordName(project: string): string {
  return objectName(project, "serving");
}

/** Undefined when no revision has ever served. */
export async function readRecord(api: ClusterApi, project: string): Promise<ServingRecord | undefined> {
  const secret = secretObject.safeParse(await api.get("Secret", recordName(project)));
  const encoded = secret.data?.data["record"];
  if (encoded === undefined) return undefined;
  const body: unknown = await new Response(Buffer.from(encoded, "base64")).json().catch(() => undefined);
  return recordSchema.safeParse(body).data;
}

/** Secrets are named and not repeated: what they hold stands in the cluster once. */
export async function writeRecord(api: ClusterApi, project: string, record: ServingRecord): Promise<void> {
  const manifests = record.manifests.filter(({ kind }) => kind !== "Secret");
  const secret: Manifest & { type: string; data: Record<string, string> } = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: recordName(project),
      labels: { ...identity(project), [revisionLabel]: String(record.number) },
    },
    type: "Opaque",
    data: { record: Buffer.from(JSON.stringify({ number: record.number, manifests })).toString("base64") },
  };
  await api.apply(secret);
}

/** Names of the secrets that pods of these manifests start with. */
export function secretsUsed(manifests: readonly unknown[]): Set<string> {
  const names = [...JSON.stringify(manifests).matchAll(/"secretRef":\{"name":"([^"]+)"\}/g)];
  return new Set(names.flatMap(([, name]) => name ?? []));
}
