// Under which policy? Resolves the stack of a request from memory. The policy of one version is one frozen object for as
// long as it is remembered, so that whatever plans with it can cache by identity.

import { LookupCache } from "../caching/lookup-cache.ts";
import { GatewayError } from "../contracts/errors.ts";
import type { StackId, WorkspaceId } from "../contracts/ids.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { defaultStackSlug, type ManagedStack } from "./managed.ts";
import type { CustomStack, StackRecords } from "./stack-records.ts";
import type { ResolvedStack, StackDirectory, StackVersion } from "./stack.ts";

type Question = Parameters<StackDirectory["resolve"]>[0];
type Named = Omit<ResolvedStack, "source">;

export type StackDirectoryOptions = {
  readonly records: Pick<StackRecords, "findBySlug" | "findById" | "findVersion">;
  /** Must hold `default-optimizer`. */
  readonly managed: readonly ManagedStack[];
  /** Unix milliseconds. */
  readonly now: () => number;
};

export class CachedStackDirectory implements StackDirectory {
  readonly #records: StackDirectoryOptions["records"];
  readonly #managedBySlug: ReadonlyMap<string, Named>;
  readonly #managedById: ReadonlyMap<string, Named>;
  readonly #default: Named;
  /** Which version serves: may change, so fresh for a second only. */
  readonly #stacks: LookupCache<CustomStack>;
  /** What a version says: never changes. */
  readonly #versions: LookupCache<StackVersion>;

  /** @throws Error when the managed default is missing. */
  constructor({ records, managed, now }: StackDirectoryOptions) {
    const named = managed.map(({ id, slug, version, policy }) => ({ id, slug, version, policy: deepFreeze(policy) }));
    this.#records = records;
    this.#managedBySlug = new Map(named.map((stack) => [stack.slug, stack]));
    this.#managedById = new Map(named.map((stack) => [stack.id, stack]));
    const fallback = this.#managedBySlug.get(defaultStackSlug);
    if (fallback === undefined) throw new Error(`The managed stack ${defaultStackSlug} is missing.`);
    this.#default = fallback;
    this.#stacks = new LookupCache({ maxPresent: 5_000, maxAbsent: 1_000, freshForMs: 1000, now });
    this.#versions = new LookupCache({ maxPresent: 5_000, maxAbsent: 1, freshForMs: Infinity, now });
  }

  async resolve(from: Question): Promise<ResolvedStack> {
    if (from.requestSlug !== undefined) {
      return { ...(await this.#bySlug(from.workspaceId, from.requestSlug)), source: "request" };
    }
    if (from.keyStackId !== undefined) {
      return { ...(await this.#byId(from.workspaceId, from.keyStackId)), source: "key" };
    }
    if (from.workspaceStackId !== undefined) {
      return { ...(await this.#byId(from.workspaceId, from.workspaceStackId)), source: "workspace" };
    }
    return { ...this.#default, source: "default" };
  }

  /** To be called after every change to a stack. Versions never change, so they are kept. */
  forget(): void {
    this.#stacks.clear();
  }

  async #bySlug(workspaceId: WorkspaceId, slug: string): Promise<Named> {
    const managed = this.#managedBySlug.get(slug);
    if (managed !== undefined) return managed;
    const stack = await reading(
      this.#stacks.get(`${workspaceId}/${slug}`, () => this.#records.findBySlug(workspaceId, slug)),
    );
    if (stack === undefined) {
      throw new GatewayError("routing_stack_not_found", `No stack of this workspace has the slug \`${slug}\`.`, {
        param: "metadata.astrolabe.stack",
      });
    }
    return this.#active(stack);
  }

  async #byId(workspaceId: WorkspaceId, id: StackId): Promise<Named> {
    const managed = this.#managedById.get(id);
    if (managed !== undefined) return managed;
    const stack = await reading(
      this.#stacks.get(`${workspaceId}/${id}`, () => this.#records.findById(workspaceId, id)),
    );
    if (stack === undefined) throw unusable(`The assigned stack ${id} no longer exists.`);
    return this.#active(stack);
  }

  async #active(stack: CustomStack): Promise<Named> {
    const { id, slug, status, activeVersion } = stack;
    if (status === "archived") throw unusable(`The stack \`${slug}\` is archived.`);
    if (activeVersion === undefined) throw unusable(`The stack \`${slug}\` has no active version.`);
    const version = await reading(this.#versions.get(`${id}@${activeVersion}`, () => this.#version(id, activeVersion)));
    if (version === undefined) throw unusable(`Version ${activeVersion} of the stack \`${slug}\` does not exist.`);
    return { id, slug, version: version.version, policy: version.policy };
  }

  async #version(id: StackId, number: number): Promise<StackVersion | undefined> {
    const version = await this.#records.findVersion(id, number);
    return version === undefined ? undefined : deepFreeze(version);
  }
}

function unusable(message: string): GatewayError {
  return new GatewayError("routing_stack_resolution_failed", message);
}

/** A database fault is 503: it must read neither as an unknown stack nor as permission to use another. */
async function reading<Value>(lookup: Promise<Value>): Promise<Value> {
  try {
    return await lookup;
  } catch (cause) {
    throw new GatewayError("service_unavailable", undefined, { cause, retryAfterSeconds: 1 });
  }
}
