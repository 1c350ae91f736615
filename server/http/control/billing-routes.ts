// Routes for a workspace's billing: what it has, how it pays, what its receipts say.

import { packsUsd } from "../../contracts/packs.ts";
import {
  billingSchema,
  billingSettingsSchema,
  cardSetupSchema,
  removedCardSchema,
  updateBillingSettingsSchema,
} from "../../contracts/control-billing.ts";
import { removeSavedCard, saveAutoTopUp } from "../../billing/auto-top-up.ts";
import { openCardSetup, saveDetails } from "../../billing/buy-credits.ts";
import { packOf } from "../../billing/packs.ts";
import { invalidField } from "../../contracts/errors.ts";
import { formatUsd, noMoney, parseUsd, picodollars, type Picodollars } from "../../money/picodollars.ts";
import { managers, readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { showSettings } from "./shown-billing.ts";

const tag = "Billing";

export const billingRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/billing",
    auth: readers,
    tag,
    summary: "Get billing",
    description: "The balance, and whether and in which packs credits can be bought.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: billingSchema,
    handle: async ({ workspace, services }) => {
      const { stripe, ledger } = services.billing;
      const account = await ledger.account(workspace.id);
      const [balance, held] = [account?.balance ?? noMoney, account?.held ?? noMoney];
      return {
        object: "billing" as const,
        payments: stripe === undefined ? ("none" as const) : ("stripe" as const),
        test_mode: stripe?.testMode ?? false,
        packs_usd: stripe === undefined ? [] : [...packsUsd],
        balance_usd: formatUsd(balance),
        held_usd: formatUsd(held),
        available_usd: formatUsd(picodollars(balance - held)),
      };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/billing/settings",
    auth: managers,
    tag,
    summary: "Get billing settings",
    query: noQuery,
    body: noBody,
    status: 200,
    response: billingSettingsSchema,
    handle: ({ workspace, services }) => showSettings(services.billing, workspace.id),
  }),
  workspaceRoute({
    method: "PATCH",
    path: "/api/workspaces/:workspace/billing/settings",
    auth: managers,
    tag,
    summary: "Update billing settings",
    description: "Fields that are absent stay as they are.",
    query: noQuery,
    body: updateBillingSettingsSchema,
    status: 200,
    response: billingSettingsSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, body, services }) => {
      const { details, auto_top_up: topUp } = body;
      if (topUp !== undefined) {
        await saveAutoTopUp(services.billing, {
          workspaceId: workspace.id,
          enabled: topUp.enabled,
          threshold: amountOf("auto_top_up.threshold_usd", parseUsd(topUp.threshold_usd)),
          pack: amountOf("auto_top_up.pack_usd", packOf(topUp.pack_usd)),
          monthlyCap: amountOf("auto_top_up.monthly_cap_usd", parseUsd(topUp.monthly_cap_usd)),
        });
      }
      if (details !== undefined) {
        await saveDetails(services.billing, workspace.id, {
          ...(details.name !== undefined && { name: details.name }),
          ...(details.address !== undefined && { address: details.address }),
          ...(details.tax_id !== undefined && { taxId: details.tax_id }),
          ...(details.email !== undefined && { email: details.email }),
        });
      }
      return showSettings(services.billing, workspace.id);
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/billing/card-setups",
    auth: managers,
    tag,
    summary: "Open a card setup",
    description: "A page at Stripe on which a card is saved for automatic top-ups.",
    query: noQuery,
    body: noBody,
    status: 201,
    response: cardSetupSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, services }) => ({
      object: "card_setup" as const,
      url: (await openCardSetup(services.billing, workspace)).url,
    }),
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/api/workspaces/:workspace/billing/card",
    auth: managers,
    tag,
    summary: "Remove the saved card",
    description: "Switches automatic top-ups off.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: removedCardSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, services }) => {
      await removeSavedCard(services.billing, workspace.id);
      return { object: "card" as const, removed: true as const };
    },
  }),
];

function amountOf(field: string, amount: Picodollars | undefined): Picodollars {
  if (amount === undefined) throw invalidField(field, "decimal USD as text");
  return amount;
}
