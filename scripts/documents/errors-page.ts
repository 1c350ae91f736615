// docs/reference/errors.md: the error table for people.

import { errorTable } from "../../server/contracts/errors.ts";
import { code, pageHead, table } from "./markdown.ts";

const blame = { caller: "the request", upstream: "a provider", server: "this server" } as const;

export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(([name, row]) => [
    String(row.status),
    code(name),
    code(row.type),
    blame[row.fault],
    row.retryable ? "yes" : "no",
    row.message,
    row.hint,
  ]);
  const headings = ["Status", "Code", "Type", "At fault", "Retry helps", "What happened", "What to do"];
  return `${pageHead("Errors", "server/contracts/errors.ts", introduction)}\n${table(headings, rows)}\n`;
}

const introduction = `Every error has this body:

\`\`\`json
{
  "error": {
    "code": "payment_required",
    "message": "The workspace's available balance does not cover this request.",
    "type": "insufficient_quota",
    "requestId": "req_019ab3c05f7e7c2e9d5b8a1f2c3d4e5f",
    "hint": "${errorTable.payment_required.hint}",
    "details": { "available_usd": "0.400000000000", "minimum_usd": "1.000000000000" }
  }
}
\`\`\`

\`param\` names the field at fault where there is one, \`details\` what a program can act on. \`type\` is OpenAI's, so that
official client libraries raise their usual classes. Where "Retry helps" says no, the answer carries
\`x-should-retry: false\`. After the first byte of a stream the status is already sent; a failure is then told by the
protocol's own terminal events, with the same code.`;
