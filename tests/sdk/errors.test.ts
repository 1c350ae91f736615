// Refusals and failures as the official client's error classes, each with our code, the field at fault and the id under
// which its trace is found.

import { afterAll, describe, expect, test } from "bun:test";
import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "openai";
import { asId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { updateWorkspace } from "../../server/workspaces/manage-workspaces.ts";
import { startGateway } from "../support/gateway.ts";
import { clientOf, model } from "./setups.ts";

// No upstream: the sandbox answers, and fails on request.
const gateway = await startGateway({ ASTROLABE_TOTAL_TIMEOUT_MS: "300", ASTROLABE_MAX_BODY_BYTES: "100000" });
const client = clientOf(gateway);
afterAll(() => gateway.close());

async function failureOf(work: PromiseLike<unknown>): Promise<APIError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof APIError) return thrown;
  throw new Error(`the client raised no error of its own: ${String(thrown)}`);
}

type Row = {
  readonly what: string;
  readonly raised: new (...details: never[]) => APIError;
  readonly status: number;
  readonly code: string;
  readonly param?: string;
  readonly type?: string;
  /** As both endpoints take it. */
  readonly body?: object;
  readonly text?: string;
};

/** As a plain object: OpenAI's own type of metadata holds texts only. */
const overriding = (overrides: object): object => ({ metadata: { astrolabe: overrides } });
const rows: Row[] = [
  {
    what: "an override with a wrong value",
    raised: BadRequestError,
    status: 400,
    code: "invalid_request",
    param: "metadata.astrolabe.quality",
    body: overriding({ quality: "best" }),
  },
  {
    what: "a tool without a type",
    raised: BadRequestError,
    status: 400,
    code: "invalid_request",
    param: "tools[0].type",
    body: { tools: [{}] },
  },
  {
    what: "a request that the provider calls invalid",
    raised: BadRequestError,
    status: 400,
    code: "upstream_rejected_request",
    text: "[sandbox:rejected]",
  },
  {
    what: "a model nobody knows",
    raised: NotFoundError,
    status: 404,
    code: "unknown_model",
    param: "model",
    body: { model: "openai/gpt-0" },
  },
  {
    what: "a stack that does not exist",
    raised: NotFoundError,
    status: 404,
    code: "routing_stack_not_found",
    body: overriding({ stack: "no-such-stack" }),
  },
  {
    what: "a stack that leaves no model",
    raised: ConflictError,
    status: 409,
    code: "routing_policy_blocked",
    body: { model: "openai/gpt-5.4-nano", ...overriding({ stack: "high-stakes" }) },
  },
  { what: "too large a body", raised: APIError, status: 413, code: "payload_too_large", text: "x".repeat(100_000) },
  {
    what: "a provider's own failure",
    raised: InternalServerError,
    status: 502,
    code: "upstream_error",
    type: "server_error",
    text: "[sandbox:error]",
  },
  {
    what: "our credentials with a provider, which are not the caller's",
    raised: InternalServerError,
    status: 502,
    code: "upstream_error",
    text: "[sandbox:credentials]",
  },
  {
    what: "a provider's rate limit, which is not the caller's",
    raised: InternalServerError,
    status: 502,
    code: "upstream_error",
    text: "[sandbox:rate_limit=0]",
  },
  {
    what: "a provider out of reach",
    raised: InternalServerError,
    status: 502,
    code: "origin_unreachable",
    text: "[sandbox:unreachable]",
  },
  {
    what: "a provider that never answers",
    raised: InternalServerError,
    status: 504,
    code: "upstream_timeout",
    text: "[sandbox:timeout]",
  },
];

describe.each([
  ["responses", false],
  ["responses", true],
  ["chat", false],
  ["chat", true],
] as const)("%s, streamed: %p", (protocol, stream) => {
  test.each(rows)(
    "$what is raised as its class",
    async ({ raised, status, code, param, type, body, text = "hello" }) => {
      const error = await failureOf(
        protocol === "responses"
          ? client.responses.create({ model, input: text, ...body, stream })
          : client.chat.completions.create({ model, messages: [{ role: "user", content: text }], ...body, stream }),
      );
      expect(error).toBeInstanceOf(raised);
      expect([error.status, error.code]).toEqual([status, code]);
      if (param !== undefined) expect(error.param).toBe(param);
      if (type !== undefined) expect(error.type).toBe(type);
      expect(error.requestID).toMatch(/^req_[0-9a-f]{32}$/);
      expect(error.error).toMatchObject({ requestId: error.requestID });
      const trace = await gateway.traceOf(new Response(null, { headers: [...(error.headers ?? [])] }));
      expect(trace).toMatchObject({ error_code: code, billing: { debit_usd: "0.000000000000" } });
    },
  );
});

