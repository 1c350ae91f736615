// Monthly statements as JSON, PDF and CSV, and PDF files as answers.

import { statementOf, type Statement } from "../../billing/statement.ts";
import { writeStatement } from "../../billing/statement-pdf.ts";
import { formatUsd } from "../../money/picodollars.ts";
import type { Workspace } from "../../workspaces/workspace.ts";
import { csvLine } from "./csv.ts";
import type { ControlServices } from "./services.ts";

export async function statementFor(services: ControlServices, workspace: Workspace, month: string) {
  const { opening, closing, sums, models } = await readStatement(services, workspace, month);
  return {
    object: "statement" as const,
    month,
    opening_balance_usd: formatUsd(opening),
    credits_usd: formatUsd(sums.credit),
    debits_usd: formatUsd(sums.debit),
    refunds_usd: formatUsd(sums.refund),
    adjustments_usd: formatUsd(sums.adjustment),
    closing_balance_usd: formatUsd(closing),
    models: models.map(({ model, requests, amount }) => ({ model, requests, amount_usd: formatUsd(amount) })),
  };
}

export async function statementPdf(services: ControlServices, workspace: Workspace, month: string): Promise<Response> {
  const statement = await readStatement(services, workspace, month);
  return pdfDownload(await writeStatement(services.billing, workspace, statement), `statement-${month}`);
}

export async function statementCsv(services: ControlServices, workspace: Workspace, month: string): Promise<Response> {
  const statement = await readStatement(services, workspace, month);
  return download(csvOf(statement), "text/csv; charset=utf-8", `statement-${month}.csv`);
}

export function pdfDownload(pdf: Uint8Array<ArrayBuffer>, name: string): Response {
  return download(pdf, "application/pdf", `${name}.pdf`);
}

function readStatement({ entries, now }: ControlServices, { id }: Workspace, month: string): Promise<Statement> {
  return statementOf(entries, id, month, now());
}

function csvOf({ month, opening, closing, sums, models }: Statement): string {
  const rows = [
    ["opening_balance", "", "", formatUsd(opening)],
    ["credits", "", "", formatUsd(sums.credit)],
    ["debits", "", "", formatUsd(sums.debit)],
    ["refunds", "", "", formatUsd(sums.refund)],
    ["adjustments", "", "", formatUsd(sums.adjustment)],
    ["closing_balance", "", "", formatUsd(closing)],
    ...models.map(({ model, requests, amount }) => ["model", model, String(requests), formatUsd(amount)]),
  ];
  const head = csvLine(["month", "line", "model", "requests", "amount_usd"]);
  return head + rows.map((row) => csvLine([month, ...row])).join("");
}

function download(body: string | Uint8Array<ArrayBuffer>, type: string, fileName: string): Response {
  return new Response(body, {
    headers: { "content-type": type, "content-disposition": `attachment; filename="${fileName}"` },
  });
}
