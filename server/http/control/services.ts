// What the control routes work with; server/control-plane.ts puts it together.

import type { RequestId } from "../../contracts/ids.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { KeyServices } from "../../keys/manage-keys.ts";
import type { StackServices } from "../../stacks/edit-stacks.ts";
import type { ActivityRecords } from "../../workspaces/activity-records.ts";
import type { CreditDesk } from "../../workspaces/credit-desk.ts";
import type { WorkspaceServices } from "../../workspaces/manage-workspaces.ts";
import type { OperatorGate } from "./operator-gate.ts";

export type ControlServices = {
  readonly workspaces: WorkspaceServices;
  readonly keys: KeyServices;
  readonly stacks: StackServices;
  readonly ledger: Pick<Ledger, "account">;
  readonly credits: CreditDesk;
  readonly activity: ActivityRecords;
  readonly gate: OperatorGate;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Told of every failure that is the server's own, with the id that the caller was given. */
  readonly reportFault: (fault: Error, requestId: RequestId) => void;
};
