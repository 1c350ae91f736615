// Finding stored traces again. A trace belongs to its workspace; for any other it does not exist.

import type { RequestId, WorkspaceId } from "../contracts/ids.ts";
import type { RouteTrace } from "./route-trace.ts";

export type TraceStore = {
  /**
   * The trace of a request, or, when its stack keeps no traces, what billing knows of it; undefined for unknown ids and
   * those of other workspaces.
   */
  find(workspaceId: WorkspaceId, requestId: RequestId): Promise<RouteTrace | undefined>;
};
