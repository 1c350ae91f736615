// An API server of Kubernetes that keeps objects, plays the controllers and refuses what a real one refuses: fields that no
// schema knows (400), what is missing (422), what is in the way (409), what the role does not allow (403).

import { isObject, numberAt, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { allows, type Rule } from "./kubernetes-double/access.ts";
import { applied, mergePatched } from "./kubernetes-double/apply.ts";
import { createControllers } from "./kubernetes-double/controllers.ts";
import { invalid, kinds, unknownFields, type KindInfo } from "./kubernetes-double/kinds.ts";
import { createStore, matches, type Store, type Stored } from "./kubernetes-double/store.ts";

export type KubernetesDouble = {
  readonly url: string;
  readonly store: Store;
  /** Every call of the server that is under test: `PATCH deployments/name`. */
  readonly calls: string[];
  /** Answers the next calls that match with a status, so many times. */
  fail(matching: RegExp, status: number, times: number): void;
  /** Ends all failures. */
  heal(): void;
  close(): Promise<void>;
};

export type DoubleOptions = {
  /** Bearer tokens: who may do everything, and who may do what the rules say. */
  readonly adminToken: string;
  readonly serverToken: string;
  readonly rules: readonly Rule[];
  readonly tls: Bun.TLSOptions;
  readonly log: (pod: string, query: URLSearchParams) => Response;
};

type Target = {
  readonly info: KindInfo;
  readonly namespace: string;
  readonly name: string | undefined;
  readonly part: string | undefined;
};

const tickMs = 10;

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

export function startKubernetesDouble(options: DoubleOptions): KubernetesDouble {
  const store = createStore();
  const controllers = createControllers(store);
  const calls: string[] = [];
  const failures: { readonly matching: RegExp; readonly status: number; times: number }[] = [];
  const timer = setInterval(() => controllers.tick(), tickMs);
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    tls: options.tls,
    fetch: async (request) => {
      try {
        return await answer(request);
      } catch (error) {
        if (error instanceof Refusal) return refused(error);
        return refused(new Refusal(500, "InternalError", String(error)));
      }
    },
  });

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const token = request.headers.get("authorization")?.replace("Bearer ", "");
    const isServer = token === options.serverToken;
    if (!isServer && token !== options.adminToken) throw new Refusal(401, "Unauthorized", "Unauthorized");
    if (url.pathname.endsWith("/selfsubjectrulesreviews")) return Response.json(review(options.rules));
    const target = targetOf(url.pathname);
    const { info, name, part } = target;
    const path = [info.plural, name, part].filter(Boolean).join("/");
    if (isServer) {
      const call = `${request.method} ${path}`;
      calls.push(call);
      const failing = failures.find(({ matching, times }) => times > 0 && matching.test(call));
      if (failing !== undefined) {
        failing.times -= 1;
        throw new Refusal(failing.status, "InternalError", "told to fail");
      }
    }
    const body = await bodyOf(request);
    if (isServer) authorize(options.rules, target, request, store);
    return respond(store, target, request, url, body, options.log);
  };

  return {
    url: `https://127.0.0.1:${server.port}`,
    store,
    calls,
    fail: (matching, status, times) => failures.push({ matching, status, times }),
    heal: () => {
      failures.length = 0;
    },
    close: async () => {
      clearInterval(timer);
      await server.stop(true);
    },
  };
}

function refused({ status, reason, message }: Refusal): Response {
  return Response.json(
    { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, code: status },
    { status },
  );
}

async function bodyOf(request: Request): Promise<JsonObject> {
  const text = await request.text();
  const body: unknown = text === "" ? {} : await new Response(text).json();
  if (isObject(body)) return body;
  throw new Refusal(400, "BadRequest", "the body is no object");
}

