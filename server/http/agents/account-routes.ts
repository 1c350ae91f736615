// Routes below `/api/v1` for who is signed in and the accounts that they have. An account is a workspace.

import {
  accountCheckSchema,
  accountSchema,
  accountsMeSchema,
  createAccountSchema,
  type Account,
} from "../../contracts/agents-accounts.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Membership } from "../../identity/people-records.ts";
import { foundWorkspace } from "../../workspaces/found-workspace.ts";
import { slugProblem } from "../../workspaces/slug.ts";
import { accessTokenOf, acrossWorkspaces, personOf, signedIn } from "../control/access.ts";
import { controlRoute, noBody, noQuery, publicRoute } from "../control/declared-route.ts";
import { ownWorkspaces, showUsedToken } from "../control/me-routes.ts";
import { optionalTime } from "../control/shown-values.ts";

const tag = "Agents: accounts";

export const accountRoutes = [
  controlRoute({
    method: "GET",
    path: "/api/v1/me",
    auth: signedIn,
    tag,
    summary: "Get yourself and your accounts",
    description: "For somebody without any account one is made, where that is allowed.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: accountsMeSchema,
    handle: async ({ caller, services }) => {
      const { id, sessionId } = personOf(caller);
      const person = await services.people.find(id);
      if (person === undefined) throw new GatewayError("unauthorized", "Sign in again.");
      const { email, name, isOperator } = person;
      const [firstName = "", ...others] = name.trim().split(/\s+/);
      const token = accessTokenOf(caller);
      const sessions = token === undefined ? await services.people.sessions(id, services.now()) : [token];
      const used = sessions.find((session) => session.id === (token?.id ?? sessionId));
      const shown = { id, email, name, first_name: firstName, last_name: others.join(" "), is_operator: isOperator };
      return {
        user: shown,
        session: { id: token?.id ?? sessionId ?? "", expires_at: optionalTime(used?.expiresAt) },
        access_token: showUsedToken(caller),
        accounts: accountsOf(await ownWorkspaces(services, person, caller)),
      };
    },
  }),
  publicRoute({
    method: "GET",
    path: "/api/v1/accounts/check/:name",
    tag,
    summary: "Check whether an account's name is free",
    query: noQuery,
    body: noBody,
    status: 200,
    response: accountCheckSchema,
    handle: async ({ param, services }) => {
      const name = param("name");
      const problem = slugProblem(name);
      if (problem !== undefined) return { available: false, reason: problem };
      const taken = await services.workspaces.records.findBySlug(name);
      return taken === undefined ? { available: true } : { available: false, reason: `The name ${name} is taken.` };
    },
  }),
  controlRoute({
    method: "POST",
    path: "/api/v1/accounts",
    auth: acrossWorkspaces,
    tag,
    summary: "Create an account",
    description: "A workspace with this slug, whose owner is the caller. The same limits hold as for workspaces.",
    query: noQuery,
    body: createAccountSchema,
    status: 201,
    response: accountSchema,
    errors: ["conflict"],
    handle: async ({ body, caller, services }) => {
      const founder = personOf(caller);
      const display = body.display_name ?? body.name;
      const { id, name, slug, status } = await foundWorkspace(services.founding, founder, display, body.name);
      const own = accountsOf(await services.people.memberships(founder.id));
      const made = { id, name: slug, display_name: name, role: "owner", status, workos_org_id: "" } as const;
      return own.find((account) => account.id === id) ?? { ...made, type: "organization" as const };
    },
  }),
];

/** The first that this person owns is the personal one; for a guest everywhere the first of all is. */
function accountsOf(memberships: readonly Membership[]): Account[] {
  const personal = memberships.find(({ role }) => role === "owner") ?? memberships[0];
  const others = memberships.filter((membership) => membership !== personal);
  return [...(personal === undefined ? [] : [personal]), ...others].map((membership) => ({
    id: membership.workspaceId,
    name: membership.slug,
    display_name: membership.name,
    type: membership === personal ? "personal" : "organization",
    role: membership.role,
    status: membership.status,
    workos_org_id: "",
  }));
}
