// The access tokens of the person who is signed in.

import { z } from "zod";
import type { Json } from "../../server/contracts/json.ts";
import { Problem } from "../problem.ts";
import type { Api } from "./api.ts";
import type { Read } from "./blueprints.ts";
import { apiPath } from "./http-client.ts";

const path = "/api/me/access-tokens";

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().default(""),
  workspace: z.object({ slug: z.string() }).nullish(),
  read_only: z.boolean().default(false),
  status: z.string(),
  expires_at: z.string(),
  last_used_at: z.string().nullish(),
});
const tokensSchema = z.object({ data: z.array(tokenSchema) });
const createdSchema = tokenSchema.extend({ secret: z.string().min(1) });

export type AccessToken = z.output<typeof tokenSchema>;

export type NewAccessToken = {
  readonly name: string;
  /** As the server takes it; empty: its default. */
  readonly end: { readonly expires_in_days?: number; readonly expires_at?: string };
  /** The only account in which it counts; undefined: all. */
  readonly account: string | undefined;
  readonly isReadOnly: boolean;
};

/** Newest first. @throws Problem */
export async function listAccessTokens(api: Api): Promise<Read<readonly AccessToken[]>> {
  const document = await api.send("GET", path);
  return { document, value: api.parse(tokensSchema, document, "the list of access tokens").data };
}

/** The answer holds the secret. @throws Problem */
export async function createAccessToken(
  api: Api,
  { name, end, account, isReadOnly }: NewAccessToken,
): Promise<Read<z.output<typeof createdSchema>>> {
  const body = { name, ...end, workspace: account ?? null, read_only: isReadOnly };
  const document = await api.send("POST", path, { body });
  return { document, value: api.parse(createdSchema, document, "the new access token") };
}

/** By id, or by its name. @throws Problem not_found, usage when several are called so */
export async function findAccessToken(api: Api, typed: string): Promise<AccessToken> {
  const { value } = await listAccessTokens(api);
  const byId = value.find(({ id }) => id === typed);
  if (byId !== undefined) return byId;
  const [found, ...others] = value.filter(({ name }) => name === typed);
  if (found === undefined) {
    throw new Problem("not_found", `You have no access token "${typed}".`, { hint: "List them: ast tokens list" });
  }
  if (others.length === 0) return found;
  throw new Problem("usage", `Several access tokens are called "${typed}".`, {
    hint: "Name one by its id.",
    lines: [found, ...others].map(({ id, prefix }) => `${id} (${prefix}…)`),
  });
}

/** @throws Problem */
export async function revokeAccessToken(api: Api, id: string): Promise<Json> {
  return api.send("DELETE", apiPath`/api/me/access-tokens/${id}`);
}
