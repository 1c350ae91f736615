// The stacks that requests of the past ran under, by the id and version that their traces name.

import type { StackId, WorkspaceId } from "../contracts/ids.ts";
import { deepFreeze } from "./deep-freeze.ts";
import type { StackServices } from "./edit-stacks.ts";
import type { ResolvedStack } from "./stack.ts";

export type RecordedUnder = { readonly id: StackId | undefined; readonly version: number | undefined };

/** Most versions looked up for one question. */
const mostVersions = 200;

/** Gives the stack of a record; undefined where that version is no longer known, or not this workspace's. */
export async function stackOfRecord(
  services: StackServices,
  workspaceId: WorkspaceId,
  records: readonly RecordedUnder[],
): Promise<(record: RecordedUnder) => ResolvedStack | undefined> {
  const wanted = new Map(records.map((record) => [nameOf(record), record]));
  const found = new Map<string, ResolvedStack>();
  for (const [name, record] of [...wanted].slice(0, mostVersions)) {
    const stack = await lookUp(services, workspaceId, record);
    if (stack) found.set(name, stack);
  }
  return (record) => found.get(nameOf(record));
}

function nameOf({ id, version }: RecordedUnder): string {
  return `${id}@${version}`;
}

async function lookUp(
  { managed, records }: StackServices,
  workspaceId: WorkspaceId,
  { id, version }: RecordedUnder,
): Promise<ResolvedStack | undefined> {
  if (id === undefined || version === undefined) return undefined;
  const source = "request";
  const known = managed.find((stack) => stack.id === id);
  if (known)
    return known.version === version ? { id, slug: known.slug, version, policy: known.policy, source } : undefined;
  const stack = await records.findById(workspaceId, id);
  const published = stack && (await records.findVersion(stack.id, version));
  return published && { id, slug: stack.slug, version, policy: deepFreeze(published.policy), source };
}
