// How the API below `/api/v1` writes blueprints and builds.

import { bodyOfReadme } from "../../agents/readme.ts";
import type { BuildHeadline, StoredBlueprint, StoredBuild } from "../../agents/blueprint-records.ts";
import type { Workspace } from "../../workspaces/workspace.ts";
import type { ControlServices } from "../control/services.ts";
import { isoTime } from "../control/shown-values.ts";

export type ShownBlueprint = {
  readonly workspace: Workspace;
  readonly blueprint: StoredBlueprint;
  /** Newest first. */
  readonly builds: readonly BuildHeadline[];
  /** Where one blueprint is read; undefined in lists, and before the first build. */
  readonly newest: StoredBuild | undefined;
  readonly deployments: number;
};

export function showBlueprint({ workspace, blueprint, builds, newest, deployments }: ShownBlueprint) {
  const { name, visibility, createdAt, archivedAt } = blueprint;
  return {
    account: workspace.slug,
    name,
    visibility,
    created_at: isoTime(createdAt),
    ...(archivedAt === undefined ? {} : { archived_at: isoTime(archivedAt) }),
    versions: builds.map(({ id, publishedAt }) => ({
      build_id: id,
      published_at: isoTime(publishedAt),
      ...(newest !== undefined && newest.id === id && newest.readme !== "" && showReadme(newest.readme)),
    })),
    metrics: { deploy_count: deployments, lifetime_messages: 0 },
  };
}

function showReadme(readme: string) {
  return { readme, agent_card: { body: bodyOfReadme(readme) } };
}

export function showBuild(build: BuildHeadline, deployed: ReadonlySet<string>) {
  const { id, publishedAt, publishedBy, registry, warnings } = build;
  return {
    build_id: id,
    published_at: isoTime(publishedAt),
    published_by: publishedBy,
    registry,
    deployed: deployed.has(id),
    validation_warnings: [...warnings],
  };
}

/** What addresses of the images of a blueprint's readme begin with. */
export function imagePrefix({ publicUrl }: ControlServices, workspace: Workspace, name: string): string {
  return `${publicUrl}/api/v1/agents/${workspace.id}/${encodeURIComponent(name)}/readme-assets/`;
}
