// The balance below which a workspace wants to be told. server/storage/budget-store.ts keeps it.

import type { WorkspaceId } from "../contracts/ids.ts";
import type { Picodollars } from "../money/picodollars.ts";

export type AlertRecords = {
  /** Above zero; undefined: never told. Counts from the next debit on. */
  setLowBalanceThreshold(workspaceId: WorkspaceId, threshold: Picodollars | undefined): Promise<void>;
};
