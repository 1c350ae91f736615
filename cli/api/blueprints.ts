// Blueprints and their builds on the server.

import { z } from "zod";
import type { Json } from "../../server/contracts/json.ts";
import type { Api } from "./api.ts";
import { apiPath, queryOf } from "./http-client.ts";

const blueprintSchema = z.object({
  account: z.string(),
  name: z.string(),
  visibility: z.string(),
  archived_at: z.string().nullish(),
  versions: z.array(
    z.object({
      build_id: z.string(),
      published_at: z.string(),
      readme: z.string().optional(),
      agent_card: z.object({ body: z.string() }).optional(),
    }),
  ),
  metrics: z.object({ deploy_count: z.number() }).nullish(),
});
const blueprintsSchema = z.object({ agents: z.array(blueprintSchema) });
const buildsSchema = z.object({
  builds: z.array(
    z.object({
      build_id: z.string(),
      published_at: z.string(),
      published_by: z.string().default(""),
      registry: z.string().default(""),
      deployed: z.boolean().default(false),
      validation_warnings: z.array(z.object({ message: z.string(), path: z.string() })).default([]),
    }),
  ),
});

export type Blueprint = z.output<typeof blueprintSchema>;
export type Build = z.output<typeof buildsSchema>["builds"][number];

/** What was read, and the server's own document for --json. */
export type Read<Value> = { readonly value: Value; readonly document: Json };

/** The account and the name that `@account/name` or `name` stand for. */
export async function blueprintOf(api: Api, typed: string): Promise<{ account: string; name: string }> {
  const [, scope, scoped] = /^@([^/]+)\/(.+)$/.exec(typed) ?? [];
  return scope === undefined || scoped === undefined
    ? { account: await api.account(), name: typed }
    : { account: scope, name: scoped };
}

export async function listBlueprints(api: Api, archived: boolean): Promise<Read<readonly Blueprint[]>> {
  const path = apiPath`/api/v1/agents/${await api.account()}`;
  const document = await api.send("GET", path + queryOf({ archived: archived ? "true" : undefined }));
  return { document, value: api.parse(blueprintsSchema, document, "the list of blueprints").agents };
}

export async function getBlueprint(api: Api, typed: string): Promise<Read<Blueprint>> {
  const { account, name } = await blueprintOf(api, typed);
  const document = await api.send("GET", apiPath`/api/v1/agents/${account}/${name}`);
  return { document, value: api.parse(blueprintSchema, document, "the blueprint") };
}

/** Newest first. */
export async function listBuilds(api: Api, typed: string): Promise<Read<readonly Build[]>> {
  const { account, name } = await blueprintOf(api, typed);
  const document = await api.send("GET", apiPath`/api/v1/agents/${account}/${name}/builds`);
  return { document, value: api.parse(buildsSchema, document, "the list of builds").builds };
}

export async function setVisibility(api: Api, typed: string, visibility: string): Promise<Json> {
  const { account, name } = await blueprintOf(api, typed);
  return api.send("PATCH", apiPath`/api/v1/agents/${account}/${name}`, { body: { visibility } });
}

export async function archiveBlueprint(api: Api, typed: string): Promise<Json> {
  const { account, name } = await blueprintOf(api, typed);
  return api.send("DELETE", apiPath`/api/v1/agents/${account}/${name}`);
}
