// What the feed of a workspace's events asks of storage. server/storage/event-store.ts implements it.

import type { EventType, NewEvent, WorkspaceEvent } from "../contracts/events.ts";
import type { EventId, WorkspaceId } from "../contracts/ids.ts";

export type EventPage = {
  readonly before: EventId | undefined;
  readonly limit: number;
  /** Undefined: every type. */
  readonly type: EventType | undefined;
};

export type EventRecords = {
  /** Writes an event unless its `once` has been told already. */
  append(event: NewEvent): Promise<void>;
  /** Newest first, those before `before`, at most `limit`. */
  list(workspaceId: WorkspaceId, page: EventPage): Promise<WorkspaceEvent[]>;
};
