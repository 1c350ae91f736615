// docs/reference/stack-policy.md and policy.schema.json: what a stack's policy can say.

import { z } from "zod";
import { isObject, objectAt, parseObject, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { policySchema } from "../../server/contracts/policy.ts";
import { code, pageHead, table } from "./markdown.ts";
import { schemaFields } from "./schema-fields.ts";

export function policyPage(): string {
  const groups = Object.entries(objectAt(policyJsonSchema(), "properties") ?? {});
  const sections = groups.map(([name, group]) => (isObject(group) ? groupSection(name, group) : ""));
  return `${pageHead("Stack policy", "server/contracts/policy.ts", introduction)}\n${sections.join("\n")}`;
}

/** The schema of what a user writes: every field optional. */
export function policySchemaFile(): string {
  return `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
}

function policyJsonSchema(): JsonObject {
  return parseObject(JSON.stringify(z.toJSONSchema(policySchema, { io: "input" }))) ?? {};
}

function groupSection(name: string, group: JsonObject): string {
  const rows = schemaFields(group).map((field) => [
    code(field.name),
    field.accepts,
    field.defaultValue,
    field.description,
  ]);
  const about = stringAt(group, "description");
  const fields = table(["Field", "Accepts", "Default", "Meaning"], rows);
  return `## ${code(name)}\n\n${about === undefined ? "" : `${about}\n\n`}${fields}\n`;
}

const introduction = `A policy is a JSON object of eight groups. Every group and every field may be left out; an empty object is the
default policy. Unknown fields are refused. Money is decimal USD as text, lists that are empty restrict nothing, and
ids in lists may end in \`*\`. Editors can check a policy against [policy.schema.json](policy.schema.json).`;
