// Routes for the playground: people who are signed in run requests on the workspace's credits, under a key that nobody
// holds. The request takes the same way as any other.

import { z } from "zod";
import { keySchema } from "../../contracts/control-keys.ts";
import {
  modeQuerySchema,
  playgroundProtocols,
  playgroundSchema,
  renewPlaygroundSchema,
} from "../../contracts/control-playground.ts";
import { GatewayError } from "../../contracts/errors.ts";
import type { WorkspaceId } from "../../contracts/ids.ts";
import type { KeyMode } from "../../keys/api-key.ts";
import { keyStatus } from "../../keys/manage-keys.ts";
import { findPlaygroundKey, playgroundKey, renewPlaygroundKey } from "../../keys/playground-key.ts";
import { chatCompletionsProtocol } from "../../protocols/chat-completions/index.ts";
import { embeddingsProtocol } from "../../protocols/embeddings/index.ts";
import { messagesProtocol } from "../../protocols/messages/index.ts";
import type { ClientProtocol } from "../../protocols/protocol.ts";
import { responsesProtocol } from "../../protocols/responses/index.ts";
import { administrators, builders, readers } from "./access.ts";
import { noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import type { ControlServices } from "./services.ts";
import { showKey } from "./shown-keys.ts";

const tag = "Playground";

const protocols: Readonly<Record<(typeof playgroundProtocols)[number], ClientProtocol>> = {
  responses: responsesProtocol,
  "chat-completions": chatCompletionsProtocol,
  messages: messagesProtocol,
  embeddings: embeddingsProtocol,
};

export const playgroundRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/playground",
    auth: readers,
    tag,
    summary: "Get the playground",
    query: noQuery,
    body: noBody,
    status: 200,
    response: playgroundSchema,
    handle: async ({ workspace, services }) => ({
      object: "playground" as const,
      live: await describeKey(services, workspace.id, "live"),
      test: await describeKey(services, workspace.id, "test"),
    }),
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/playground/:protocol",
    auth: builders,
    tag,
    summary: "Run a request in the playground",
    description:
      "Body and answer, headers and stream are those of the protocol: `responses`, `chat-completions`, `messages` or `embeddings`. " +
      "It runs under the workspace's playground key, which the first request makes.",
    query: modeQuerySchema,
    body: z.looseObject({}).optional(),
    unread: true,
    status: 200,
    response: z.looseObject({}),
    errors: ["payment_required", "budget_exceeded", "workspace_suspended", "routing_policy_blocked", "upstream_error"],
    handle: async ({ workspace, request, stayOpen, query, param, services }) => {
      const name = playgroundProtocols.find((known) => known === param("protocol"));
      if (name === undefined) {
        throw new GatewayError("not_found", `The playground speaks ${playgroundProtocols.join(", ")}.`);
      }
      const key = await playgroundKey(services.keys, workspace.id, query.mode);
      services.keys.uses.note(key.id, services.now());
      return services.answerUnder({ key, workspace }, protocols[name], request, stayOpen);
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/playground-key",
    auth: administrators,
    tag,
    summary: "Renew the playground's key",
    description: "Opens the playground again after its key was revoked.",
    query: noQuery,
    body: renewPlaygroundSchema,
    status: 201,
    response: keySchema,
    errors: ["conflict"],
    handle: async ({ workspace, body, services }) =>
      showKey(services, await renewPlaygroundKey(services.keys, workspace.id, body.mode)),
  }),
];

async function describeKey(services: ControlServices, workspaceId: WorkspaceId, mode: KeyMode) {
  const key = await findPlaygroundKey(services.keys, workspaceId, mode);
  if (key === undefined) return { status: "unused" as const, key: null };
  return { status: keyStatus(key, services.now()), key: key.id };
}
