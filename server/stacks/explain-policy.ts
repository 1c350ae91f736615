// What a policy does, in plain words: one sentence per field, for the API, the console and the documents. The only place
// that puts a policy into words.

import { policySchema, type StackPolicy } from "../contracts/policy.ts";
import {
  boundaries,
  budget,
  fallback,
  memory,
  objective,
  observability,
  safety,
  verification,
  type Say,
} from "./policy-sentences.ts";

export const policyGroups = [
  "boundaries",
  "objective",
  "fallback",
  "verification",
  "safety",
  "budget",
  "memory",
  "observability",
] as const satisfies readonly (keyof StackPolicy)[];
export type PolicyGroup = (typeof policyGroups)[number];

export type PolicySentence = {
  readonly group: PolicyGroup;
  /** JSON pointer of the field it is about: `/objective/qualityTarget`. */
  readonly pointer: string;
  readonly sentence: string;
  /** Whether the field is as it is when nothing is written. */
  readonly standard: boolean;
};

type Row = { readonly group: PolicyGroup; readonly policy: StackPolicy };

const standardPolicy = policySchema.parse({});

/** Every field in the schema's order. */
export function explainPolicy(policy: StackPolicy): PolicySentence[] {
  const of = standardPolicy;
  return [
    ...explainFields({ group: "boundaries", policy }, boundaries, policy.boundaries, of.boundaries),
    ...explainFields({ group: "objective", policy }, objective, policy.objective, of.objective),
    ...explainFields({ group: "fallback", policy }, fallback, policy.fallback, of.fallback),
    ...explainFields({ group: "verification", policy }, verification, policy.verification, of.verification),
    ...explainFields({ group: "safety", policy }, safety, policy.safety, of.safety),
    ...explainFields({ group: "budget", policy }, budget, policy.budget, of.budget),
    ...explainFields({ group: "memory", policy }, memory, policy.memory, of.memory),
    ...explainFields({ group: "observability", policy }, observability, policy.observability, of.observability),
  ];
}

function explainFields<Fields extends object>(
  { group, policy }: Row,
  says: { readonly [Field in keyof Fields]-?: Say<Fields[Field]> },
  written: Fields,
  standard: Fields,
): PolicySentence[] {
  return fieldsOf(says).map((field) => ({
    group,
    pointer: `/${group}/${String(field)}`,
    sentence: says[field](written[field], policy),
    standard: Bun.deepEquals(written[field], standard[field]),
  }));
}

/** The keys of a table, typed as such. */
function fieldsOf<Table extends object>(table: Table): (keyof Table)[] {
  const fields: (keyof Table)[] = [];
  for (const field in table) fields.push(field);
  return fields;
}