function targetOf(path: string): Target {
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const apiVersion = parts[0] === "api" ? (parts[1] ?? "") : `${parts[1]}/${parts[2]}`;
  const rest = parts.slice(parts[0] === "api" ? 2 : 3);
  const isNamespaced = rest[0] === "namespaces" && rest.length > 2;
  const [plural, name, part] = isNamespaced ? rest.slice(2) : rest;
  const info = kinds.find((kind) => kind.apiVersion === apiVersion && kind.plural === plural);
  if (info === undefined) throw new Refusal(404, "NotFound", "the server could not find the requested resource");
  return { info, namespace: isNamespaced ? (rest[1] ?? "") : "", name, part };
}

function authorize(rules: readonly Rule[], target: Target, request: Request, store: Store): void {
  const { info, name, part, namespace } = target;
  const resource = part === undefined ? info.plural : `${info.plural}/${part}`;
  const isApply = request.headers.get("content-type")?.startsWith("application/apply-patch") === true;
  const isNew = isApply && store.find(info.plural, namespace, name ?? "") === undefined;
  const verb = verbOf(request.method, name);
  for (const needed of isNew ? [verb, "create"] : [verb]) {
    if (allows(rules, info.group, resource, needed)) continue;
    const what = `${resource} is forbidden: User "astrolabe" cannot ${needed} resource "${resource}"`;
    throw new Refusal(403, "Forbidden", `${what} in API group "${info.group}" in the namespace "${namespace}"`);
  }
}

function verbOf(method: string, name: string | undefined): string {
  if (method === "GET") return name === undefined ? "list" : "get";
  if (method === "DELETE") return name === undefined ? "deletecollection" : "delete";
  return { POST: "create", PATCH: "patch", PUT: "update" }[method] ?? method;
}

function review(rules: readonly Rule[]): JsonObject {
  const resourceRules = rules.map(({ apiGroups, resources, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
  }));
  return { kind: "SelfSubjectRulesReview", status: { resourceRules, nonResourceRules: [], incomplete: false } };
}

function respond(
  store: Store,
  target: Target,
  request: Request,
  url: URL,
  body: JsonObject,
  log: DoubleOptions["log"],
): Response {
  const { info, namespace, name, part } = target;
  if (name === undefined) {
    if (request.method === "GET") return listed(store, target, url.searchParams);
    if (request.method === "POST") return Response.json(created(store, target, body).object, { status: 201 });
    throw new Refusal(405, "MethodNotAllowed", "not for collections");
  }
  if (part === "log") return log(name, url.searchParams);
  const found = store.find(info.plural, namespace, name);
  if (request.method === "PATCH" && part === undefined) {
    return Response.json(patched(store, target, name, found, request, url.searchParams, body).object);
  }
  if (found === undefined) throw new Refusal(404, "NotFound", `${info.plural} "${name}" not found`);
  if (request.method === "GET") return Response.json(found.object);
  if (request.method === "DELETE") {
    store.remove(found, numberAt(body, "gracePeriodSeconds") === 0);
    return Response.json(found.object);
  }
  if (part === "scale" || part === "status") {
    store.update(found, mergePatched(found.object, body));
    return Response.json(found.object);
  }
  throw new Refusal(405, "MethodNotAllowed", `${request.method} is not known here`);
}

function listed(store: Store, { info, namespace }: Target, query: URLSearchParams): Response {
  const all = store.all(info.plural, namespace === "" ? undefined : namespace);
  const found = all.filter((item) => matches(item, query.get("labelSelector") ?? ""));
  const start = Number(query.get("continue") ?? 0);
  // Pages are small here where they are asked for, so that whoever reads only the first one is found out.
  const page = found.slice(start, start + (query.has("limit") ? 3 : found.length));
  const next = start + page.length < found.length ? { continue: String(start + page.length) } : {};
  return Response.json({
    kind: `${info.kind}List`,
    apiVersion: info.apiVersion,
    metadata: next,
    items: page.map(({ object }) => object),
  });
}

