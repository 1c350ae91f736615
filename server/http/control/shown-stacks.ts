// Stacks as the control API shows them, managed and custom in one shape and one list.

import type { WorkspaceId } from "../../contracts/ids.ts";
import type { AnyStack, StackServices } from "../../stacks/edit-stacks.ts";
import { explainPolicy } from "../../stacks/explain-policy.ts";
import type { StackVersion } from "../../stacks/stack.ts";
import { isoTime } from "./shown-values.ts";

export function headlineOf({ kind, stack }: AnyStack) {
  const shared = {
    object: "stack" as const,
    id: stack.id,
    slug: stack.slug,
    name: stack.name,
    description: stack.description,
    kind,
  };
  if (!("draft" in stack)) {
    const unchanging = {
      status: "active" as const,
      cloned_from: null,
      created_at: null,
      updated_at: null,
      updated_by: null,
      revision: null,
    };
    return { ...shared, ...unchanging, active_version: stack.version };
  }
  return {
    ...shared,
    status: stack.status,
    active_version: stack.activeVersion ?? null,
    cloned_from: stack.clonedFrom ?? null,
    created_at: isoTime(stack.createdAt),
    updated_at: isoTime(stack.updatedAt),
    updated_by: stack.updatedBy ?? null,
    revision: stack.revision,
  };
}

/** With the policy: of a custom stack the draft, of a managed one what is in force. */
export function describeStack(shown: AnyStack) {
  const policy = shown.kind === "managed" ? shown.stack.policy : shown.stack.draft;
  return { ...headlineOf(shown), policy, explanation: explainPolicy(policy) };
}

export function describeVersion(version: StackVersion) {
  return { ...versionHeadlineOf(version), policy: version.policy };
}

export function versionHeadlineOf({ stackId, version, note, publishedAt, publishedBy }: StackVersion) {
  return {
    object: "stack_version" as const,
    stack_id: stackId,
    version,
    note,
    published_at: isoTime(publishedAt),
    published_by: publishedBy ?? null,
  };
}

/** Managed stacks, then custom ones. A cursor is `managed:<slug>` or `custom:<slug>`, the last one that was shown. */
export async function listAnyStacks(
  services: StackServices,
  workspaceId: WorkspaceId,
  cursor: string | undefined,
  limit: number,
): Promise<AnyStack[]> {
  const [kind, slug] = cursor?.split(":") ?? [];
  const firstManaged = services.managed.findIndex((stack) => stack.slug === slug) + 1;
  const managed = kind === "custom" ? [] : services.managed.slice(firstManaged, firstManaged + limit);
  const page = { after: kind === "custom" ? slug : undefined, limit: limit - managed.length };
  const custom = page.limit > 0 ? await services.records.list(workspaceId, page) : [];
  return [
    ...managed.map((stack) => ({ kind: "managed" as const, stack })),
    ...custom.map((stack) => ({ kind: "custom" as const, stack })),
  ];
}
