// Routes for the access tokens of the person who is signed in. They take a session: no token makes, shows or ends another.

import type { z } from "zod";
import { listSchema } from "../../contracts/control.ts";
import {
  accessTokenSchema,
  createAccessTokenSchema,
  createdAccessTokenSchema,
  longestAccessTokenDays,
  usualAccessTokenDays,
} from "../../contracts/control-access-tokens.ts";
import { invalidField } from "../../contracts/errors.ts";
import { asId, type AccessTokenId, type WorkspaceId } from "../../contracts/ids.ts";
import { accessTokenKind, type ListedAccessToken } from "../../identity/access-token.ts";
import { inSession, personOf, type Caller } from "./access.ts";
import { accountOf, roleOf } from "./authorize.ts";
import { controlRoute, noBody, noQuery } from "./declared-route.ts";
import type { ControlServices } from "./services.ts";
import { isoTime, optionalTime } from "./shown-values.ts";

const dayMs = 86_400_000;
const path = "/api/me/access-tokens";
const plain = { tag: "People", auth: inSession, query: noQuery, status: 200 } as const;

export const accessTokenRoutes = [
  controlRoute({
    ...plain,
    method: "GET",
    path,
    body: noBody,
    summary: "List your access tokens",
    description: "Newest first, without revoked ones. Their secrets are never shown again.",
    response: listSchema(accessTokenSchema),
    handle: async ({ caller, services }) => {
      const tokens = await services.accessTokens.list(personOf(caller).id);
      const data = tokens.map((token) => showAccessToken(token, services.now()));
      return { object: "list" as const, data, has_more: false, next_cursor: null };
    },
  }),
  controlRoute({
    ...plain,
    method: "POST",
    path,
    body: createAccessTokenSchema,
    status: 201,
    summary: "Create an access token",
    description:
      "For programs: it may do what you may do at the time, except for what is for operators, and except for access tokens, " +
      "sessions and ways of signing in. The answer holds the secret: store it, it is not shown again. It lasts for a year at " +
      "most.",
    response: createdAccessTokenSchema,
    errors: ["conflict"],
    handle: async ({ caller, body, services }) => {
      const { id: userId } = personOf(caller);
      const createdAt = services.now();
      const expiresAt = endOf(body, createdAt);
      const workspaceId = body.workspace === null ? undefined : await ownWorkspace(services, caller, body.workspace);
      const { name, read_only: readOnly } = body;
      const { token, secret } = await services.accessTokens.create({
        userId,
        name,
        readOnly,
        workspaceId,
        createdAt,
        expiresAt,
      });
      return { ...showAccessToken(token, services.now()), secret };
    },
  }),
  controlRoute({
    ...plain,
    method: "DELETE",
    path: `${path}/:access_token`,
    body: noBody,
    summary: "Revoke an access token",
    description: "Counts from its next request on and cannot be undone; repeating it changes nothing.",
    response: accessTokenSchema,
    handle: async ({ caller, param, services }) => {
      const id = asId<AccessTokenId>(param("access_token"));
      return showAccessToken(await services.accessTokens.revoke(personOf(caller).id, id), services.now());
    },
  }),
];

function showAccessToken(token: ListedAccessToken, now: number): z.input<typeof accessTokenSchema> {
  const ended = token.expiresAt <= now ? "expired" : "active";
  return {
    object: "access_token" as const,
    id: token.id,
    name: token.name,
    prefix: accessTokenKind + token.prefix,
    workspace: token.workspace ?? null,
    read_only: token.readOnly,
    status: token.revokedAt === undefined ? ended : "revoked",
    created_at: isoTime(token.createdAt),
    expires_at: isoTime(token.expiresAt),
    revoked_at: optionalTime(token.revokedAt),
    last_used_at: optionalTime(token.lastUsedAt),
  };
}

/** @throws GatewayError invalid_request */
function endOf(
  { expires_in_days: days, expires_at: time }: z.output<typeof createAccessTokenSchema>,
  now: number,
): number {
  if (time === undefined) return now + (days ?? usualAccessTokenDays) * dayMs;
  if (days !== undefined) throw invalidField("expires_at", "absent where `expires_in_days` is given");
  const at = Date.parse(time);
  if (at <= now) throw invalidField("expires_at", "in the future");
  if (at > now + longestAccessTokenDays * dayMs) {
    throw invalidField("expires_at", `at most ${longestAccessTokenDays} days away`);
  }
  return at;
}

/** @throws GatewayError invalid_request, the same for one that is not theirs and for none */
async function ownWorkspace(services: ControlServices, caller: Caller, name: string): Promise<WorkspaceId> {
  const found = await accountOf(name, services.workspaces);
  const role = found && (await roleOf(caller, found.id, services.members.records));
  if (found === undefined || role === undefined) {
    throw invalidField("workspace", "the slug or the id of a workspace that you are a member of");
  }
  return found.id;
}