function checked(store: Store, { info, namespace }: Target, object: JsonObject, before: JsonObject | undefined): void {
  if (info.plural !== "namespaces" && store.find("namespaces", "", namespace) === undefined) {
    throw new Refusal(404, "NotFound", `namespaces "${namespace}" not found`);
  }
  const unknown = unknownFields(object, `V1${info.kind}`);
  if (unknown.length > 0) throw new Refusal(400, "BadRequest", `strict decoding error: ${unknown.join(", ")}`);
  const problems = [...published(info, object), ...invalid(info.kind, object, before)];
  if (problems.length === 0) return;
  const name = stringAt(objectAt(object, "metadata") ?? {}, "name") ?? "";
  throw new Refusal(422, "Invalid", `${info.kind} "${name}" is invalid: ${problems.join(", ")}`);
}

function published(info: KindInfo, object: JsonObject): string[] {
  try {
    info.validate(object);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function created(store: Store, target: Target, body: JsonObject): Stored {
  const metadata = objectAt(body, "metadata") ?? {};
  const generated = stringAt(metadata, "generateName");
  const name =
    stringAt(metadata, "name") ?? (generated === undefined ? "" : generated + crypto.randomUUID().slice(0, 5));
  const object = { ...body, metadata: { ...metadata, name } };
  checked(store, target, object, undefined);
  if (store.find(target.info.plural, target.namespace, name) !== undefined) {
    throw new Refusal(409, "AlreadyExists", `${target.info.plural} "${name}" already exists`);
  }
  return store.put(target.info.plural, target.namespace, object);
}

function patched(
  store: Store,
  target: Target,
  name: string,
  found: Stored | undefined,
  request: Request,
  query: URLSearchParams,
  body: JsonObject,
): Stored {
  const type = request.headers.get("content-type") ?? "";
  const { info, namespace } = target;
  if (type.startsWith("application/apply-patch")) return appliedObject(store, target, name, found, query, body);
  if (!type.startsWith("application/merge-patch"))
    throw new Refusal(415, "UnsupportedMediaType", `${type} is not taken`);
  if (found === undefined) throw new Refusal(404, "NotFound", `${info.plural} "${name}" not found in ${namespace}`);
  const next = mergePatched(found.object, body);
  checked(store, target, withoutStatus(next), found.object);
  store.update(found, next);
  return found;
}

function appliedObject(
  store: Store,
  target: Target,
  name: string,
  found: Stored | undefined,
  query: URLSearchParams,
  body: JsonObject,
): Stored {
  const manager = query.get("fieldManager");
  if (manager === null) throw new Refusal(422, "Invalid", "PatchOptions is invalid: fieldManager: Required value");
  if (stringAt(objectAt(body, "metadata") ?? {}, "name") !== name)
    throw new Refusal(400, "BadRequest", "the names differ");
  if (body["kind"] !== target.info.kind || body["apiVersion"] !== target.info.apiVersion) {
    throw new Refusal(400, "BadRequest", "the object is of another kind");
  }
  if (found === undefined) {
    checked(store, target, body, undefined);
    const stored = store.put(target.info.plural, target.namespace, body);
    stored.applied.set(manager, body);
    return stored;
  }
  if (query.get("force") !== "true" && [...found.applied.keys()].some((other) => other !== manager)) {
    throw new Refusal(409, "Conflict", "Apply failed with 1 conflict");
  }
  const next = applied(found.object, found.applied.get(manager) ?? {}, body);
  checked(store, target, withoutStatus(next), found.object);
  found.applied.set(manager, body);
  if (!Bun.deepEquals(next, found.object)) store.update(found, next);
  return found;
}

/** What the cluster itself has put on an object is not what is checked. */
function withoutStatus(object: JsonObject): JsonObject {
  const { status: _, ...rest } = object;
  const {
    uid: _uid,
    resourceVersion: _version,
    generation: _generation,
    creationTimestamp: _made,
    namespace: _place,
    ...metadata
  } = objectAt(object, "metadata") ?? {};
  return { ...rest, metadata };
}
