// docs/reference/events.md: every type of event and its data.

import { z } from "zod";
import { eventKinds } from "../../server/contracts/events.ts";
import { parseObject } from "../../server/contracts/json.ts";
import { code, pageHead, table } from "./markdown.ts";
import { schemaFields } from "./schema-fields.ts";

export function eventsPage(): string {
  const sections = Object.entries(eventKinds).map(([type, { summary, data }]) => {
    const schema = parseObject(JSON.stringify(z.toJSONSchema(data))) ?? {};
    const rows = schemaFields(schema).map(({ name, description }) => [code(name), description]);
    return `## ${code(type)}\n\n${summary}\n\n${table(["Data", "Meaning"], rows)}\n`;
  });
  return `${pageHead("Events", "server/contracts/events.ts", introduction)}\n${sections.join("\n")}`;
}

const introduction = `What a workspace can be told: in its feed, \`GET /api/workspaces/<id>/events\`, where events are kept for 30 days, and by
[webhooks](../guides/webhooks.md). Amounts are decimal USD as text, exact to 12 places.`;
