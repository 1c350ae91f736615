// docs/reference/verification.md: what each verification mode looks at, and what a finding leads to.

import { fullConfidence, verificationCheckTable } from "../../server/verification/verification-checks.ts";
import { pageHead } from "./markdown.ts";

export function verificationPage(): string {
  const head = pageHead("Verification", "server/verification/verification-checks.ts", introduction);
  return `${head}\n## The checks\n\n${verificationCheckTable()}\n\n## What a finding leads to\n\n${consequences}\n`;
}

const introduction = `Every whole answer is checked before it counts, in the mode that the stack or the request names; mode \`off\` runs no
check. All checks are code of this server: no other model is asked. A streamed answer is checked only when it is
[held back](../guides/streaming-and-errors.md#streams).`;

const consequences = `- A check that **fails** rejects the answer. One that **lowers** takes its points off a confidence of ${fullConfidence}, and the answer is
  rejected when the confidence is below \`verification.minConfidence\`; mode \`strong\` asks for one more, and so does a
  high-stakes request. A check that cannot be carried out costs one point and rejects nothing by itself.
- A rejected answer moves the request on to the next candidate of its plan, as far as \`fallback.triggers\`,
  \`fallback.maxAttempts\` and \`verification.maxEscalations\` allow.
- When nobody is left, \`strict\` and \`strong\` answer 502: \`structured_output_invalid\` for a broken schema,
  \`answer_rejected\` otherwise, and nothing is charged. \`auto\` does so for broken schemas. In all other cases the last
  answer that was rejected is delivered with the status \`failed_accepted\`, and charged.
- An answer that was rejected before another one was delivered produced usage towards it and is
  [charged with it](../guides/credits.md#after-the-call-a-debit).

Whether an answer's tool calls may be delivered is not verification: the stack's [safety](stack-policy.md#safety) rules
decide, in every mode.`;
