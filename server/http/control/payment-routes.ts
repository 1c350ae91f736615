// Routes for payments: buying a pack, what became of it, its receipt, statements; refunds and debts for operators.

import { z } from "zod";
import { listSchema, pageQuerySchema } from "../../contracts/control.ts";
import {
  createCheckoutSchema,
  debtSchema,
  paymentSchema,
  refundPaymentSchema,
  statementSchema,
} from "../../contracts/control-billing.ts";
import { getPayment, openCheckout } from "../../billing/buy-credits.ts";
import { packOf } from "../../billing/packs.ts";
import { receiptOf } from "../../billing/receipt.ts";
import { refundPayment } from "../../billing/refund-payment.ts";
import { standingOf } from "../../billing/settle-payment.ts";
import { invalidField } from "../../contracts/errors.ts";
import { asId, type EntryId, type PaymentId } from "../../contracts/ids.ts";
import { formatUsd, parseUsd } from "../../money/picodollars.ts";
import { managers, operators } from "./access.ts";
import { controlRoute, noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import type { ControlServices } from "./services.ts";
import { showPayment } from "./shown-billing.ts";
import { optionalTime } from "./shown-values.ts";
import { pdfDownload, statementCsv, statementFor, statementPdf } from "./statement-download.ts";

const tag = "Billing";
const monthQuery = z.strictObject({});

export const paymentRoutes = [
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/billing/checkouts",
    auth: managers,
    tag,
    summary: "Open a checkout",
    description:
      "Buys a pack: send the customer to `checkout_url`. The credits are there when `entry_id` is, which follows from Stripe's report.",
    query: noQuery,
    body: createCheckoutSchema,
    status: 201,
    response: paymentSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, body, services }) => {
      const pack = packOf(body.pack_usd);
      if (pack === undefined) throw invalidField("pack_usd", "one of the packs");
      const payment = await openCheckout(services.billing, workspace, { pack, saveCard: body.save_card });
      return showOne(services, workspace.id, payment.id);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/billing/payments",
    auth: managers,
    tag,
    summary: "List payments",
    description: "Newest first, with those that failed or were never finished.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(paymentSchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<PaymentId>(cursor);
          return services.billing.records.payments.list(workspace.id, { before, limit });
        },
        (payment) => payment.id,
        async (payments) => {
          const standings = await Promise.all(payments.map(({ id }) => standingOf(services.billing, id)));
          return standings.flatMap((standing) => (standing ? [showPayment(standing, services.now())] : []));
        },
      ),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/billing/payments/:payment",
    auth: managers,
    tag,
    summary: "Get a payment",
    query: noQuery,
    body: noBody,
    status: 200,
    response: paymentSchema,
    handle: ({ workspace, param, services }) => showOne(services, workspace.id, asId<PaymentId>(param("payment"))),
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/billing/payments/:payment/refunds",
    auth: operators,
    tag,
    summary: "Refund a payment",
    description: "Gives money back through Stripe and takes the credits back.",
    query: noQuery,
    body: refundPaymentSchema,
    status: 201,
    response: paymentSchema,
    errors: ["conflict", "service_unavailable"],
    handle: async ({ workspace, param, body, services }) => {
      const id = asId<PaymentId>(param("payment"));
      const standing = await getPayment(services.billing, workspace.id, id);
      const amount = body.amount_usd === undefined ? undefined : parseUsd(body.amount_usd);
      if (amount === 0n) throw invalidField("amount_usd", "above zero");
      const { beyond_balance: beyondBalance, idempotency_key: idempotencyKey } = body;
      await refundPayment(services.billing, standing, { amount, beyondBalance, idempotencyKey });
      return showOne(services, workspace.id, id);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/billing/receipts/:entry",
    auth: managers,
    tag,
    summary: "Download a receipt",
    description: "For the ledger entry of a payment or a grant.",
    query: noQuery,
    body: noBody,
    status: 200,
    media: "application/pdf",
    response: z.string().describe("PDF."),
    handle: async ({ workspace, param, services }) => {
      const { billing } = services;
      const receipt = await receiptOf(billing, services.credits.records, workspace, asId<EntryId>(param("entry")));
      return pdfDownload(receipt.pdf, `receipt-${receipt.number}`);
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/billing/statements/:month",
    auth: managers,
    tag,
    summary: "Get a monthly statement",
    description: "What came in and what was used in a UTC month, `YYYY-MM`.",
    query: monthQuery,
    body: noBody,
    status: 200,
    response: statementSchema,
    handle: ({ workspace, param, services }) => statementFor(services, workspace, param("month")),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/billing/statements/:month/pdf",
    auth: managers,
    tag,
    summary: "Download a monthly statement as PDF",
    query: monthQuery,
    body: noBody,
    status: 200,
    media: "application/pdf",
    response: z.string().describe("PDF."),
    handle: ({ workspace, param, services }) => statementPdf(services, workspace, param("month")),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/billing/statements/:month/csv",
    auth: managers,
    tag,
    summary: "Download a monthly statement as CSV",
    query: monthQuery,
    body: noBody,
    status: 200,
    media: "text/csv",
    response: z.string().describe("CSV with a header line."),
    handle: ({ workspace, param, services }) => statementCsv(services, workspace, param("month")),
  }),
  controlRoute({
    method: "GET",
    path: "/api/operator/debts",
    auth: operators,
    tag,
    summary: "List debts",
    description:
      "Payments that were given back after their credits were spent. Later credits of the workspace pay them.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(debtSchema),
    handle: ({ query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const after = cursor === undefined ? undefined : asId<PaymentId>(cursor);
          return services.billing.records.payments.owing(undefined, { after, limit });
        },
        (payment) => payment.id,
        (payments) =>
          payments.map(({ id, workspaceId, owed, paidAt }) => ({
            object: "debt" as const,
            workspace_id: workspaceId,
            payment_id: id,
            owed_usd: formatUsd(owed),
            paid_at: optionalTime(paidAt),
          })),
      ),
  }),
];

async function showOne(services: ControlServices, workspaceId: Parameters<typeof getPayment>[1], id: PaymentId) {
  return showPayment(await getPayment(services.billing, workspaceId, id), services.now());
}
