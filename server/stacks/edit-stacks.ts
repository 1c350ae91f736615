// Making and changing custom stacks. Drafts are edited, versions are published and never change, and one of them is
// active. Managed stacks are read and cloned here, never changed.

import { GatewayError, invalidField } from "../contracts/errors.ts";
import { asId, newId, type StackId, type WorkspaceId } from "../contracts/ids.ts";
import { policySchema, type StackPolicy } from "../contracts/policy.ts";
import { invalidBody } from "../contracts/control-problems.ts";
import { jsonOf } from "./policy-difference.ts";
import { policyProblems } from "./checked-policy.ts";
import type { ManagedStack } from "./managed.ts";
import type { CustomStack, StackChanges, StackRecords } from "./stack-records.ts";
import type { StackVersion } from "./stack.ts";

export type StackServices = {
  readonly records: StackRecords;
  readonly managed: readonly ManagedStack[];
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Called after every committed change. */
  readonly changed: () => void;
};

export type AnyStack =
  { readonly kind: "managed"; readonly stack: ManagedStack } | { readonly kind: "custom"; readonly stack: CustomStack };

/** Who changes a stack, and of what they know it to be. */
export type Edit = {
  /** Undefined when unknown. */
  readonly by?: string | undefined;
  /** The revision that they saw; absent: whatever it is. */
  readonly ifRevision?: number | undefined;
};

export type NewStack = Pick<Edit, "by"> & {
  readonly workspaceId: WorkspaceId;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
} & (
    | { readonly policy: StackPolicy }
    /** Slug or id of the stack whose active policy becomes the draft. */
    | { readonly cloneFrom: string }
  );

/**
 * A new stack with a draft and no published version.
 * @throws GatewayError conflict when the slug is taken or managed, routing_stack_not_found for an unknown source,
 * invalid_request for a contradictory policy.
 */
export async function createStack(services: StackServices, input: NewStack): Promise<CustomStack> {
  const { workspaceId, slug, name, description } = input;
  if (services.managed.some((stack) => stack.slug === slug)) {
    throw new GatewayError("conflict", `\`${slug}\` is the slug of a managed stack.`, { param: "slug" });
  }
  const source = "cloneFrom" in input ? await findStack(services, workspaceId, input.cloneFrom) : undefined;
  const draft = "policy" in input ? checked(input.policy) : await policyToClone(services, source);
  const at = services.now();
  const stack: CustomStack = {
    id: newId("stk"),
    workspaceId,
    slug,
    name,
    description,
    status: "active",
    draft,
    activeVersion: undefined,
    clonedFrom: source?.stack.slug,
    createdAt: at,
    updatedAt: at,
    revision: 1,
    updatedBy: input.by,
  };
  if (!(await services.records.insert(stack))) {
    throw new GatewayError("conflict", `The workspace already has a stack \`${slug}\`.`, { param: "slug" });
  }
  services.changed();
  return stack;
}

/** A managed or custom stack by slug or id. @throws GatewayError routing_stack_not_found */
export async function findStack(services: StackServices, workspaceId: WorkspaceId, name: string): Promise<AnyStack> {
  const managed = services.managed.find((stack) => stack.slug === name || stack.id === name);
  if (managed !== undefined) return { kind: "managed", stack: managed };
  return { kind: "custom", stack: await customStack(services, workspaceId, name) };
}

/**
 * Changes name, description or draft.
 * @throws GatewayError routing_stack_not_found, forbidden for a managed stack, conflict for an archived one and for one
 * that somebody else has changed, invalid_request for a contradictory policy.
 */
export async function editStack(
  services: StackServices,
  workspaceId: WorkspaceId,
  name: string,
  changes: Pick<StackChanges, "name" | "description" | "draft">,
  edit: Edit = {},
): Promise<CustomStack> {
  const stack = await editable(services, workspaceId, name);
  if (changes.draft !== undefined) checked(changes.draft);
  return save(services, stack, changes, edit);
}

/**
 * Publishes the draft as the next version, and makes it serve requests if `activate`.
 * @throws GatewayError like `editStack`
 */
export async function publishStack(
  services: StackServices,
  workspaceId: WorkspaceId,
  name: string,
  input: { readonly note: string; readonly activate: boolean },
  { by, ifRevision }: Edit = {},
): Promise<StackVersion> {
  const stack = await editable(services, workspaceId, name);
  const policy = checked(stack.draft);
  if (ifRevision !== undefined && ifRevision !== stack.revision) throw changedMeanwhile(stack);
  const version = await services.records.publish(
    stack.id,
    { ...input, policy },
    { at: services.now(), by, ifRevision },
  );
  if (version === undefined) throw changedMeanwhile(await customStack(services, workspaceId, stack.id));
  services.changed();
  return version;
}

