// The route that says where the images of agents belong.

import { imageRegistrySchema } from "../../contracts/agents-registry.ts";
import { readers } from "../control/access.ts";
import { accountRoute, noBody, noQuery } from "../control/declared-route.ts";

export const imageRegistryRoutes = [
  accountRoute({
    method: "GET",
    path: "/api/v1/accounts/:account/image-registry",
    auth: readers,
    tag: "Agents: blueprints",
    summary: "Get the registry for images",
    description: "Where `ast push` puts images, below the account's name, and where deployments take them from.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: imageRegistrySchema,
    handle: async ({ services }) => ({ registry: services.agents.imageRegistry ?? null }),
  }),
];
