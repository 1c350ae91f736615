// Stacks: named, versioned policies. Managed ones come with the server, custom ones belong to a workspace.

import type { StackId, WorkspaceId } from "../contracts/ids.ts";
import type { StackPolicy } from "../contracts/policy.ts";

/** A stack as a request uses it: one version's policy, flat and frozen. */
export type ResolvedStack = {
  readonly id: StackId;
  readonly slug: string;
  readonly version: number;
  readonly policy: StackPolicy;
  /** Which level named it. */
  readonly source: "request" | "key" | "workspace" | "default";
};

export type Stack = {
  readonly id: StackId;
  /** Undefined for managed stacks. */
  readonly workspaceId: WorkspaceId | undefined;
  /** 1 to 63 lower-case letters, digits and hyphens; unique in the workspace and never a managed slug. */
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly status: "active" | "archived";
  /** The version that requests use; undefined until one is activated. */
  readonly activeVersion: number | undefined;
  /** Slug of the stack it was cloned from. */
  readonly clonedFrom: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** Published versions never change. Numbers start at 1 and rise by one. */
export type StackVersion = {
  readonly stackId: StackId;
  readonly version: number;
  readonly policy: StackPolicy;
  /** Unix milliseconds. */
  readonly publishedAt: number;
  readonly note: string;
  /** As they were called then; undefined when unknown. */
  readonly publishedBy: string | undefined;
};

/** What the request path asks of stacks; answers come from memory and follow changes within a second. */
export type StackDirectory = {
  /**
   * The stack for a request, by precedence request > key > workspace > managed default.
   * @throws GatewayError routing_stack_not_found or routing_stack_resolution_failed; never falls through.
   */
  resolve(from: {
    readonly workspaceId: WorkspaceId;
    readonly requestSlug: string | undefined;
    readonly keyStackId: StackId | undefined;
    readonly workspaceStackId: StackId | undefined;
  }): Promise<ResolvedStack>;
};
