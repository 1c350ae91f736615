// Routes by which operators see the providers' health and the catalogue's versions, and change the installation's settings.

import type { Upstream } from "../../catalogue/catalogue.ts";
import { listSchema } from "../../contracts/control.ts";
import {
  catalogueVersionsSchema,
  instanceSettingsSchema,
  providerSchema,
  updateInstanceSettingsSchema,
} from "../../contracts/control-operator.ts";
import type { RouteOverview } from "../../providers/health.ts";
import type { InstanceSettings } from "../../workspaces/instance-settings.ts";
import { operators } from "./access.ts";
import { controlRoute, noBody, noQuery } from "./declared-route.ts";
import type { ControlServices } from "./services.ts";
import { isoTime } from "./shown-values.ts";

const tag = "Operating the server";

export const operatorInstanceRoutes = [
  controlRoute({
    method: "GET",
    path: "/api/operator/providers",
    auth: operators,
    tag,
    summary: "List providers",
    description: "What they promise, and how they have done lately in the eyes of this process.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: listSchema(providerSchema),
    handle: ({ services }) => ({
      object: "list" as const,
      data: services.planning.live.upstreams.map((upstream) => showProvider(services, upstream)),
      has_more: false,
      next_cursor: null,
    }),
  }),
  controlRoute({
    method: "GET",
    path: "/api/operator/catalogue",
    auth: operators,
    tag,
    summary: "Get the catalogue's versions",
    description: "Of models and lanes, and of every price list that debits were computed with.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: catalogueVersionsSchema,
    handle: async ({ services }) => {
      const { version, priceVersion, models } = services.planning.catalogue;
      const lists = await services.operating.records.priceLists();
      return {
        object: "catalogue_versions" as const,
        version,
        price_version: priceVersion,
        model_count: models.length,
        price_lists: lists.map((list) => ({
          version: list.version,
          model_count: list.modelCount,
          recorded_at: isoTime(list.recordedAt),
        })),
      };
    },
  }),
  controlRoute({
    method: "GET",
    path: "/api/operator/settings",
    auth: operators,
    tag,
    summary: "Get the instance settings",
    query: noQuery,
    body: noBody,
    status: 200,
    response: instanceSettingsSchema,
    handle: async ({ services }) => showSettings(services, await services.instanceSettings.read()),
  }),
  controlRoute({
    method: "PATCH",
    path: "/api/operator/settings",
    auth: operators,
    tag,
    summary: "Update the instance settings",
    description:
      "Fields that are absent stay as they are; what is set here counts instead of the environment. Workspaces that wait for approval go on waiting.",
    query: noQuery,
    body: updateInstanceSettingsSchema,
    status: 200,
    response: instanceSettingsSchema,
    handle: async ({ body, services }) => {
      const changed = await services.instanceSettings.change({
        ...(body.access_review !== undefined && { accessReview: body.access_review }),
        ...(body.workspace_creation !== undefined && { workspaceCreation: body.workspace_creation }),
      });
      return showSettings(services, changed);
    },
  }),
];

function showSettings(
  { waysIn, mailer, publicUrl }: ControlServices,
  { accessReview, workspaceCreation }: InstanceSettings,
) {
  return {
    object: "instance_settings" as const,
    access_review: accessReview,
    workspace_creation: workspaceCreation,
    sign_up: waysIn.signUp,
    mail: mailer !== undefined,
    public_url: publicUrl,
  };
}

function showProvider({ planning, now }: ControlServices, upstream: Upstream) {
  const { provider, dataPolicy, region } = upstream;
  const { live, catalogue, health } = planning;
  return {
    object: "provider" as const,
    id: provider,
    data_policy: dataPolicy,
    region: region ?? null,
    protocols: [...(live.providers.get(provider)?.speaks ?? [])],
    model_count: catalogue.models.filter((model) => upstream.upstreamModel(model) !== undefined).length,
    usable: health.usable(provider, now()),
    routes: health.routesTo(provider, now()).map(showRoute),
  };
}

function showRoute({ model, calls, successes, firstByteMs, available, lastFailure }: RouteOverview) {
  return {
    model,
    calls,
    success_rate: calls === 0 ? null : successes / calls,
    first_byte_ms: firstByteMs === undefined ? null : Math.round(firstByteMs),
    available,
    last_failure: lastFailure === undefined ? null : { kind: lastFailure.kind, at: isoTime(lastFailure.at) },
  };
}
