// Who may do what at the double: roles as a cluster reads them.

import { z } from "zod";

const ruleSchema = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});
export type Rule = z.infer<typeof ruleSchema>;

const roleSchema = z.object({ kind: z.literal("Role"), rules: z.array(ruleSchema) });

/** The rules of every Role among the documents of a manifest. */
export function rulesIn(documents: readonly unknown[]): Rule[] {
  return documents.flatMap((document) => roleSchema.safeParse(document).data?.rules ?? []);
}

export function allows(rules: readonly Rule[], group: string, resource: string, verb: string): boolean {
  return rules.some(
    (rule) =>
      [group, "*"].some((name) => rule.apiGroups.includes(name)) &&
      [resource, "*"].some((name) => rule.resources.includes(name)) &&
      [verb, "*"].some((name) => rule.verbs.includes(name)),
  );
}
