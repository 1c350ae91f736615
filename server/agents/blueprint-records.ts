// Blueprints and their builds as records, and what the registry asks of storage. server/storage/blueprint-store.ts
// implements it.

import type { BlueprintId, WorkspaceId } from "../contracts/ids.ts";
import type { ShownDiagnostic } from "../contracts/agents-limits.ts";

export const visibilities = ["private", "public"] as const;
export type Visibility = (typeof visibilities)[number];

/** A named line of builds in an account. */
export type StoredBlueprint = {
  readonly id: BlueprintId;
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** `public`: everybody who is signed in may read it, and deploy it into an account of their own. */
  readonly visibility: Visibility;
  /** Unix milliseconds, as all times here. */
  readonly createdAt: number;
  /** An archived blueprint cannot be deployed; what runs goes on. Undefined: it is in use. */
  readonly archivedAt: number | undefined;
};

/** One version of a blueprint. It never changes. */
export type StoredBuild = {
  readonly blueprintId: BlueprintId;
  /** The version's id and the tag of its images; unique within the blueprint. */
  readonly id: string;
  /** The text of astropods.yml. */
  readonly specContent: string;
  /** The text of AGENT.md, addresses of images filled in; empty for none. */
  readonly readme: string;
  /** Where its images are; empty: in the engine that built them. */
  readonly registry: string;
  /** Later builds of one blueprint have later times. */
  readonly publishedAt: number;
  readonly publishedBy: string;
  readonly warnings: readonly ShownDiagnostic[];
};

/** What lists need of a build. */
export type BuildHeadline = Omit<StoredBuild, "specContent" | "readme">;

export type NewBuild = Omit<StoredBuild, "blueprintId" | "publishedAt">;

export type Registration = {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** For a blueprint that is made by it. */
  readonly blueprintId: BlueprintId;
  /** Undefined: as it is; private for a new one. */
  readonly visibility: Visibility | undefined;
  readonly build: NewBuild;
  readonly mostBlueprints: number;
  readonly at: number;
};

export type Registered =
  | { readonly outcome: "done"; readonly blueprint: StoredBlueprint; readonly build: StoredBuild }
  | { readonly outcome: "build_exists" | "too_many_blueprints" };

export type BlueprintRecords = {
  find(workspaceId: WorkspaceId, name: string): Promise<StoredBlueprint | undefined>;
  /** By name; at most `limit`. */
  list(workspaceId: WorkspaceId, options: { archived: boolean; limit: number }): Promise<StoredBlueprint[]>;
  /** Blueprints of the account, archived ones included. */
  count(workspaceId: WorkspaceId): Promise<number>;
  /** Archived ones, the longest archived first. */
  archived(workspaceId: WorkspaceId, limit: number): Promise<StoredBlueprint[]>;
  /** Deletes a blueprint that is archived and not deployed, with its builds and the images of its readme. */
  purge(blueprint: StoredBlueprint): Promise<void>;
  create(blueprint: StoredBlueprint, mostBlueprints: number): Promise<"done" | "exists" | "too_many_blueprints">;
  /** Makes the blueprint where there is none, takes it out of the archive, and adds the build, in one transaction. */
  register(registration: Registration): Promise<Registered>;
  setVisibility(id: BlueprintId, visibility: Visibility): Promise<void>;
  /** Keeps the first moment when it is archived already. */
  archive(id: BlueprintId, at: number): Promise<void>;
  /** @param buildId undefined: the newest. */
  findBuild(id: BlueprintId, buildId: string | undefined): Promise<StoredBuild | undefined>;
  /** Newest first, at most `limit` of each. */
  builds(ids: readonly BlueprintId[], limit: number): Promise<ReadonlyMap<BlueprintId, readonly BuildHeadline[]>>;
  /** Deletes these builds, except those that a deployment runs by now. */
  deleteBuilds(id: BlueprintId, buildIds: readonly string[]): Promise<void>;
};

export type ReadmeImage = {
  readonly workspaceId: WorkspaceId;
  /** Of the blueprint, which may not be there yet. */
  readonly name: string;
  /** SHA-256 of the content, in hex. */
  readonly hash: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
};

export type ImageBounds = {
  /** Images of one blueprint. */
  readonly perBlueprint: number;
  /** Bytes of all images of an account. */
  readonly perWorkspaceBytes: number;
};

export type ReadmeImageRecords = {
  /** Stores those that are not there yet, then keeps what was pushed last within the bounds. */
  store(images: readonly ReadmeImage[], bounds: ImageBounds, at: number): Promise<void>;
  find(workspaceId: WorkspaceId, name: string, hash: string): Promise<ReadmeImage | undefined>;
};
