// What the stack domain asks of storage. server/storage/stack-store.ts implements it.

import type { StackId, WorkspaceId } from "../contracts/ids.ts";
import type { StackPolicy } from "../contracts/policy.ts";
import type { Stack, StackVersion } from "./stack.ts";

/** A custom stack as its editors see it. */
export type CustomStack = Stack & {
  readonly workspaceId: WorkspaceId;
  /** What the next published version will say; requests never see it. */
  readonly draft: StackPolicy;
  /** Rises with every change of name, description or draft. */
  readonly revision: number;
  /** Who made the last change, as they were called then; undefined when unknown. */
  readonly updatedBy: string | undefined;
};

export type StackChanges = Partial<Pick<CustomStack, "name" | "description" | "status" | "draft" | "activeVersion">>;

/** A change as it is written down. */
export type ChangeMark = {
  /** Unix milliseconds. */
  readonly at: number;
  /** Undefined when unknown. */
  readonly by: string | undefined;
  /** The change is made only while the stack has this revision; undefined: in any case. */
  readonly ifRevision: number | undefined;
};

export type StackRecords = {
  /** False, storing nothing, when the workspace has a stack of that slug. */
  insert(stack: CustomStack): Promise<boolean>;
  findBySlug(workspaceId: WorkspaceId, slug: string): Promise<CustomStack | undefined>;
  findById(workspaceId: WorkspaceId, id: StackId): Promise<CustomStack | undefined>;
  /** By slug, those after `after`, at most `limit`. */
  list(
    workspaceId: WorkspaceId,
    page: { readonly after: string | undefined; readonly limit: number },
  ): Promise<CustomStack[]>;
  /** Slugs of these stacks; ids that are unknown are absent from the answer. */
  slugs(workspaceId: WorkspaceId, ids: readonly StackId[]): Promise<Map<StackId, string>>;
  /** The stack's revision after the change; undefined, changing nothing, when it has another than `ifRevision`. */
  update(id: StackId, changes: StackChanges, mark: ChangeMark): Promise<number | undefined>;
  /**
   * Stores the next version, numbered one above the last, and makes it the active one if asked to. Undefined, storing
   * nothing, when the stack has another revision than `ifRevision`.
   */
  publish(
    id: StackId,
    version: { readonly policy: StackPolicy; readonly note: string; readonly activate: boolean },
    mark: ChangeMark,
  ): Promise<StackVersion | undefined>;
  findVersion(id: StackId, version: number): Promise<StackVersion | undefined>;
  /** Newest first, those before `before`, at most `limit`. */
  listVersions(
    id: StackId,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<StackVersion[]>;
};
