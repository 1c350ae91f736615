// A whole gateway with its operator beside it: the control API over HTTP, as a person or a console would use it.

import { isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import type { StackPolicyInput } from "../../server/contracts/policy.ts";
import { operatorToken } from "../../server/keys/operator-token.ts";
import type { Runtime } from "../../runtimes/runtime.ts";
import { asObject, startGateway, type KnownKeys, type TestGateway } from "./gateway.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type Operator = {
  readonly token: string;
  /** Below `/api/workspaces/<the first workspace>`; other paths when they begin with `/api`. */
  readonly send: (method: Method, path: string, body?: JsonObject) => Promise<{ status: number; body: JsonObject }>;
  /** Creates a stack with this policy, or changes its draft, and publishes it; gives its active version. */
  readonly publish: (slug: string, policy: StackPolicyInput) => Promise<number>;
  /** Creates a key; gives its secret and its id. */
  readonly key: (fields?: JsonObject) => Promise<{ secret: string; id: string }>;
  /** One small request under a stack, or as `body` says. */
  readonly ask: (
    stack: string,
    body?: JsonObject,
    more?: { readonly key?: string; readonly confirmed?: boolean },
  ) => Promise<Response>;
};

export type OperatedGateway = TestGateway & { readonly operator: Operator };

/** Starts a gateway under a master key that the test knows, and finds its one workspace. */
export async function startOperatedGateway(
  environment: Record<string, string> = {},
  known?: KnownKeys,
  runtime?: Runtime,
): Promise<OperatedGateway> {
  const master = Buffer.alloc(32, 7);
  const gateway = await startGateway(
    { ASTROLABE_MASTER_KEY: master.toString("base64"), ...environment },
    known,
    runtime,
  );
  const token = operatorToken(master);
  const { data } = asObject((await call(gateway, token, "GET", "/api/workspaces")).body);
  const [workspace] = Array.isArray(data) ? data.filter(isObject) : [];
  const home = `/api/workspaces/${stringAt(workspace ?? {}, "id")}`;
  const send: Operator["send"] = (method, path, body) =>
    call(gateway, token, method, path.startsWith("/api") ? path : home + path, body);
  return {
    ...gateway,
    operator: {
      token,
      send,
      async publish(slug, policy) {
        const draft: JsonObject = { policy: asObject(policy) };
        const created = await send("POST", "/stacks", { slug, name: slug, ...draft });
        if (created.status === 409) await send("PATCH", `/stacks/${slug}`, draft);
        else if (created.status !== 201) throw new Error(JSON.stringify(created.body));
        return Number((await send("POST", `/stacks/${slug}/publish`)).body["version"]);
      },
      async key(fields = {}) {
        const { body } = await send("POST", "/keys", { name: "a test's key", ...fields });
        return { secret: stringAt(body, "secret") ?? "", id: stringAt(body, "id") ?? "" };
      },
      ask: (stack, body = {}, { key, confirmed } = {}) =>
        gateway.post("/v1/responses", underStack(stack, body), {
          ...(key === undefined ? {} : { key }),
          ...(confirmed ? { headers: { "x-astrolabe-confirmed": "confirm" } } : {}),
        }),
    },
  };
}

function underStack(stack: string, body: JsonObject): JsonObject {
  const metadata = objectAt(body, "metadata") ?? {};
  const overrides = objectAt(metadata, "astrolabe") ?? {};
  const question = { model: "astrolabe/auto", input: "Write one sentence explaining routing stacks." };
  return { ...question, ...body, metadata: { ...metadata, astrolabe: { stack, ...overrides } } };
}

async function call(
  gateway: TestGateway,
  token: string,
  method: Method,
  path: string,
  body?: JsonObject,
): Promise<{ status: number; body: JsonObject }> {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: asObject(await response.json()) };
}

/** Status and error code, the two things most refusals are about. */
export async function refusalOf(response: Response): Promise<[number, string | undefined]> {
  return [response.status, stringAt(objectAt(asObject(await response.json()), "error") ?? {}, "code")];
}
