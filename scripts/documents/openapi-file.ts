// docs/reference/openapi.json: the document that a running server gives at GET /api/openapi.json.

import { rolesInWords, type RouteAuth } from "../../server/http/control/access.ts";
import { controlRoutes } from "../../server/http/control/control-routes.ts";
import { openApiDocument } from "../../server/http/control/openapi.ts";
import { gatewayDeclarations } from "../../server/http/gateway/declarations.ts";
import { memberRoles } from "../../server/workspaces/workspace.ts";
import { code, table } from "./markdown.ts";

export function openApiFile(): string {
  return `${JSON.stringify(openApiDocument([...controlRoutes, ...gatewayDeclarations]), null, 2)}\n`;
}

/** Operators may call everything; they are named only where nobody else may. */
function whoMay(auth: RouteAuth): string {
  const others = { public: "anyone", user: "anyone signed in", operator: "operators" };
  if (auth.kind === "user" && auth.by === "session") return "signed in, by session";
  if (auth.kind !== "member") return others[auth.kind];
  return auth.roles.length === memberRoles.length ? "members" : (rolesInWords(auth) ?? "");
}

/** The control API at a glance. */
export function controlRouteTable(): string {
  const rows = controlRoutes.map((route) => [code(`${route.method} ${route.path}`), route.summary, whoMay(route.auth)]);
  return table(["Route", "Does", "Who"], rows);
}
