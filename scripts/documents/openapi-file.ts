// docs/reference/openapi.json: the document that a running server gives at GET /api/openapi.json.

import { controlRoutes } from "../../server/http/control/control-routes.ts";
import { openApiDocument } from "../../server/http/control/openapi.ts";
import { gatewayDeclarations } from "../../server/http/gateway/declarations.ts";
import { code, table } from "./markdown.ts";

export function openApiFile(): string {
  return `${JSON.stringify(openApiDocument([...controlRoutes, ...gatewayDeclarations]), null, 2)}\n`;
}

/** The control API at a glance. */
export function controlRouteTable(): string {
  const rows = controlRoutes.map((route) => [code(`${route.method} ${route.path}`), route.summary]);
  return table(["Route", "Does"], rows);
}
