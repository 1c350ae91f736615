// What the rest of the server asks of the ledger.

import type { WorkspaceId } from "../contracts/ids.ts";
import type { Account, Operation, OperationResult } from "./operations.ts";
import type { RequestRecord } from "./request-record.ts";

export type Ledger = {
  /**
   * Applies one operation durably; resolves after the commit. `record` is written in the same transaction, its money columns from the result.
   * @throws GatewayError service_unavailable when the queue is full or the database fails; nothing has then changed.
   */
  submit(operation: Operation, record?: RequestRecord): Promise<OperationResult>;
  /** Writes the record of a request that moved no money, without making anybody wait; drops it when the queue is full. */
  recordOnly(record: RequestRecord): void;
  /**
   * Like `recordOnly`, but resolves after the commit.
   * @throws GatewayError service_unavailable when it was not written.
   */
  record(record: RequestRecord): Promise<void>;
  /** The committed state; undefined when the workspace has no account. */
  account(workspaceId: WorkspaceId): Promise<Account | undefined>;
  /**
   * The state after this process's last commit for the workspace, without reading storage; undefined when there was none.
   * Good enough to let a request pass an early test, never to refuse it or to decide about money.
   */
  recentAccount(workspaceId: WorkspaceId): Account | undefined;
};
