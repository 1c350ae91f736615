// All routes of the server in plain sight: liveness, inference, readings, the control API and the console.

import { Hono, type Context } from "hono";
import { GatewayError } from "../contracts/errors.ts";
import { newId } from "../contracts/ids.ts";
import type { ReceiptDesk } from "../audit/receipt-desk.ts";
import { chatCompletionsProtocol } from "../protocols/chat-completions/index.ts";
import { embeddingsProtocol } from "../protocols/embeddings/index.ts";
import { messagesProtocol } from "../protocols/messages/index.ts";
import type { ClientProtocol } from "../protocols/protocol.ts";
import { responsesProtocol } from "../protocols/responses/index.ts";
import type { Services } from "../request/services.ts";
import type { TraceStore } from "../traces/trace-store.ts";
import { errorResponse, type ErrorShape } from "./error-response.ts";
import { mountBlueprintSchema } from "./blueprint-schema.ts";
import type { BuiltConsole } from "./console/built-console.ts";
import { mountConsole } from "./console/mount-console.ts";
import { mountCountTokens } from "./gateway/count-tokens.ts";
import type { InferenceEndpoint } from "./gateway/inference.ts";
import { mountKeptResponses } from "./gateway/kept-responses.ts";
import { mountAnthropicReadings, mountReadings } from "./gateway/readings.ts";
import { readiness, type Readiness } from "./gateway/readiness.ts";
import { pathReader } from "./public-path.ts";
import { stayOpen } from "./stay-open.ts";

export type AppParts = {
  readonly services: Services;
  readonly inference: InferenceEndpoint;
  readonly traces: TraceStore;
  readonly receipts: ReceiptDesk;
  readonly readiness: Readiness;
  readonly version: string;
  /** Address under which clients reach the server, without a trailing slash. */
  readonly publicUrl: string;
  /** Undefined when it has not been built. */
  readonly console: BuiltConsole | undefined;
  readonly mountControl: (app: Hono) => void;
};

const inferencePaths: readonly [string, ClientProtocol][] = [
  ["/responses", responsesProtocol],
  ["/chat/completions", chatCompletionsProtocol],
  ["/embeddings", embeddingsProtocol],
  ["/messages", messagesProtocol],
];

/** The same routes answer with and without `/v1`: published clients use both. */
const prefixes = ["/v1", ""] as const;
/** Where else clients of Anthropic look for its API. */
const anthropicPrefix = "/anthropic/v1";

export function buildApp(parts: AppParts): Hono {
  const app = new Hono({ getPath: pathReader(parts.publicUrl) });
  app.get("/health", (context) => context.json({ ok: true, service: "gateway", version: parts.version }));
  app.get("/ready", async (context) => {
    const report = await readiness(parts.readiness);
    return context.json(report, report.ok ? 200 : 503);
  });
  const answerAt = (path: string, protocol: ClientProtocol): void => {
    app.post(path, (context) => parts.inference.answer(context.req.raw, protocol, stayOpen(context)));
    app.all(path, (context) => methodNotAllowed(context, "POST"));
  };
  for (const prefix of prefixes) {
    for (const [path, protocol] of inferencePaths) answerAt(prefix + path, protocol);
    mountReadings(app, prefix, parts);
    mountKeptResponses(app, prefix, parts.services);
  }
  answerAt(`${anthropicPrefix}/messages`, messagesProtocol);
  mountAnthropicReadings(app, anthropicPrefix, parts);
  for (const prefix of [...prefixes, anthropicPrefix]) {
    const path = `${prefix}/messages/count_tokens`;
    mountCountTokens(app, path, parts);
    app.all(path, (context) => methodNotAllowed(context, "POST"));
  }
  app.get("/.well-known/jwks.json", (context) =>
    context.json(parts.receipts.jwks, 200, { "cache-control": "public, max-age=300" }),
  );
  mountBlueprintSchema(app);
  parts.mountControl(app);
  mountConsole(app, parts.console);
  app.notFound((context) => notFound(context));
  app.onError((error, context) => {
    parts.services.reportFault("http", error);
    return errorResponse(new GatewayError("internal_error"), newId("req"), {}, shapeAt(context));
  });
  return app;
}

/** Routes of Anthropic's API refuse in its shape, whoever refuses. */
function shapeAt({ req }: Context): ErrorShape | undefined {
  return /^\/anthropic(?:\/|$)|^(?:\/v1)?\/messages(?:\/|$)/.test(req.path) ? messagesProtocol.errorBody : undefined;
}

function methodNotAllowed(context: Context, allow: string): Response {
  return errorResponse(new GatewayError("method_not_allowed"), newId("req"), { allow }, shapeAt(context));
}

function notFound(context: Context): Response {
  const message = `There is nothing at ${context.req.method} ${context.req.path.slice(0, 200)}.`;
  return errorResponse(new GatewayError("not_found", message), newId("req"), {}, shapeAt(context));
}
