// All routes of the control API, in the order of the reference docs.

import type { ControlRoute } from "./declared-route.ts";
import { agentRoutes } from "../agents/agent-routes.ts";
import { activityRoutes } from "./activity-routes.ts";
import { accessTokenRoutes } from "./access-token-routes.ts";
import { accessRequestRoutes } from "./access-request-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { billingRoutes } from "./billing-routes.ts";
import { budgetRoutes } from "./budget-routes.ts";
import { catalogueRoutes } from "./catalogue-routes.ts";
import { creditRoutes } from "./credit-routes.ts";
import { invitationRoutes } from "./invitation-routes.ts";
import { keyUsageRoutes } from "./key-usage-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { ledgerRoutes } from "./ledger-routes.ts";
import { paymentRoutes } from "./payment-routes.ts";
import { playgroundRoutes } from "./playground-routes.ts";
import { meRoutes } from "./me-routes.ts";
import { memberRoutes } from "./member-routes.ts";
import { operatorInstanceRoutes } from "./operator-instance-routes.ts";
import { operatorUserRoutes } from "./operator-user-routes.ts";
import { operatorWorkspaceRoutes } from "./operator-workspace-routes.ts";
import { receiptRoutes } from "./receipt-routes.ts";
import { rehearsalRoutes } from "./rehearsal-routes.ts";
import { stackPolicyRoutes } from "./stack-policy-routes.ts";
import { stackRoutes } from "./stack-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";
import { workspaceRoutes } from "./workspace-routes.ts";

export const controlRoutes: readonly ControlRoute[] = [
  ...meRoutes,
  ...accessTokenRoutes,
  ...workspaceRoutes,
  ...memberRoutes,
  ...invitationRoutes,
  ...accessRequestRoutes,
  ...creditRoutes,
  ...ledgerRoutes,
  ...billingRoutes,
  ...paymentRoutes,
  ...activityRoutes,
  ...budgetRoutes,
  ...webhookRoutes,
  ...receiptRoutes,
  ...keyRoutes,
  ...keyUsageRoutes,
  ...stackPolicyRoutes,
  ...stackRoutes,
  ...auditRoutes,
  ...operatorWorkspaceRoutes,
  ...operatorUserRoutes,
  ...operatorInstanceRoutes,
  ...catalogueRoutes,
  ...playgroundRoutes,
  ...rehearsalRoutes,
  ...agentRoutes,
];
