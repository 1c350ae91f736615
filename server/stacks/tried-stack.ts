// Which stack a rehearsal runs under: a version, the draft, or a policy that nobody has saved.

import { invalidBody } from "../contracts/control-problems.ts";
import { GatewayError } from "../contracts/errors.ts";
import { asId, type StackId, type WorkspaceId } from "../contracts/ids.ts";
import { policySchema, type StackPolicy } from "../contracts/policy.ts";
import { policyProblems } from "./checked-policy.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { findStack, stackVersion, type AnyStack, type StackServices } from "./edit-stacks.ts";
import type { ResolvedStack, StackDirectory } from "./stack.ts";

export type StackToTry = {
  /** Slug or id. */
  readonly stack?: string | undefined;
  readonly version: number | "draft" | "active";
  /** As a user wrote it; it may be wrong. */
  readonly policy?: unknown;
};

/** Versions start at 1: this one stands for what is not published. */
export const unpublished = 0;

const unsaved = { id: asId<StackId>("stk_unsaved"), slug: "unsaved" };

/**
 * The stack to try; undefined when nothing is named, so that the request's own applies.
 * @throws GatewayError routing_stack_not_found, not_found for an unknown version, invalid_request for a policy with
 * problems, conflict for a stack without an active version.
 */
export async function stackToTry(
  services: StackServices,
  workspaceId: WorkspaceId,
  { stack: name, version, policy: written }: StackToTry,
): Promise<ResolvedStack | undefined> {
  const found = name === undefined ? undefined : await findStack(services, workspaceId, name);
  if (written !== undefined) {
    const { id, slug } = found?.stack ?? unsaved;
    return tried({ id, slug, version: unpublished, policy: usable(written) });
  }
  return found && tried({ id: found.stack.id, slug: found.stack.slug, ...(await policyOf(services, found, version)) });
}

/** A directory that knows one stack. */
export function onlyStack(stack: ResolvedStack): StackDirectory {
  return { resolve: async () => stack };
}

function tried(stack: Omit<ResolvedStack, "source">): ResolvedStack {
  return { ...stack, policy: deepFreeze(stack.policy), source: "request" };
}

async function policyOf(
  services: StackServices,
  { kind, stack }: AnyStack,
  wanted: StackToTry["version"],
): Promise<Pick<ResolvedStack, "version" | "policy">> {
  if (kind === "managed") {
    if (wanted === "active" || wanted === stack.version) return { version: stack.version, policy: stack.policy };
    throw new GatewayError("not_found", `The managed stack \`${stack.slug}\` has version ${stack.version} only.`);
  }
  if (wanted === "draft") return { version: unpublished, policy: stack.draft };
  const number = wanted === "active" ? stack.activeVersion : wanted;
  if (number === undefined) {
    throw new GatewayError("conflict", `The stack \`${stack.slug}\` has no active version: try its draft.`);
  }
  const { version, policy } = await stackVersion(services, stack, number);
  return { version, policy };
}

function usable(written: unknown): StackPolicy {
  const problems = policyProblems(written);
  if (problems.length > 0) throw invalidBody(problems);
  return policySchema.parse(written);
}
