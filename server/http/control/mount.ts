// Serves the declared routes with Hono: who calls, how large, is it JSON, then the route's own checks and handler.

import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { GatewayError, toGatewayError } from "../../contracts/errors.ts";
import { headerNames } from "../../contracts/headers.ts";
import { asId, newId, type DeploymentId, type RequestId } from "../../contracts/ids.ts";
import { parseJson, type Json, type JsonObject } from "../../contracts/json.ts";
import { callOrigin } from "../call-origin.ts";
import type { Workspace } from "../../workspaces/workspace.ts";
import { agentsErrorResponse } from "../agents/error-response.ts";
import { readers, type RouteAuth } from "./access.ts";
import { auditEventOf, type AuditedCall } from "./audited.ts";
import { accountOf, authorize, authorizeToken, roleIn } from "./authorize.ts";
import { controlRoutes } from "./control-routes.ts";
import type { ControlRoute, RouteDeclaration } from "./declared-route.ts";
import { errorResponse } from "../error-response.ts";
import { openApiDocument } from "./openapi.ts";
import { pathReader } from "../public-path.ts";
import { requireSameOrigin } from "./same-origin.ts";
import type { ControlServices } from "./services.ts";
import { stayOpen } from "../stay-open.ts";
import { mountStripeWebhook } from "./stripe-webhook.ts";

const bodyLimitBytes = 1_048_576;

type ControlEnvironment = {
  Variables: {
    requestId: RequestId;
    /** What is known of the call so far; set once its caller has been looked for. */
    audited: AuditedCall;
  };
};
type ControlContext = Context<ControlEnvironment>;

/**
 * What answers below `/api/`.
 * @param otherRoutes what the server answers besides; described in `GET /api/openapi.json`, not served here.
 */
export function controlApi(
  services: ControlServices,
  otherRoutes: readonly RouteDeclaration[],
): Hono<ControlEnvironment> {
  const api = new Hono<ControlEnvironment>({ getPath: pathReader(services.publicUrl) });
  api.use("/api/*", async (context, next) => {
    context.set("requestId", newId("req"));
    await next();
    const { headers } = context.res;
    // An answer that the request path gave is known by the id of its trace.
    if (!headers.has(headerNames.requestId)) headers.set(headerNames.requestId, context.get("requestId"));
    headers.set("cache-control", "no-store");
    headers.set("x-content-type-options", "nosniff");
  });
  api.onError((thrown, context) => refuse(thrown, context, services));
  let document: JsonObject | undefined;
  api.get("/api/openapi.json", (context) =>
    context.json((document ??= openApiDocument([...controlRoutes, ...otherRoutes]))),
  );
  mountStripeWebhook(api, services);
  for (const route of controlRoutes) serve(api, route, services);
  refuseOtherMethods(api);
  api.all("/api/*", () => {
    throw new GatewayError("not_found");
  });
  return api;
}

const limitBody = bodyLimit({
  maxSize: bodyLimitBytes,
  onError: () => {
    throw new GatewayError("payload_too_large", undefined, { details: { limit_bytes: bodyLimitBytes } });
  },
});

function serve(api: Hono<ControlEnvironment>, route: ControlRoute, services: ControlServices): void {
  api.on(
    route.method,
    route.path,
    async (context, next) => {
      // Before the body is read: a stranger must not make the server buffer anything.
      await admit(route, context, services);
      await next();
    },
    (context, next) => (route.unread ? next() : limitBody(context, next)),
    async (context) => {
      const audited = context.get("audited");
      const { caller, role, params, workspace } = audited;
      const body = route.method === "GET" || route.unread ? undefined : jsonOf(await context.req.text());
      context.set("audited", { ...audited, body });
      const origin = audited.origin;
      const connection = { request: context.req.raw, stayOpen: stayOpen(context) };
      const query = context.req.query();
      const answer = await route.answer(
        { params, query, body, caller, role, workspace, origin, ...connection },
        services,
      );
      if (route.method !== "GET" && route.audited !== false) {
        const requestId = tracedAs(answer) ?? audited.requestId;
        await services.audit.record(auditEventOf({ ...audited, body, requestId }, "done", answer));
      }
      return answer instanceof Response ? answer : context.json(answer, route.status);
    },
  );
}

/** The id of an answer that the request path gave: it leads from the audit log to the trace. */
function tracedAs(answer: unknown): RequestId | undefined {
  const id = answer instanceof Response ? answer.headers.get(headerNames.requestId) : null;
  return id === null ? undefined : asId<RequestId>(id);
}

/**
 * Finds out who calls, and whether they may. What is known so far is noted as it becomes known, for the audit log.
 * @throws GatewayError unauthorized, rate_limited, forbidden; not_found for strangers to the workspace
 */
async function admit(route: ControlRoute, context: ControlContext, services: ControlServices): Promise<void> {
  const { headers } = context.req.raw;
  const { auth } = route;
  const requestId = context.get("requestId");
  const origin = callOrigin(context, services.trustedProxies);
  const named = context.req.param();
  const workspace = await workspaceOf(named, services);
  const params = workspace === undefined ? named : { ...named, workspace: workspace.id };
  const known = { route, requestId, origin, params, workspace, role: undefined, body: undefined };
  const caller = auth.kind === "public" ? await services.gate.find(headers) : await services.gate.identify(headers);
  context.set("audited", { ...known, caller });
  if (caller === undefined) return;
  const isBrowser = caller.kind === "user" && caller.user.via === "cookie";
  if (isBrowser && route.method !== "GET") requireSameOrigin(headers, services.publicUrl);
  const role = await roleIn(rolesAskedBy(route), caller, params, services.members.records);
  context.set("audited", { ...known, caller, role });
  authorizeToken(auth, route.method, caller);
  authorize(auth, caller, role, params);
}

/** The workspace of an account or a deployment in the path; undefined also when there is none. */
async function workspaceOf(
  named: Readonly<Record<string, string>>,
  services: ControlServices,
): Promise<Workspace | undefined> {
  if (named["account"] !== undefined) return accountOf(named["account"], services.workspaces);
  if (named["deployment"] === undefined) return undefined;
  const { records } = await services.deployments();
  const deployment = await records.find(asId<DeploymentId>(named["deployment"]));
  return deployment && services.workspaces.records.find(deployment.workspaceId);
}

/** Handlers of routes that are open to everybody who is signed in ask for the role too, where there is an account. */
function rolesAskedBy({ auth, path }: ControlRoute): RouteAuth {
  return auth.kind === "user" && path.includes("/:account") ? readers : auth;
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
      const response = refusal(context, new GatewayError("method_not_allowed"), context.get("requestId"));
      response.headers.set("allow", allowed.join(", "));
      return response;
    });
  }
}

async function refuse(thrown: unknown, context: ControlContext, services: ControlServices): Promise<Response> {
  const error = toGatewayError(thrown);
  const requestId = context.get("requestId");
  const audited: AuditedCall | undefined = context.get("audited");
  if (error.status === 403 && audited?.caller !== undefined) {
    await services.audit.record(auditEventOf(audited, "refused", undefined));
  }
  if (error.status >= 500) services.reportFault(`control API, ${requestId}`, error);
  return refusal(context, error, requestId);
}

/** Below `/api/v1` errors have the shape that programs for agents read. */
function refusal(context: ControlContext, error: GatewayError, requestId: RequestId): Response {
  return context.req.path.startsWith("/api/v1/")
    ? agentsErrorResponse(error, requestId)
    : errorResponse(error, requestId);
}
