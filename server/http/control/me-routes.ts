// Routes for the person who is signed in, for the ways of signing in, and for the link that makes an owner.

import { z } from "zod";
import { listSchema } from "../../contracts/control.ts";
import {
  authMethodsSchema,
  meSchema,
  ownerLinkSchema,
  sessionSchema,
  type usedAccessTokenSchema,
} from "../../contracts/control-me.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { makeOwnerLink } from "../../identity/owner-link.ts";
import { accessTokenOf, inSession, operators, personOf, signedIn, type Caller } from "./access.ts";
import { controlRoute, noBody, noQuery, publicRoute } from "./declared-route.ts";
import type { Membership, Person } from "../../identity/people-records.ts";
import { foundFirstWorkspace } from "../../workspaces/found-workspace.ts";
import type { ControlServices } from "./services.ts";
import { isoTime } from "./shown-values.ts";

const tag = "People";
const plain = { tag, query: noQuery, body: noBody, status: 200 } as const;

export const meRoutes = [
  controlRoute({
    ...plain,
    method: "GET",
    path: "/api/me",
    auth: signedIn,
    summary: "Get the person who is signed in",
    response: meSchema,
    handle: async ({ caller, services }) => {
      const { id, sessionId } = personOf(caller);
      const person = await services.people.find(id);
      if (person === undefined) throw new GatewayError("unauthorized", "Sign in again.");
      const memberships = await ownWorkspaces(services, person, caller);
      return {
        object: "me" as const,
        id,
        email: person.email,
        name: person.name,
        email_verified: person.emailVerified,
        is_operator: person.isOperator,
        two_factor_enabled: person.twoFactorEnabled,
        has_password: person.hasPassword,
        created_at: isoTime(person.createdAt),
        session_id: sessionId ?? null,
        access_token: showUsedToken(caller),
        workspaces: memberships.map(({ workspaceId, name, slug, status, role }) => ({
          id: workspaceId,
          name,
          slug,
          status,
          role,
        })),
      };
    },
  }),
  controlRoute({
    ...plain,
    method: "GET",
    path: "/api/me/sessions",
    auth: inSession,
    summary: "List your sessions",
    description: "Newest first; browsers and programs that are signed in as you.",
    response: listSchema(sessionSchema),
    handle: async ({ caller, services }) => {
      const { id, sessionId } = personOf(caller);
      const sessions = await services.people.sessions(id, services.now());
      const data = sessions.map((session) => ({
        object: "session" as const,
        id: session.id,
        current: session.id === sessionId,
        user_agent: session.userAgent,
        address: session.address,
        created_at: isoTime(session.createdAt),
        refreshed_at: isoTime(session.refreshedAt),
        expires_at: isoTime(session.expiresAt),
      }));
      return { object: "list" as const, data, has_more: false, next_cursor: null };
    },
  }),
  controlRoute({
    ...plain,
    method: "DELETE",
    path: "/api/me/sessions/:session",
    auth: inSession,
    summary: "End one of your sessions",
    description: "Counts from its next request on.",
    response: z.strictObject({ object: z.literal("ended_sessions"), ended: z.number().int() }),
    handle: async ({ caller, param, services }) => {
      const ended = await services.people.endSession(personOf(caller).id, param("session"));
      if (!ended) throw new GatewayError("not_found", "You have no such session; it may have ended already.");
      return { object: "ended_sessions" as const, ended: 1 };
    },
  }),
  controlRoute({
    ...plain,
    method: "DELETE",
    path: "/api/me/sessions",
    auth: inSession,
    summary: "End all your other sessions",
    response: z.strictObject({ object: z.literal("ended_sessions"), ended: z.number().int() }),
    handle: async ({ caller, services }) => {
      const { id, sessionId } = personOf(caller);
      if (sessionId === undefined) throw new GatewayError("forbidden");
      return { object: "ended_sessions" as const, ended: await services.people.endOtherSessions(id, sessionId) };
    },
  }),
  publicRoute({
    ...plain,
    method: "GET",
    path: "/api/auth-methods",
    summary: "List the ways of signing in",
    response: authMethodsSchema,
    handle: async ({ services }) => {
      const { signUp, providers, letters, passkeys } = services.waysIn;
      return {
        object: "auth_methods" as const,
        password: true,
        sign_up: signUp,
        magic_link: letters,
        password_reset: letters,
        passkey: passkeys,
        providers: providers.map(({ id, label }) => ({ id, label })),
        claimed: await services.ownerLinks.records.isClaimed(),
      };
    },
  }),
  controlRoute({
    ...plain,
    method: "POST",
    path: "/api/owner-link",
    auth: operators,
    status: 201,
    summary: "Make a link that makes the owner",
    description:
      "For an owner who cannot sign in any more: every earlier way in of the owner ends when the link is used. Takes the operator token; a person's session does not do.",
    response: ownerLinkSchema,
    handle: async ({ caller, services }) => {
      if (caller.kind !== "operator") {
        throw new GatewayError("forbidden", "This takes the operator token, which `astrolabe token` prints.");
      }
      return { object: "owner_link" as const, url: await makeOwnerLink(services.ownerLinks) };
    },
  }),
];

/** The access token that a call came with, as it learns of itself. */
export function showUsedToken(caller: Caller): z.input<typeof usedAccessTokenSchema> | null {
  const token = accessTokenOf(caller);
  if (token === undefined) return null;
  const { id, name, readOnly, workspaceId, expiresAt } = token;
  return { id, name, read_only: readOnly, workspace_id: workspaceId ?? null, expires_at: isoTime(expiresAt) };
}

/** Those in which the caller's credential counts. Somebody who has none yet gets one, unless a program asks. */
export async function ownWorkspaces(
  { people, founding }: ControlServices,
  person: Person,
  caller: Caller,
): Promise<readonly Membership[]> {
  const found = await people.memberships(person.id);
  const token = accessTokenOf(caller);
  if (token !== undefined) {
    return found.filter(({ workspaceId }) => [workspaceId, undefined].includes(token.workspaceId));
  }
  if (found.length > 0) return found;
  await foundFirstWorkspace(founding, person);
  return people.memberships(person.id);
}
