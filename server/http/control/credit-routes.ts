// Routes for the money of a workspace: credits, their alerts and grants.

import {
  adjustmentSchema,
  creditAdjustmentSchema,
  creditGrantSchema,
  creditsSchema,
  grantSchema,
  updateCreditsSchema,
} from "../../contracts/control-workspaces.ts";
import { invalidField } from "../../contracts/errors.ts";
import type { WorkspaceId } from "../../contracts/ids.ts";
import { formatUsd, noMoney, parseUsd, picodollars } from "../../money/picodollars.ts";
import { adjustCredit } from "../../workspaces/adjust-credit.ts";
import { grantCredit } from "../../workspaces/grant-credit.ts";
import { managers, operators, readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import type { ControlServices } from "./services.ts";
import { isoTime } from "./shown-values.ts";

export const creditRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/credits",
    auth: readers,
    tag: "Credits",
    summary: "Get credits",
    query: noQuery,
    body: noBody,
    status: 200,
    response: creditsSchema,
    handle: ({ workspace, services }) => showCredits(services, workspace.id),
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/api/workspaces/:workspace/credits",
    auth: managers,
    tag: "Credits",
    summary: "Update credit alerts",
    description: "Sets the balance below which a `credits.low` event is told. Counts from the next debit on.",
    query: noQuery,
    body: updateCreditsSchema,
    status: 200,
    response: creditsSchema,
    handle: async ({ workspace, body, services }) => {
      const { low_balance_threshold_usd: threshold } = body;
      if (threshold !== undefined) {
        await services.alerts.setLowBalanceThreshold(workspace.id, parseUsd(threshold ?? ""));
      }
      return showCredits(services, workspace.id);
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/credits/grants",
    auth: operators,
    tag: "Credits",
    summary: "Grant credits",
    description: "Adds to the balance at once. With an `idempotency_key` a repeated call books nothing new.",
    query: noQuery,
    body: grantSchema,
    status: 201,
    response: creditGrantSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, body, services }) => {
      const amount = parseUsd(body.amount_usd);
      if (amount === undefined) throw invalidField("amount_usd", "decimal USD as text");
      const { memo, idempotency_key: idempotencyKey } = body;
      const credit = await grantCredit(services.credits, { workspaceId: workspace.id, amount, memo, idempotencyKey });
      return {
        object: "credit_grant" as const,
        entry_id: credit.id,
        amount_usd: formatUsd(credit.amount),
        memo: credit.memo,
        created_at: isoTime(credit.createdAt),
      };
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/credits/adjustments",
    auth: operators,
    tag: "Credits",
    summary: "Adjust credits",
    description:
      "Corrects a balance by hand, either way; never takes what running requests hold. With an `idempotency_key` a repeated call books nothing new.",
    query: noQuery,
    body: adjustmentSchema,
    status: 201,
    response: creditAdjustmentSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, body, services }) => {
      const amount = parseUsd(body.amount_usd);
      if (amount === undefined) throw invalidField("amount_usd", "decimal USD as text");
      const { memo, idempotency_key: idempotencyKey } = body;
      const facts = { workspaceId: workspace.id, amount, memo, idempotencyKey };
      const adjustment = await adjustCredit(services.credits, facts);
      return {
        object: "credit_adjustment" as const,
        entry_id: adjustment.id,
        amount_usd: formatUsd(adjustment.amount),
        memo: adjustment.memo,
        created_at: isoTime(adjustment.createdAt),
      };
    },
  }),
];

async function showCredits(services: ControlServices, workspaceId: WorkspaceId) {
  const account = await services.credits.ledger.account(workspaceId);
  const [balance, held] = [account?.balance ?? noMoney, account?.held ?? noMoney];
  const threshold = account?.lowBalanceThreshold;
  return {
    object: "credits" as const,
    balance_usd: formatUsd(balance),
    held_usd: formatUsd(held),
    available_usd: formatUsd(picodollars(balance - held)),
    low_balance_threshold_usd: threshold === undefined ? null : formatUsd(threshold),
  };
}
