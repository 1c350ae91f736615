// The vault of an account: secrets that can only be written, and plain variables.

import { z } from "zod";
import type { Json } from "../../server/contracts/json.ts";
import { Problem } from "../problem.ts";
import type { Api } from "./api.ts";
import type { Read } from "./blueprints.ts";
import { apiPath } from "./http-client.ts";

const usedBySchema = z.array(z.object({ deployment_id: z.string(), name: z.string() })).default([]);
const variableSchema = z.object({
  name: z.string(),
  secret: z.boolean(),
  description: z.string().default(""),
  value: z.string().optional(),
  used_by: usedBySchema,
  created_at: z.string(),
  updated_at: z.string(),
});
const variablesSchema = z.object({ variables: z.array(variableSchema) });
const resultsSchema = z.object({
  results: z.array(z.object({ name: z.string(), status: z.string(), error: z.string().optional() })),
});

export type Variable = z.output<typeof variableSchema>;
export type NewVariable = {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly description?: string;
};
export type VariableResult = z.output<typeof resultsSchema>["results"][number];

/** The server takes this many at a time. */
const mostAtOnce = 200;

export async function listVariables(api: Api): Promise<Read<readonly Variable[]>> {
  const document = await api.send("GET", apiPath`/api/v1/accounts/${await api.account()}/variables`);
  return { document, value: api.parse(variablesSchema, document, "the list of secrets").variables };
}

export async function getVariable(api: Api, name: string): Promise<Read<Variable>> {
  const document = await api.send("GET", apiPath`/api/v1/accounts/${await api.account()}/variables/${name}`);
  return { document, value: api.parse(variableSchema, document, "the secret") };
}

/** @returns one result for each, in their order */
export async function setVariables(
  api: Api,
  variables: readonly NewVariable[],
  overwrite: boolean,
): Promise<readonly VariableResult[]> {
  const path = apiPath`/api/v1/accounts/${await api.account()}/variables`;
  const results: VariableResult[] = [];
  for (let start = 0; start < variables.length; start += mostAtOnce) {
    const batch = variables.slice(start, start + mostAtOnce).map((variable) => ({ ...variable }));
    const answer = await api.read(resultsSchema, "POST", path, { body: { variables: batch, overwrite } });
    results.push(...answer.results);
  }
  return results;
}

export type VariableChange = { readonly value?: string; readonly secret?: boolean; readonly description?: string };

export async function updateVariable(api: Api, name: string, change: VariableChange): Promise<Json> {
  const path = apiPath`/api/v1/accounts/${await api.account()}/variables/${name}`;
  return api.send("PUT", path, { body: { ...change } });
}

export async function deleteVariable(api: Api, name: string): Promise<Json> {
  return api.send("DELETE", apiPath`/api/v1/accounts/${await api.account()}/variables/${name}`);
}

/** @throws Problem for the ones that were not kept */
export function requireKept(results: readonly VariableResult[]): void {
  const failed = results.filter(({ status }) => status !== "created");
  if (failed.length === 0) return;
  const exists = failed.every(({ status }) => status === "exists");
  throw new Problem(exists ? "refused" : "usage", "Not every value was kept.", {
    code: exists ? "exists" : "invalid_variable",
    hint: exists ? "Give --overwrite, or change it: ast secrets update <name>" : "Mend what is named, and repeat.",
    lines: failed.map(({ name, error, status }) => `${name}: ${error ?? status}`),
  });
}
