// Between the slugs that the API speaks and the stack ids that keys and workspaces keep.

import { invalidField } from "../../contracts/errors.ts";
import type { StackId, WorkspaceId } from "../../contracts/ids.ts";
import { assignableStackId, type StackServices } from "../../stacks/edit-stacks.ts";

/** Slugs by id, managed stacks included; an id whose stack is gone is absent. One query however many ids. */
export async function stackSlugs(
  stacks: StackServices,
  workspaceId: WorkspaceId,
  ids: readonly (StackId | undefined)[],
): Promise<ReadonlyMap<StackId, string>> {
  const managed = new Map(stacks.managed.map((stack) => [stack.id, stack.slug]));
  const custom = new Set(ids.filter((id) => id !== undefined).filter((id) => !managed.has(id)));
  return new Map([...managed, ...(await stacks.records.slugs(workspaceId, [...custom]))]);
}

/** Also of a stack that is archived. @throws GatewayError invalid_request */
export async function anyStackId(stacks: StackServices, workspaceId: WorkspaceId, slug: string): Promise<StackId> {
  const managed = stacks.managed.find((stack) => stack.slug === slug);
  const id = managed?.id ?? (await stacks.records.findBySlug(workspaceId, slug))?.id;
  if (id === undefined) throw invalidField("stack", "the slug of a stack of this workspace or of a managed one");
  return id;
}

/** What to store for a slug that was sent; null means none of its own. @throws GatewayError invalid_request */
export async function assignedStack(
  stacks: StackServices,
  workspaceId: WorkspaceId,
  slug: string | null,
): Promise<StackId | undefined> {
  return slug === null ? undefined : assignableStackId(stacks, workspaceId, slug);
}
