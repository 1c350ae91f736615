// All routes of the control API, in the order of the reference docs.

import type { ControlRoute } from "./declared-route.ts";
import { auditRoutes } from "./audit-routes.ts";
import { billingRoutes } from "./billing-routes.ts";
import { budgetRoutes } from "./budget-routes.ts";
import { creditRoutes } from "./credit-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { ledgerRoutes } from "./ledger-routes.ts";
import { paymentRoutes } from "./payment-routes.ts";
import { receiptRoutes } from "./receipt-routes.ts";
import { stackRoutes } from "./stack-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";
import { workspaceRoutes } from "./workspace-routes.ts";

export const controlRoutes: readonly ControlRoute[] = [
  ...workspaceRoutes,
  ...creditRoutes,
  ...ledgerRoutes,
  ...billingRoutes,
  ...paymentRoutes,
  ...budgetRoutes,
  ...webhookRoutes,
  ...receiptRoutes,
  ...keyRoutes,
  ...stackRoutes,
  ...auditRoutes,
];
