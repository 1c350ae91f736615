// What the control routes work with; server/control-plane.ts puts it together.

import type { AuditLog } from "../../audit-log/audit-log.ts";
import type { ReceiptDesk } from "../../audit/receipt-desk.ts";
import type { BillingServices } from "../../billing/billing-services.ts";
import type { KeyServices } from "../../keys/manage-keys.ts";
import type { StackServices } from "../../stacks/edit-stacks.ts";
import type { WebhookServices } from "../../webhooks/manage-endpoints.ts";
import type { ActivityRecords } from "../../workspaces/activity-records.ts";
import type { BudgetRecords } from "../../workspaces/budget-status.ts";
import type { EntryRecords } from "../../workspaces/entry-records.ts";
import type { EventRecords } from "../../workspaces/event-records.ts";
import type { CreditServices } from "../../workspaces/grant-credit.ts";
import type { AlertRecords } from "../../workspaces/low-balance.ts";
import type { MemberServices } from "../../workspaces/manage-members.ts";
import type { WorkspaceServices } from "../../workspaces/manage-workspaces.ts";
import type { Gate } from "./gate.ts";

export type ControlServices = {
  readonly workspaces: WorkspaceServices;
  readonly keys: KeyServices;
  readonly stacks: StackServices;
  readonly credits: CreditServices;
  readonly activity: ActivityRecords;
  readonly entries: EntryRecords;
  readonly billing: BillingServices;
  /** Applies a stored event of Stripe without making anybody wait. */
  readonly applyStripeEvent: (eventId: string) => void;
  readonly budgets: BudgetRecords;
  readonly alerts: AlertRecords;
  readonly events: Pick<EventRecords, "list">;
  readonly webhooks: WebhookServices;
  readonly receipts: ReceiptDesk;
  readonly gate: Gate;
  readonly audit: AuditLog;
  /** How many proxies in front of the server add to `X-Forwarded-For`. */
  readonly trustedProxies: number;
  readonly members: MemberServices;
  /** How others reach the server, without a trailing slash. */
  readonly publicUrl: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Hears of every failure that is the server's own; `where` holds the id that the caller was given. */
  readonly reportFault: (where: string, error: unknown) => void;
};
