// How the control API writes a workspace.

import type { Workspace } from "../../workspaces/workspace.ts";
import type { ControlServices } from "./services.ts";
import { isoTime } from "./shown-values.ts";
import { stackSlugs } from "./stack-names.ts";

export async function showWorkspace(services: ControlServices, workspace: Workspace) {
  const { id, name, slug, status, statusReason, stackId, budget, createdAt } = workspace;
  const slugs = await stackSlugs(services.stacks, id, [stackId]);
  const stack = stackId === undefined ? null : (slugs.get(stackId) ?? null);
  return {
    object: "workspace" as const,
    id,
    name,
    slug,
    status,
    status_reason: statusReason ?? null,
    stack,
    budget: budget ?? null,
    created_at: isoTime(createdAt),
  };
}
