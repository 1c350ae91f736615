// Finding stored traces again. A trace belongs to its workspace; for any other it does not exist.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { TraceRows } from "./render-trace.ts";
import type { RouteTrace } from "../contracts/route-trace.ts";

export type TraceStore = {
  /** All that is stored of a request; undefined for unknown ids and those of other workspaces. */
  rows(workspaceId: WorkspaceId, requestId: RequestId): Promise<TraceRows | undefined>;
  /**
   * The trace of a request, or, when its stack keeps no traces, what billing knows of it; undefined for unknown ids and
   * those of other workspaces.
   */
  find(workspaceId: WorkspaceId, requestId: RequestId): Promise<RouteTrace | undefined>;
};
