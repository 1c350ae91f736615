// A workspace as the control API tells it, and what can be changed of it.

import type { z } from "zod";
import type {
  budgetStatusSchema,
  updateWorkspaceSchema,
  workspaceSchema,
} from "../../../../server/contracts/control-workspaces.ts";
import { fetchApi } from "../../api/fetch-api.ts";

export type Workspace = z.output<typeof workspaceSchema>;
export type WorkspaceInput = z.input<typeof updateWorkspaceSchema>;
export type BudgetStatus = z.output<typeof budgetStatusSchema>;

/** @param path `/api/workspaces/<id>` */
export function changeWorkspace(path: string, body: WorkspaceInput): Promise<Workspace> {
  return fetchApi<Workspace>("PATCH", path, { body });
}
