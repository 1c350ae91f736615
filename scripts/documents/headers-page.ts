// docs/reference/headers.md: what the headers of an answer mean.

import {
  clientHeaders,
  confirmationHeader,
  guaranteedHeaders,
  idempotencyKeyHeader,
  optionalHeaders,
} from "../../server/contracts/headers.ts";
import { code, pageHead, table } from "./markdown.ts";

export function headersPage(): string {
  const head = pageHead("Headers", "server/contracts/headers.ts", introduction);
  return [
    head,
    `## On every routed answer\n\n${guaranteedIntroduction}\n\n${headerTable(guaranteedHeaders)}\n`,
    `## Where they apply\n\n${optionalIntroduction}\n\n${headerTable(optionalHeaders)}\n`,
    `## For client libraries\n\n${headerTable(clientHeaders)}\n`,
    `## On requests\n\n${requestHeaders}\n`,
  ].join("\n");
}

/** The table of headers that every routed answer carries, as the README shows it. */
export function guaranteedHeaderTable(): string {
  return table(
    ["Header", "Meaning"],
    guaranteedHeaders.map((row) => [code(row.name), row.meaning]),
  );
}

function headerTable(rows: typeof guaranteedHeaders): string {
  return table(
    ["Header", "Meaning", "Format", "Example"],
    rows.map((row) => [code(row.name), row.meaning, row.format, code(row.example)]),
  );
}

const introduction = `A stream carries its headers before the first byte; what is only known at its end (the cost, above all) is in the
metadata of its terminal event.`;

const guaranteedIntroduction = `Errors carry as many of them as were known: the workspace, the key and the limits once the key has been accepted, the
stack once it has been found. \`GET\` answers carry the request's id.`;

const optionalIntroduction = `On answers only, and only while the stack's \`observability.responseHeaders\` is on; one whose value is unknown is left
out.`;

const requestHeaders = `The key is sent as \`Authorization: Bearer\` or as \`x-api-key\`; if both are there, the bearer is used. A key in \`x-bf-vk\`, which some
clients of Anthropic send, comes before both. \`${confirmationHeader}: confirm\`
passes on that a person has confirmed a high-stakes request or tool call.

\`${idempotencyKeyHeader}\`, 1 to 255 characters, names an inference request, so that [repeating it](../guides/streaming-and-errors.md#repeating-a-request)
runs it once.`;
