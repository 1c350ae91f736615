// What the audit log asks of storage. server/storage/audit-store.ts implements it; it can add and read, and nothing else.

import type { AuditEventId, WorkspaceId } from "../contracts/ids.ts";
import type { AuditEvent } from "./audit-event.ts";

export type AuditFilter = {
  /** `none`: of what happened in no workspace. Undefined: of all workspaces, and of none. */
  readonly workspaceId: WorkspaceId | "none" | undefined;
  /** A user's or key's id, an e-mail address, or a kind of actor. */
  readonly actor: string | undefined;
  readonly action: string | undefined;
  /** Unix milliseconds; `since` is included, `until` is not. */
  readonly since: number | undefined;
  readonly until: number | undefined;
};

export type AuditRecords = {
  append(event: AuditEvent): Promise<void>;
  /** Newest first, those before `before`, at most `limit`. */
  list(
    filter: AuditFilter,
    page: { readonly before: AuditEventId | undefined; readonly limit: number },
  ): Promise<AuditEvent[]>;
};
