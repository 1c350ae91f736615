// A route as one object: what it takes, who may call it, what it answers, and the code behind it. Serving, OpenAPI and the
// reference docs all read the same object.

import { z } from "zod";
import type { CallOrigin } from "../../audit-log/audit-event.ts";
import { invalidBody, problemsOf } from "../../contracts/control-problems.ts";
import { GatewayError, type ErrorCode } from "../../contracts/errors.ts";
import { asId, type WorkspaceId } from "../../contracts/ids.ts";
import type { Json } from "../../contracts/json.ts";
import type { Deployment } from "../../agents/deployment.ts";
import { findDeployment, noDeployment } from "../../agents/find-deployment.ts";
import type { MemberRole, Workspace } from "../../workspaces/workspace.ts";
import { getWorkspace } from "../../workspaces/manage-workspaces.ts";
import { noAccount } from "./authorize.ts";
import { anyone, type Caller, type RouteAuth } from "./access.ts";
import type { ControlServices } from "./services.ts";

/** What OpenAPI and the docs need to know of a route, whoever serves it. */
export type RouteDeclaration<Auth = unknown> = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With parameters as `:name`. */
  readonly path: string;
  readonly auth: Auth;
  readonly tag: string;
  /** A short verb phrase: `List API keys`. Also gives the operation its id. */
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  /** Request headers beyond those of authentication, all optional. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The status of success and the schema of its body. */
  readonly status: 200 | 201;
  readonly response: z.ZodType;
  /** What the body is sent as; absent: JSON. Then the handler gives the whole answer. */
  readonly media?: string;
  /** The handler reads the body by itself: it is no JSON of the control API, or larger than that may be. */
  readonly unread?: true;
  /** False for calls other than GET that change nothing and would only fill the audit log. */
  readonly audited?: false;
  /** Refusals beyond those that every route of its kind can answer with. */
  readonly errors?: readonly ErrorCode[];
};

/** A request before its parts are checked. `body` is undefined when none was sent. */
export type UncheckedCall = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  /** Undefined on public routes, when nobody is signed in. */
  readonly caller: Caller | undefined;
  /** The caller's in the workspace of the path; undefined for operators who are no members of it. */
  readonly role: MemberRole | undefined;
  /** The account of the path; undefined where the path names none, or none that there is. */
  readonly workspace: Workspace | undefined;
  readonly origin: CallOrigin;
} & Connection;

type Connection = {
  readonly request: Request;
  /** Exempts the connection from the idle timeout; to be called once the body is read. */
  readonly stayOpen: () => void;
};

export type ControlRoute = RouteDeclaration<RouteAuth> & {
  /** Checks the call and answers it with the body to send as JSON, or with a whole answer. @throws GatewayError */
  readonly answer: (call: UncheckedCall, services: ControlServices) => Promise<unknown>;
};

type ParameterOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type Call<Path extends string, Query extends z.ZodType, Body extends z.ZodType> = {
  /** A parameter of the path. */
  readonly param: (name: ParameterOf<Path>) => string;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
  readonly services: ControlServices;
  readonly origin: CallOrigin;
} & Connection;

type Definition<
  Path extends string,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shown extends z.ZodType,
  Extra,
> = Omit<RouteDeclaration<RouteAuth>, "path" | "query" | "body" | "response"> & {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly response: Shown;
  readonly handle: (call: Call<Path, Query, Body> & Extra) => Answer<Shown> | Promise<Answer<Shown>>;
};

/** The body to send as JSON, or a whole answer of another media type. */
type Answer<Schema extends z.ZodType> = z.input<Schema> | Response;

/** For routes that take no query. */
export const noQuery = z.strictObject({});
/** For routes that take no body; clients that always send `{}` are welcome. */
export const noBody = z.strictObject({}).optional();

/** A route for callers with a credential. */
export function controlRoute<
  Path extends string,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shown extends z.ZodType,
>(definition: Definition<Path, Query, Body, Shown, { readonly caller: Caller }>): ControlRoute {
  return declare(definition, async (call) => ({ caller: callerOf(call) }));
}

/** A route for everybody; its handler learns who is signed in, if anybody is. */
export function publicRoute<
  Path extends string,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shown extends z.ZodType,
>(
  definition: Omit<Definition<Path, Query, Body, Shown, { readonly caller: Caller | undefined }>, "auth">,
): ControlRoute {
  return declare({ ...definition, auth: anyone }, async ({ caller }) => ({ caller }));
}

/**
 * A route inside one workspace: answers 404 when there is no such workspace, and hands it to the handler, with the
 * caller's role in it.
 */
export function workspaceRoute<
  Path extends `/api/workspaces/:workspace${string}`,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shown extends z.ZodType,
>(definition: Definition<Path, Query, Body, Shown, InsideWorkspace>): ControlRoute {
  return declare(definition, async (call, services) => ({
    workspace: await getWorkspace(services.workspaces, asId<WorkspaceId>(call.params["workspace"] ?? "")),
    caller: callerOf(call),
    role: call.role,
  }));
}

/**
 * A route of an account, below `/api/v1`: `:account` is a workspace's slug or its id. Answers account_not_found when there
 * is none, and hands it to the handler, with the caller's role in it. With roles as its `auth` only members pass; with
 * `signedIn` everybody does, and the handler decides by the role.
 */
export function accountRoute<
  Path extends `/api/v1/${"accounts" | "agents"}/:account${string}`,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shown extends z.ZodType,
>(definition: Definition<Path, Query, Body, Shown, InsideWorkspace>): ControlRoute {
  return declare(definition, async (call) => {
    const { workspace, role } = call;
    if (workspace === undefined) throw noAccount(call.params["account"]);
    return { workspace, caller: callerOf(call), role };
  });
}

/** A route of one deployment: the caller acts in the workspace that it belongs to. Strangers find none. */
export function deploymentRoute<
  Path extends `/api/v1/deployments/:deployment${string}`,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shown extends z.ZodType,
>(
  definition: Definition<Path, Query, Body, Shown, InsideWorkspace & { readonly deployment: Deployment }>,
): ControlRoute {
  return declare(definition, async (call, services) => {
    const { workspace, role } = call;
    const { records } = await services.deployments();
    const deployment = await findDeployment(records, call.params["deployment"] ?? "");
    if (workspace === undefined) throw noDeployment(deployment.id);
    return { workspace, caller: callerOf(call), role, deployment };
  });
}

type InsideWorkspace = Pick<UncheckedCall, "role"> & { readonly workspace: Workspace; readonly caller: Caller };

function callerOf({ caller }: UncheckedCall): Caller {
  if (caller === undefined) throw new GatewayError("unauthorized", "Sign in first.");
  return caller;
}

function declare<
  Path extends string,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Shown extends z.ZodType,
  Extra,
>(
  definition: Definition<Path, Query, Body, Shown, Extra>,
  prepare: (call: UncheckedCall, services: ControlServices) => Promise<Extra>,
): ControlRoute {
  const { handle, query, body, ...declaration } = definition;
  return {
    ...declaration,
    query,
    body,
    answer: async (call, services) => {
      const extra = await prepare(call, services);
      const checked = { query: checkedBy(query, call.query), body: checkedBy(body, call.body) };
      const param = (name: ParameterOf<Path>) => call.params[name] ?? "";
      const { origin, request, stayOpen } = call;
      return handle({ ...checked, param, services, origin, request, stayOpen, ...extra });
    },
  };
}

function checkedBy<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidBody(problemsOf(result.error));
}
