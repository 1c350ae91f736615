// The keys that agents call the gateway with: development keys of people, and keys of deployments.

import { z } from "zod";
import type { Json } from "../../server/contracts/json.ts";
import { Problem } from "../problem.ts";
import type { Api } from "./api.ts";
import type { Read } from "./blueprints.ts";
import { apiPath, queryOf } from "./http-client.ts";

const keySchema = z.object({
  key_id: z.string(),
  kind: z.string(),
  name: z.string(),
  prefix: z.string().default(""),
  status: z.string(),
  user: z.object({ email: z.string() }).nullish(),
  deployment: z.object({ id: z.string(), agent: z.string(), name: z.string() }).nullish(),
  created_at: z.string(),
  expires_at: z.string().nullish(),
  last_used_at: z.string().nullish(),
  previous_ends_at: z.string().nullish(),
});
const keysSchema = z.object({ keys: z.array(keySchema) });

const developmentKeySchema = z.object({
  key_id: z.string().default(""),
  api_key: z.string().min(1),
  /** What goes into ASTRO_GATEWAY_URL. */
  base_url: z.string().min(1),
  expires_at: z.string(),
});

export type GatewayKey = z.output<typeof keySchema>;
export type DevelopmentKey = z.output<typeof developmentKeySchema>;

/** The development key of the person who is signed in: the same one for a day. @throws Problem */
export async function developmentKey(api: Api): Promise<DevelopmentKey> {
  return api.read(developmentKeySchema, "POST", apiPath`/api/v1/accounts/${await api.account()}/ai-gateway-keys`);
}

/** @param ended whether to list keys that count no more, too. */
export async function listKeys(api: Api, ended: boolean): Promise<Read<readonly GatewayKey[]>> {
  const path = apiPath`/api/v1/accounts/${await api.account()}/ai-gateway-keys`;
  const document = await api.send("GET", path + queryOf({ all: ended ? "true" : undefined }));
  return { document, value: api.parse(keysSchema, document, "the list of keys").keys };
}

/** By id, or by the name of the deployment whose key it is. @throws Problem not_found, usage when several are called so */
export async function findKey(api: Api, typed: string): Promise<GatewayKey> {
  const { value } = await listKeys(api, false);
  const exact = value.find(({ key_id, prefix }) => key_id === typed || prefix === typed);
  const named = value.filter(({ name, deployment }) => [name, deployment?.name, deployment?.id].includes(typed));
  if (exact !== undefined || named.length === 1) return exact ?? named[0] ?? missing(typed);
  if (named.length === 0) return missing(typed);
  throw new Problem("usage", `Several keys are called "${typed}".`, {
    hint: "Name one by its id.",
    lines: named.map(({ key_id, name }) => `${key_id}  ${name}`),
  });
}

function missing(typed: string): never {
  throw new Problem("not_found", `There is no key "${typed}" that still counts.`, {
    hint: "`ast keys list` shows those that there are.",
  });
}

/** @param overlapMinutes how long the old secret works on. */
export async function rotateKey(api: Api, id: string, overlapMinutes: number): Promise<Json> {
  const path = apiPath`/api/v1/accounts/${await api.account()}/ai-gateway-keys/${id}/rotate`;
  return api.send("POST", path, { body: { overlap_minutes: overlapMinutes } });
}

export async function revokeKey(api: Api, id: string): Promise<Json> {
  return api.send("DELETE", apiPath`/api/v1/accounts/${await api.account()}/ai-gateway-keys/${id}`);
}