test("a missing field is a BadRequestError that names it", async () => {
  const missing = [
    ["messages", await failureOf(client.post("/chat/completions", { body: { model } }))],
    ["input", await failureOf(client.post("/responses", { body: { model } }))],
    ["input", await failureOf(client.post("/embeddings", { body: { model: "titan-embed-text-v2" } }))],
  ] as const;
  for (const [param, error] of missing) {
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ code: "invalid_request", type: "invalid_request_error", param });
  }
});

test("a wrong key is an AuthenticationError everywhere", async () => {
  const stranger = clientOf(gateway, "astrolabe_live_nobody");
  const errors = await Promise.all(
    [
      stranger.responses.create({ model, input: "hello" }),
      stranger.chat.completions.create({ model, messages: [{ role: "user", content: "hello" }], stream: true }),
      stranger.embeddings.create({ model: "titan-embed-text-v2", input: "hello" }),
      stranger.models.list(),
    ].map(failureOf),
  );
  for (const error of errors) {
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: "unauthorized", type: "authentication_error" });
    expect(error.requestID).toMatch(/^req_/);
  }
});

test("a suspended workspace is a PermissionDeniedError until it is resumed", async () => {
  const other = await startGateway();
  try {
    const { workspaces } = other.wired.control.services;
    const { response } = await clientOf(other).responses.create({ model, input: "hello" }).withResponse();
    const id = asId<WorkspaceId>(response.headers.get("x-astrolabe-cloud-workspace") ?? "");
    await updateWorkspace(workspaces, id, { status: "suspended" });
    const error = await failureOf(clientOf(other).responses.create({ model, input: "hello" }));
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toMatchObject({ status: 403, code: "workspace_suspended", type: "permission_error" });
    await updateWorkspace(workspaces, id, { status: "active" });
    expect((await clientOf(other).responses.create({ model, input: "hello" })).status).toBe("completed");
  } finally {
    await other.close();
  }
});

test("a key over its limit is a RateLimitError that says when to come back", async () => {
  const slow = await startGateway({ ASTROLABE_RATE_LIMIT_PER_MINUTE: "2" });
  try {
    const errors: APIError[] = [];
    // Five cannot all fall into different minutes.
    for (let call = 0; call < 5; call++) {
      await clientOf(slow)
        .chat.completions.create({ model, messages: [{ role: "user", content: "hello" }] })
        .catch((error: unknown) => error instanceof APIError && errors.push(error));
    }
    const [error] = errors;
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, code: "rate_limited", type: "rate_limit_error" });
    expect(Number(error?.headers?.get("retry-after"))).toBeGreaterThan(0);
    expect(error?.headers?.get("x-should-retry")).toBeNull();
  } finally {
    await slow.close();
  }
});

test("a workspace without credits gets an APIError with status 402", async () => {
  const poor = await startGateway({ ASTROLABE_INIT_CREDITS_USD: "0.50" });
  try {
    const error = await failureOf(clientOf(poor).responses.create({ model, input: "hello", stream: true }));
    expect(error).toMatchObject({ status: 402, code: "payment_required", type: "insufficient_quota" });
  } finally {
    await poor.close();
  }
});

test("an upstream that keeps failing is an InternalServerError that says when to come back, not a conflict", async () => {
  const lonely = await startGateway({
    ASTROLABE_UPSTREAMS: "named",
    NAMED_BASE_URL: "http://127.0.0.1:9/v1",
    NAMED_MODELS: model,
  });
  try {
    const errors: APIError[] = [];
    for (let call = 0; call < 4; call++) {
      errors.push(await failureOf(clientOf(lonely).responses.create({ model, input: "hello" })));
    }
    expect(errors[0]).toMatchObject({ status: 502, code: "origin_unreachable" });
    expect(errors.at(-1)).toBeInstanceOf(InternalServerError);
    expect(errors.at(-1)).toMatchObject({ status: 503, code: "service_unavailable" });
    expect(Number(errors.at(-1)?.headers?.get("retry-after"))).toBeGreaterThan(0);
  } finally {
    await lonely.close();
  }
});

test("the client's own retries repeat what may succeed, and nothing else", async () => {
  let sent = 0;
  const patient = new OpenAI({
    apiKey: gateway.liveKey,
    baseURL: `${gateway.url}/v1`,
    maxRetries: 1,
    fetch: (url, init) => {
      sent += 1;
      return fetch(url, init);
    },
  });
  const blocked = patient.responses.create({
    model: "openai/gpt-5.4-nano",
    input: "hello",
    ...overriding({ stack: "high-stakes" }),
  });
  expect(await failureOf(blocked)).toBeInstanceOf(ConflictError);
  expect(sent).toBe(1);
  sent = 0;
  expect((await failureOf(patient.responses.create({ model, input: "[sandbox:error]" }))).status).toBe(502);
  expect(sent).toBe(2);
});
