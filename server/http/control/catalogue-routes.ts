// Routes for the catalogue: models, who serves them here, what they cost and have cost.

import { pricesIn } from "../../audit/price-lists.ts";
import { catalogueSchema, modelDetailSchema } from "../../contracts/control-catalogue.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { Caller } from "./access.ts";
import { noBody, noQuery, publicRoute } from "./declared-route.ts";
import type { CatalogueServices, ControlServices } from "./services.ts";
import { describeModel, describePrices } from "./shown-models.ts";
import { isoTime } from "./shown-values.ts";

const tag = "Catalogue";
const shownPriceLists = 100;

const model = {
  method: "GET",
  tag,
  description: "By id or alias, with the prices that earlier price lists had.",
  query: noQuery,
  body: noBody,
  status: 200,
  response: modelDetailSchema,
  errors: ["unauthorized", "unknown_model"],
} as const;

export const catalogueRoutes = [
  publicRoute({
    method: "GET",
    path: "/api/catalogue",
    tag,
    summary: "List the catalogue",
    description:
      "Every model, whole. For people who are signed in; for everybody where `ASTROLABE_PUBLIC_CATALOGUE` is true.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: catalogueSchema,
    errors: ["unauthorized"],
    handle: ({ caller, services }) => {
      const { catalogue, upstreams, mode } = openFor(caller, services);
      return {
        object: "list" as const,
        data: catalogue.models.map((one) => describeModel(one, catalogue, upstreams)),
        has_more: false,
        next_cursor: null,
        version: catalogue.version,
        price_version: catalogue.priceVersion,
        mode,
        lanes: catalogue.lanes.map(({ lane, virtualModel, name, description }) => ({
          lane,
          virtual_model: virtualModel,
          name,
          description,
        })),
      };
    },
  }),
  publicRoute({
    ...model,
    path: "/api/catalogue/:model",
    summary: "Get a model of the catalogue",
    handle: ({ caller, param, services }) => modelDetail(openFor(caller, services), param("model")),
  }),
  publicRoute({
    ...model,
    path: "/api/catalogue/:vendor/:model",
    summary: "Get a vendor's model of the catalogue",
    handle: ({ caller, param, services }) =>
      modelDetail(openFor(caller, services), `${param("vendor")}/${param("model")}`),
  }),
];

/** @throws GatewayError unauthorized for strangers, unless the operator shows the catalogue to everybody */
function openFor(caller: Caller | undefined, { catalogue }: ControlServices): CatalogueServices {
  if (catalogue.isPublic || caller !== undefined) return catalogue;
  throw new GatewayError("unauthorized", "Sign in to see the catalogue.");
}

async function modelDetail({ catalogue, upstreams, priceLists }: CatalogueServices, id: string) {
  const found = catalogue.find(id);
  if (found === undefined) {
    throw new GatewayError("unknown_model", `The model \`${id.slice(0, 200)}\` is not in the catalogue.`, {
      param: "model",
    });
  }
  const lists = await priceLists.list(shownPriceLists);
  return {
    ...describeModel(found, catalogue, upstreams),
    price_version: catalogue.priceVersion,
    price_history: lists.map((list) => {
      const prices = pricesIn(list, found.id);
      return {
        price_version: list.version,
        recorded_at: isoTime(list.recordedAt),
        prices: prices === undefined ? null : describePrices(prices),
      };
    }),
  };
}
