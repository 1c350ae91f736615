// The gateway's GET endpoints for key holders: models, lanes, credits, traces and receipts of the key's own workspace.

import type { Context, Hono } from "hono";
import type { ReceiptDesk } from "../../audit/receipt-desk.ts";
import { availableOf } from "../../ledger/decide.ts";
import { anthropicModel, anthropicModels } from "../../catalogue/anthropic-models.ts";
import { publicLanes, publicModel, publicModels } from "../../catalogue/public-models.ts";
import { GatewayError, toGatewayError } from "../../contracts/errors.ts";
import { asId, newId, type RequestId } from "../../contracts/ids.ts";
import { formatUsd, noMoney } from "../../money/picodollars.ts";
import { authenticate, requireActiveWorkspace } from "../../request/1-authenticate.ts";
import { limitRate, requireWithinRate } from "../../request/2-limit-rate.ts";
import { poolFor } from "../../request/4-plan-route.ts";
import { requestIdHeaders } from "../../request/response-headers.ts";
import type { Services } from "../../request/services.ts";
import type { Admitted } from "../../request/stages.ts";
import { messagesProtocol } from "../../protocols/messages/index.ts";
import { responsesProtocol } from "../../protocols/responses/index.ts";
import type { TraceStore } from "../../traces/trace-store.ts";
import { errorResponse } from "../error-response.ts";
import { credentialOf } from "./inference.ts";

type Reading = (admitted: Admitted, context: Context) => Promise<object> | object;

export type ReadingServices = {
  readonly services: Services;
  readonly traces: TraceStore;
  readonly receipts: ReceiptDesk;
};

/** Mounts the readings below `prefix` (`/v1` or nothing). */
export function mountReadings(app: Hono, prefix: string, { services, traces, receipts }: ReadingServices): void {
  const get = (path: string, reading: Reading): void => {
    app.get(`${prefix}${path}`, (context) => read(context, reading, services));
  };
  get("/models", ({ key }, context) => {
    const { upstreams } = poolFor({ key }, services);
    if (asksLikeAnthropic(context)) return anthropicModels(services.catalogue, upstreams);
    return publicModels(services.catalogue, upstreams, context.req.query("view") === "raw" ? "raw" : "virtual");
  });
  get("/models/:id{.+}", ({ key }, context) => {
    const id = context.req.param("id") ?? "";
    if (asksLikeAnthropic(context)) return anthropicModel(services.catalogue, id) ?? unknownModel(id);
    return publicModel(services.catalogue, poolFor({ key }, services).upstreams, id) ?? unknownModel(id);
  });
  get("/lanes", () => publicLanes(services.catalogue));
  get("/credits", async ({ workspace }) => {
    const account = await services.ledger.account(workspace.id);
    return {
      object: "credits",
      balance_usd: formatUsd(account?.balance ?? noMoney),
      held_usd: formatUsd(account?.held ?? noMoney),
      available_usd: formatUsd(account ? availableOf(account) : noMoney),
    };
  });
  get("/traces/:id", async ({ workspace }, context) => {
    const trace = await traces.find(workspace.id, asId<RequestId>(context.req.param("id") ?? ""));
    if (!trace) throw new GatewayError("not_found", "This workspace has no trace with that request id.");
    return trace;
  });
  get("/receipts/:id", ({ workspace }, context) =>
    receipts.receipt(workspace.id, asId<RequestId>(context.req.param("id") ?? "")),
  );
}

/** What Anthropic's clients read besides: its list of models. */
export function mountAnthropicReadings(
  app: Hono,
  prefix: string,
  { services }: Pick<ReadingServices, "services">,
): void {
  app.get(`${prefix}/models`, (context) =>
    read(context, ({ key }) => anthropicModels(services.catalogue, poolFor({ key }, services).upstreams), services),
  );
  app.get(`${prefix}/models/:id{.+}`, (context) => {
    const id = context.req.param("id");
    return read(context, () => anthropicModel(services.catalogue, id) ?? unknownModel(id), services);
  });
}

/** Every client of Anthropic's says which version of its API it speaks; no other does. */
function asksLikeAnthropic({ req }: Context): boolean {
  return req.header("anthropic-version") !== undefined || req.path.startsWith("/anthropic/");
}

function unknownModel(id: string): never {
  const message = `The model \`${id.slice(0, 200)}\` is not in the catalogue.`;
  throw new GatewayError("unknown_model", message, { param: "model" });
}

async function read(context: Context, reading: Reading, services: Services): Promise<Response> {
  const requestId = newId("req");
  try {
    const request = context.req.raw;
    const authenticated = await authenticate(
      {
        requestId,
        arrivedAt: services.now(),
        protocol: responsesProtocol,
        credential: credentialOf(request),
        idempotencyKey: undefined,
        confirmed: false,
        readBody: () => Promise.reject(new GatewayError("internal_error")),
        signal: request.signal,
      },
      services.keys,
    );
    requireActiveWorkspace(authenticated);
    const admitted = await limitRate(authenticated, services);
    requireWithinRate(admitted);
    return Response.json(await reading(admitted, context), { headers: requestIdHeaders(requestId) });
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.code === "internal_error") services.reportFault("reading", error.cause ?? error);
    return errorResponse(error, requestId, {}, asksLikeAnthropic(context) ? messagesProtocol.errorBody : undefined);
  }
}
