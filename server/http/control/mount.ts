// Serves the declared routes with Hono: who calls, how large, is it JSON, then the route's own checks and handler.

import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { GatewayError, toGatewayError } from "../../contracts/errors.ts";
import { headerNames } from "../../contracts/headers.ts";
import { newId, type RequestId } from "../../contracts/ids.ts";
import { parseJson, type Json } from "../../contracts/json.ts";
import { controlRoutes } from "./control-routes.ts";
import type { ControlRoute, RouteDeclaration } from "./declared-route.ts";
import { errorResponse } from "../error-response.ts";
import { openApiDocument } from "./openapi.ts";
import type { ControlServices } from "./services.ts";

const bodyLimitBytes = 1_048_576;

type ControlEnvironment = { Variables: { requestId: RequestId } };
type ControlContext = Context<ControlEnvironment>;

/**
 * Adds `/api/...` to the app.
 * @param otherRoutes what the server answers besides; described in `GET /api/openapi.json`, not served here.
 */
export function mountControlRoutes(
  app: Hono,
  services: ControlServices,
  otherRoutes: readonly RouteDeclaration[] = [],
): void {
  const api = new Hono<ControlEnvironment>();
  api.use("/api/*", async (context, next) => {
    context.set("requestId", newId("req"));
    await next();
    context.res.headers.set(headerNames.requestId, context.get("requestId"));
    context.res.headers.set("cache-control", "no-store");
  });
  api.onError((thrown, context) => refuse(thrown, context, services));
  const document = openApiDocument([...controlRoutes, ...otherRoutes]);
  api.get("/api/openapi.json", (context) => context.json(document));
  for (const route of controlRoutes) serve(api, route, services);
  refuseOtherMethods(api);
  api.all("/api/*", () => {
    throw new GatewayError("not_found");
  });
  app.route("/", api);
}

function serve(api: Hono<ControlEnvironment>, route: ControlRoute, services: ControlServices): void {
  api.on(
    route.method,
    route.path,
    async (context, next) => {
      // Before the body is read: a stranger must not make the server buffer anything.
      if (route.auth.kind !== "public") services.gate.identify(context.req.header("authorization"));
      await next();
    },
    bodyLimit({
      maxSize: bodyLimitBytes,
      onError: () => {
        throw new GatewayError("payload_too_large", undefined, { details: { limit_bytes: bodyLimitBytes } });
      },
    }),
    async (context) => {
      const body = route.method === "GET" ? undefined : jsonOf(await context.req.text());
      const call = { params: context.req.param(), query: context.req.query(), body };
      const answer = await route.answer(call, services);
      return answer instanceof Response ? answer : context.json(answer, route.status);
    },
  );
}

/** As JSON writes it. Postgres' texts cannot hold it. */
const nulCharacter = /(?<!\\)(?:\\\\)*\\u0000/;

/** An empty body arrives as undefined: whether that will do is for the route's schema to say. */
function jsonOf(text: string): Json | undefined {
  if (text.trim() === "") return undefined;
  const body = parseJson(text);
  if (body === undefined) throw new GatewayError("invalid_json");
  if (nulCharacter.test(text)) throw new GatewayError("invalid_request", "Text may not hold the character U+0000.");
  return body;
}

function refuseOtherMethods(api: Hono<ControlEnvironment>): void {
  for (const path of new Set(controlRoutes.map((route) => route.path))) {
    const allowed = controlRoutes.filter((route) => route.path === path).map((route) => route.method);
    api.all(path, (context) => {
      const response = errorResponse(new GatewayError("method_not_allowed"), context.get("requestId"));
      response.headers.set("allow", allowed.join(", "));
      return response;
    });
  }
}

function refuse(thrown: unknown, context: ControlContext, services: ControlServices): Response {
  const error = toGatewayError(thrown);
  const requestId = context.get("requestId");
  if (error.status >= 500) services.reportFault(`control API, ${requestId}`, error);
  return errorResponse(error, requestId);
}
