// What the control routes work with; server/control-plane.ts puts it together.

import type { PriceLists } from "../../audit/price-lists.ts";
import type { ReceiptDesk } from "../../audit/receipt-desk.ts";
import type { KeyServices } from "../../keys/manage-keys.ts";
import type { StackServices } from "../../stacks/edit-stacks.ts";
import type { TraceStore } from "../../traces/trace-store.ts";
import type { WebhookServices } from "../../webhooks/manage-endpoints.ts";
import type { ActivityRecords } from "../../workspaces/activity-records.ts";
import type { BudgetRecords } from "../../workspaces/budget-status.ts";
import type { EventRecords } from "../../workspaces/event-records.ts";
import type { CreditServices } from "../../workspaces/grant-credit.ts";
import type { AlertRecords } from "../../workspaces/low-balance.ts";
import type { WorkspaceServices } from "../../workspaces/manage-workspaces.ts";
import type { UsageRecords } from "../../workspaces/usage-records.ts";
import type { OperatorGate } from "./operator-gate.ts";

export type ControlServices = {
  readonly workspaces: WorkspaceServices;
  readonly keys: KeyServices;
  readonly stacks: StackServices;
  readonly credits: CreditServices;
  readonly activity: ActivityRecords;
  readonly budgets: BudgetRecords;
  readonly alerts: AlertRecords;
  readonly events: Pick<EventRecords, "list">;
  readonly webhooks: WebhookServices;
  readonly traces: TraceStore;
  readonly usage: UsageRecords;
  readonly prices: Pick<PriceLists, "find">;
  readonly receipts: ReceiptDesk;
  readonly gate: OperatorGate;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Hears of every failure that is the server's own; `where` holds the id that the caller was given. */
  readonly reportFault: (where: string, error: unknown) => void;
};
