// The route by which a member who is signed in gets into an agent's own pages: it hands a code to the agent's host.

import { z } from "zod";
import { makeCode } from "../../agents/door-pass.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { noBody, publicRoute } from "../control/declared-route.ts";
import { doorResponse, nobodyHere } from "../front-door/door-pages.ts";

const path = "/api/v1/front-door/:label";

export const frontDoorRoutes = [
  publicRoute({
    method: "GET",
    path,
    tag: "Agents: deployments",
    summary: "Enter an agent's pages",
    description:
      "Where the host of an agent that is for members sends browsers: back there with a code that works once, for a " +
      "minute, for this deployment and in this browser. Those who are not signed in sign in first.",
    query: z.strictObject({
      browser: z
        .string()
        .regex(/^[A-Za-z0-9_-]{43}$/)
        .describe("Of what the browser holds on the agent's host."),
      path: z.string().max(2_000).default("/").describe("Where to go then."),
    }),
    body: noBody,
    status: 200,
    response: z.string(),
    media: "text/html",
    errors: ["not_found"],
    handle: async ({ param, query, caller, request, services }) => {
      const doors = await services.agentDoors();
      const work = await services.deployments();
      const deployment = await work.records.findByLabel(param("label"));
      const url = deployment && work.places.frontendUrl(deployment.label);
      if (doors === undefined || url === undefined || deployment?.door === undefined) {
        return doorResponse(request, nobodyHere);
      }
      if (caller?.kind === "operator") throw new GatewayError("forbidden", "The operator token is nobody.");
      const asked = new URLSearchParams({ browser: query.browser, path: query.path }).toString();
      if (caller === undefined) {
        const next = `/api/v1/front-door/${deployment.label}?${asked}`;
        return away(`${services.publicUrl}/sign-in?next=${encodeURIComponent(next)}`);
      }
      const { id: userId, sessionId } = caller.user;
      if (sessionId === undefined) throw new GatewayError("forbidden", "An access token does not open agents' pages.");
      const role = await services.members.records.roleOf(deployment.workspaceId, userId);
      // Strangers learn as little as of an agent that is not there.
      if (role === undefined) return doorResponse(request, nobodyHere);
      const visit = { browserHash: query.browser, path: query.path };
      const code = await makeCode(doors, deployment, { userId, sessionId }, visit);
      return away(`${url}/.astrolabe/enter?code=${code}`);
    },
  }),
];

function away(location: string): Response {
  return new Response(null, { status: 302, headers: { location, "referrer-policy": "no-referrer" } });
}
