// A monthly statement as PDF.

import { formatUsdShort, type Picodollars } from "../money/picodollars.ts";
import type { Workspace } from "../workspaces/workspace.ts";
import type { BillingServices } from "./billing-services.ts";
import { writePdf, type PdfBlock } from "./pdf-page.ts";
import { buyerOf } from "./receipt.ts";
import type { Statement } from "./statement.ts";

/** The dearest; a document has an end. */
const mostModels = 200;

export async function writeStatement(
  { records, seller, now }: BillingServices,
  workspace: Workspace,
  statement: Statement,
): Promise<Uint8Array<ArrayBuffer>> {
  const { details } = await records.profiles.find(workspace.id);
  const { month, sums, opening, closing } = statement;
  const blocks: PdfBlock[] = [
    { kind: "title", text: `Statement ${month}` },
    { kind: "text", text: seller },
    { kind: "gap" },
    ...buyerOf(workspace, details),
    table("Balance", [
      ["At the beginning of the month", opening],
      ["Credits", sums.credit],
      ["Usage", sums.debit],
      ["Given back for requests", sums.refund],
      ["Adjustments, refunds and disputes of payments", sums.adjustment],
      ["At the end of the month, or now", closing],
    ]),
    { kind: "gap" },
    table("Usage by model", modelRows(statement)),
    { kind: "gap" },
    { kind: "small", text: "Months are those of UTC. Amounts are exact." },
  ];
  return writePdf(`Statement ${month}`, blocks, new Date(now()));
}

function modelRows({ models }: Statement): [string, Picodollars][] {
  return models.slice(0, mostModels).map(({ model, requests, amount }) => [`${model} (${requests} requests)`, amount]);
}

function table(title: string, rows: readonly (readonly [string, Picodollars])[]): PdfBlock {
  return {
    kind: "table",
    columns: [
      { title, share: 3 },
      { title: "USD", share: 1, right: true },
    ],
    rows: rows.map(([text, amount]) => [text, formatUsdShort(amount)]),
  };
}
