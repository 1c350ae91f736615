// Routes by which operators look over people, make other operators, and shut people out.

import { listSchema } from "../../contracts/control.ts";
import {
  endedSessionsSchema,
  updateUserSchema,
  userQuerySchema,
  userSchema,
} from "../../contracts/control-operator.ts";
import { asId, type UserId } from "../../contracts/ids.ts";
import { changePerson, signOutEverywhere } from "../../workspaces/operate.ts";
import type { PersonOverview } from "../../workspaces/operator-records.ts";
import { operators } from "./access.ts";
import { controlRoute, noBody, noQuery } from "./declared-route.ts";
import { page } from "./pages.ts";
import { isoTime } from "./shown-values.ts";

const tag = "Operating users";

export const operatorUserRoutes = [
  controlRoute({
    method: "GET",
    path: "/api/operator/users",
    auth: operators,
    tag,
    summary: "Search users",
    description: "Newest first.",
    query: userQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(userSchema),
    handle: ({ query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<UserId>(cursor);
          return services.operating.records.listPeople({ search: query.search, before, limit });
        },
        (person) => person.id,
        (people) => people.map(showPerson),
      ),
  }),
  controlRoute({
    method: "PATCH",
    path: "/api/operator/users/:user",
    auth: operators,
    tag,
    summary: "Update a user",
    description: "Makes and unmakes operators, shuts people out and lets them in. Nobody changes themselves here.",
    query: noQuery,
    body: updateUserSchema,
    status: 200,
    response: userSchema,
    errors: ["conflict"],
    handle: async ({ param, body, caller, services }) => {
      const by = caller.kind === "user" ? caller.user.id : undefined;
      const changes = {
        ...(body.is_operator !== undefined && { isOperator: body.is_operator }),
        ...(body.disabled_reason !== undefined && { disabledReason: body.disabled_reason }),
      };
      return showPerson(await changePerson(services.operating, asId<UserId>(param("user")), by, changes));
    },
  }),
  controlRoute({
    method: "POST",
    path: "/api/operator/users/:user/sign-out",
    auth: operators,
    tag,
    summary: "Sign a user out everywhere",
    query: noQuery,
    body: noBody,
    status: 200,
    response: endedSessionsSchema,
    handle: async ({ param, services }) => ({
      object: "ended_sessions" as const,
      ended: await signOutEverywhere(services.operating, asId<UserId>(param("user"))),
    }),
  }),
];

function showPerson({ id, email, name, isOperator, disabledReason, workspaceCount, createdAt }: PersonOverview) {
  return {
    object: "user" as const,
    id,
    email,
    name,
    is_operator: isOperator,
    disabled_reason: disabledReason ?? null,
    workspace_count: workspaceCount,
    created_at: isoTime(createdAt),
  };
}