/** Makes any published version the one that requests use. @throws GatewayError like `editStack`, not_found */
export async function activateVersion(
  services: StackServices,
  workspaceId: WorkspaceId,
  name: string,
  number: number,
  edit: Edit = {},
): Promise<CustomStack> {
  const stack = await editable(services, workspaceId, name);
  const version = await stackVersion(services, stack, number);
  return save(services, stack, { activeVersion: version.version }, edit);
}

/**
 * Takes a stack out of service or brings it back with the version it had. Requests that name an archived stack fail;
 * they never fall through to another.
 * @throws GatewayError routing_stack_not_found, forbidden for a managed stack
 */
export async function setStackStatus(
  services: StackServices,
  workspaceId: WorkspaceId,
  name: string,
  status: CustomStack["status"],
  edit: Edit = {},
): Promise<CustomStack> {
  const stack = await customStack(services, workspaceId, name);
  return save(services, stack, { status }, edit);
}

/** @throws GatewayError not_found */
export async function stackVersion(services: StackServices, stack: CustomStack, number: number): Promise<StackVersion> {
  const version = await services.records.findVersion(stack.id, number);
  if (version !== undefined) return version;
  throw new GatewayError("not_found", `The stack \`${stack.slug}\` has no version ${number}.`);
}

/**
 * The id to store when a key or workspace is given this stack.
 * @throws GatewayError invalid_request naming `stack` when requests could not use it.
 */
export async function assignableStackId(
  services: StackServices,
  workspaceId: WorkspaceId,
  slug: string,
): Promise<StackId> {
  const managed = services.managed.find((stack) => stack.slug === slug);
  if (managed !== undefined) return managed.id;
  const stack = await services.records.findBySlug(workspaceId, slug);
  if (stack === undefined) throw invalidField("stack", "the slug of a stack of this workspace or of a managed one");
  if (stack.status === "archived") throw invalidField("stack", "a stack that is not archived");
  if (stack.activeVersion === undefined) throw invalidField("stack", "a stack with an active version");
  return stack.id;
}

/** The custom stack by slug or id. @throws GatewayError routing_stack_not_found, forbidden for a managed one */
export async function customStack(
  services: StackServices,
  workspaceId: WorkspaceId,
  name: string,
): Promise<CustomStack> {
  if (services.managed.some((stack) => stack.slug === name || stack.id === name)) {
    throw new GatewayError("forbidden", `\`${name}\` is a managed stack: clone it to change it.`);
  }
  const stack = await findCustom(services, workspaceId, name);
  if (stack !== undefined) return stack;
  throw new GatewayError("routing_stack_not_found", `No stack of this workspace is called \`${name}\`.`);
}

/** An id holds an underscore and a slug cannot, so a name is never both. */
function findCustom(services: StackServices, workspaceId: WorkspaceId, name: string): Promise<CustomStack | undefined> {
  return name.startsWith("stk_")
    ? services.records.findById(workspaceId, asId<StackId>(name))
    : services.records.findBySlug(workspaceId, name);
}

async function editable(services: StackServices, workspaceId: WorkspaceId, name: string): Promise<CustomStack> {
  const stack = await customStack(services, workspaceId, name);
  if (stack.status === "active") return stack;
  throw new GatewayError("conflict", `The stack \`${stack.slug}\` is archived: restore it before changing it.`);
}

async function save(
  services: StackServices,
  stack: CustomStack,
  changes: StackChanges,
  { by, ifRevision }: Edit,
): Promise<CustomStack> {
  const updatedAt = services.now();
  const revision = await services.records.update(stack.id, changes, { at: updatedAt, by, ifRevision });
  if (revision === undefined) throw changedMeanwhile(await customStack(services, stack.workspaceId, stack.id));
  services.changed();
  return { ...stack, ...changes, updatedAt, updatedBy: by, revision };
}

/** Carries what the stack says now, so that an editor can show both sides. */
function changedMeanwhile(stack: CustomStack): GatewayError {
  const { name, description, draft, revision, updatedAt, updatedBy } = stack;
  const who = updatedBy === undefined ? "Somebody" : updatedBy;
  const at = new Date(updatedAt).toISOString();
  return new GatewayError("conflict", `${who} has changed the stack \`${stack.slug}\` meanwhile, at ${at}.`, {
    param: "if_revision",
    details: { revision, updated_at: at, updated_by: updatedBy ?? null, name, description, policy: jsonOf(draft) },
  });
}

/** The active policy of the source, or its draft while nothing is active. */
async function policyToClone(services: StackServices, source: AnyStack | undefined): Promise<StackPolicy> {
  if (source === undefined) return policySchema.parse({});
  if (source.kind === "managed") return source.stack.policy;
  const { activeVersion, draft } = source.stack;
  return activeVersion === undefined ? draft : (await stackVersion(services, source.stack, activeVersion)).policy;
}

function checked(policy: StackPolicy): StackPolicy {
  const problems = policyProblems(policy);
  if (problems.length > 0) throw invalidBody(problems);
  return policy;
}
