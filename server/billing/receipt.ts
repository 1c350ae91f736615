// A receipt for a credit: who sold what to whom, for a payment or a grant, as PDF.

import { GatewayError } from "../contracts/errors.ts";
import { asId, type EntryId, type PaymentId, type WorkspaceId } from "../contracts/ids.ts";
import { formatUsdShort } from "../money/picodollars.ts";
import type { CreditFacts, CreditRecords } from "../workspaces/grant-credit.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { BillingDetails } from "./billing-records.ts";
import type { BillingServices } from "./billing-services.ts";
import { refundedOf } from "./net-of-payment.ts";
import { writePdf, type PdfBlock } from "./pdf-page.ts";
import { receiptNumber } from "./receipt-number.ts";
import { bookingId, standingOf, type PaymentStanding } from "./settle-payment.ts";

/** @throws GatewayError not_found when the entry is no payment and no grant of the workspace. */
export async function receiptOf(
  services: BillingServices,
  credits: CreditRecords,
  workspace: Workspace,
  entryId: EntryId,
): Promise<{ readonly number: string; readonly pdf: Uint8Array<ArrayBuffer> }> {
  const credit = await credits.findCredit(workspace.id, entryId);
  if (credit?.kind !== "credit") {
    throw new GatewayError("not_found", `The workspace has no payment or grant with the entry ${entryId}.`);
  }
  const standing = await paymentBehind(services, workspace.id, credit);
  const { details } = await services.records.profiles.find(workspace.id);
  const number = receiptNumber(entryId);
  const blocks = [
    ...headOf(number, credit, services.seller),
    ...buyerOf(workspace, details),
    ...linesOf(credit, standing),
  ];
  return { number, pdf: await writePdf(`Receipt ${number}`, blocks, new Date(credit.createdAt)) };
}

/** A payment's first entry has its id in its memo; that it is the payment's is then computed. */
async function paymentBehind(
  services: BillingServices,
  workspaceId: WorkspaceId,
  { id, memo }: CreditFacts,
): Promise<PaymentStanding | undefined> {
  const named = /\bpay_[0-9a-f]{32}\b/.exec(memo)?.[0];
  const paymentId = named === undefined ? undefined : asId<PaymentId>(named);
  if (paymentId === undefined || bookingId(paymentId, 1) !== id) return undefined;
  const standing = await standingOf(services, paymentId);
  return standing?.payment.workspaceId === workspaceId ? standing : undefined;
}

export function buyerOf(
  { name, id }: { readonly name: string; readonly id: WorkspaceId },
  details: BillingDetails,
): PdfBlock[] {
  const lines = [
    details.name || name,
    details.address,
    details.taxId === "" ? "" : `Tax id ${details.taxId}`,
    `Workspace ${name}, ${id}`,
  ];
  return [
    { kind: "heading", text: "For" },
    { kind: "text", text: lines.filter((line) => line !== "").join("\n") },
    { kind: "gap" },
  ];
}

function headOf(number: string, { createdAt }: CreditFacts, seller: string): PdfBlock[] {
  return [
    { kind: "title", text: "Receipt" },
    { kind: "text", text: `Number ${number}\nDate ${new Date(createdAt).toISOString().slice(0, 10)}` },
    { kind: "gap" },
    { kind: "heading", text: "From" },
    { kind: "text", text: seller },
    { kind: "gap" },
  ];
}

function linesOf(credit: CreditFacts, standing: PaymentStanding | undefined): PdfBlock[] {
  const table = (rows: readonly (readonly string[])[]): PdfBlock => ({
    kind: "table",
    columns: [
      { title: "Description", share: 4 },
      { title: "USD", share: 1, right: true },
    ],
    rows,
  });
  if (standing === undefined) {
    const note = "Credits granted by the operator of this server; nothing was charged for them here.";
    return [
      table([[`Astrolabe credits: ${credit.memo}`, formatUsdShort(credit.amount)]]),
      { kind: "gap" },
      { kind: "small", text: note },
    ];
  }
  const { payment, facts } = standing;
  const refunded = refundedOf(facts);
  const how = payment.kind === "top_up" ? "automatic top-up with the saved card" : "paid through Stripe";
  return [
    table([
      [`Astrolabe credits, ${how}`, formatUsdShort(payment.paid)],
      ...(refunded > 0n ? [["Refunded since", `-${formatUsdShort(refunded)}`]] : []),
    ]),
    { kind: "gap" },
    { kind: "small", text: `Payment ${payment.id}` },
  ];
}
