// docs/reference/request-overrides.md: the fields of `metadata.astrolabe`.

import { z } from "zod";
import { parseObject } from "../../server/contracts/json.ts";
import { overridesSchema } from "../../server/contracts/overrides.ts";
import { code, pageHead, table } from "./markdown.ts";
import { schemaFields } from "./schema-fields.ts";

export function overridesPage(): string {
  const schema = parseObject(JSON.stringify(z.toJSONSchema(overridesSchema, { io: "input" }))) ?? {};
  const rows = schemaFields(schema).map((field) => [code(field.name), field.accepts, field.description]);
  const fields = table(["Field", "Accepts", "Meaning"], rows);
  return `${pageHead("Request overrides", "server/contracts/overrides.ts", introduction)}\n${fields}\n`;
}

const introduction = `One request may override its stack by fields in \`metadata.astrolabe\`:

\`\`\`json
{
  "model": "astrolabe/auto",
  "input": "Summarise the incident in three sentences.",
  "metadata": { "astrolabe": { "stack": "high-quality", "cost_mode": "balanced", "explain": true } }
}
\`\`\`

No override loosens a boundary, a budget, safety or memory. A value that is not accepted is answered with 400
\`invalid_request\` naming the field; an unknown field is ignored with a warning in the trace. Nothing of
\`metadata.astrolabe\` is sent to a provider.`;
