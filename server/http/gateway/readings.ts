// The gateway's GET endpoints for key holders: models, lanes, credits, traces and receipts of the key's own workspace.

import type { Hono } from "hono";
import type { ReceiptDesk } from "../../audit/receipt-desk.ts";
import { availableOf } from "../../ledger/decide.ts";
import { anthropicModel, anthropicModels } from "../../catalogue/anthropic-models.ts";
import { publicLanes, publicModel, publicModels } from "../../catalogue/public-models.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { asId, type RequestId } from "../../contracts/ids.ts";
import { formatUsd, noMoney } from "../../money/picodollars.ts";
import { poolFor } from "../../request/4-plan-route.ts";
import type { Services } from "../../request/services.ts";
import type { TraceStore } from "../../traces/trace-store.ts";
import { answerAdmitted, asksLikeAnthropic, type AdmittedCall } from "./admitted-call.ts";

export type ReadingServices = {
  readonly services: Services;
  readonly traces: TraceStore;
  readonly receipts: ReceiptDesk;
};

/** Mounts the readings below `prefix` (`/v1` or nothing). */
export function mountReadings(app: Hono, prefix: string, { services, traces, receipts }: ReadingServices): void {
  const get = (path: string, reading: AdmittedCall): void => {
    app.get(`${prefix}${path}`, (context) => answerAdmitted(context, reading, services));
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
    answerAdmitted(
      context,
      ({ key }) => anthropicModels(services.catalogue, poolFor({ key }, services).upstreams),
      services,
    ),
  );
  app.get(`${prefix}/models/:id{.+}`, (context) => {
    const id = context.req.param("id");
    return answerAdmitted(context, () => anthropicModel(services.catalogue, id) ?? unknownModel(id), services);
  });
}

function unknownModel(id: string): never {
  const message = `The model \`${id.slice(0, 200)}\` is not in the catalogue.`;
  throw new GatewayError("unknown_model", message, { param: "model" });
}
