// Routes that try a policy out: a dry run of one request, and what-if over the requests of the past.

import { dryRunResultSchema, dryRunSchema, type dryRunProtocols } from "../../contracts/control-dry-run.ts";
import { whatIfResultSchema, whatIfSchema } from "../../contracts/control-what-if.ts";
import { invalidField } from "../../contracts/errors.ts";
import { asId, type KeyId, type StackId, type WorkspaceId } from "../../contracts/ids.ts";
import { isObject, isTooDeep, parseObject, type JsonObject } from "../../contracts/json.ts";
import type { ApiKey } from "../../keys/api-key.ts";
import { unlimitedKey } from "../../keys/unlimited-key.ts";
import { getKey } from "../../keys/manage-keys.ts";
import { chatCompletionsProtocol } from "../../protocols/chat-completions/index.ts";
import { embeddingsProtocol } from "../../protocols/embeddings/index.ts";
import { messagesProtocol } from "../../protocols/messages/index.ts";
import type { ClientProtocol } from "../../protocols/protocol.ts";
import { responsesProtocol } from "../../protocols/responses/index.ts";
import { dryRun } from "../../request/dry-run.ts";
import { whatIf } from "../../request/what-if.ts";
import { stackOfRecord } from "../../stacks/recorded-stacks.ts";
import { onlyStack, stackToTry } from "../../stacks/tried-stack.ts";
import { readers } from "./access.ts";
import { noQuery, workspaceRoute } from "./declared-route.ts";
import type { ControlServices } from "./services.ts";
import { showDryRun } from "./shown-dry-run.ts";
import { showWhatIf } from "./shown-what-if.ts";

const tag = "Stacks";

export const rehearsalRoutes = [
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/stacks/dry-run",
    auth: readers,
    audited: false,
    tag,
    summary: "Dry-run a request",
    description:
      "Says what would become of a request: its classification, the candidates with estimates, who was rejected and why, the hold, the checks, or the refusal. No provider is called, nothing is held, debited or counted.",
    query: noQuery,
    body: dryRunSchema,
    status: 200,
    response: dryRunResultSchema,
    errors: ["conflict", "routing_stack_not_found"],
    handle: async ({ workspace, body, services }) => {
      const { planning, budgets, credits, directory, now } = services;
      const tried = await stackToTry(services.stacks, workspace.id, body);
      const request = withOverrides(requestOf(body.request), body.overrides);
      const run = await dryRun(
        {
          workspace,
          key: await keyFor(services, workspace.id, body),
          protocol: protocols[body.protocol],
          ...request,
          confirmed: body.confirmed,
          stacks: tried ? onlyStack(tried) : directory,
        },
        { ...planning, budgets, ledger: credits.ledger, now },
      );
      return showDryRun(run, tried !== undefined, planning.settings.balanceFloor);
    },
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/stacks/what-if",
    auth: readers,
    audited: false,
    tag,
    summary: "Plan past requests under another policy",
    description:
      "Plans the newest requests of a scope again, from what their traces recorded, under the policy they had and under the one to try. URL rules, credits, and daily and monthly budgets are not replayed.",
    query: noQuery,
    body: whatIfSchema,
    status: 200,
    response: whatIfResultSchema,
    errors: ["conflict", "routing_stack_not_found"],
    handle: async ({ workspace, body, services }) => {
      const stack = await stackToTry(services.stacks, workspace.id, body);
      if (!stack) throw invalidField("policy", "given, or `stack` named");
      const { planning, replays, now } = services;
      const scope = {
        keyId: body.scope.key === undefined ? undefined : asId<KeyId>(body.scope.key),
        stackSlug: body.scope.stack,
        since: timeOf(body.scope.since),
        until: timeOf(body.scope.until),
      };
      const requests = await replays.list(workspace.id, scope, body.limit);
      const [stackOf, keys] = await Promise.all([
        stackOfRecord(services.stacks, workspace.id, requests.map(recordedUnder)),
        keysOf(services, workspace.id, new Set(requests.map(({ keyId }) => keyId))),
      ]);
      const found = await whatIf(
        {
          workspace,
          requests,
          stack,
          stackOf: (request) => stackOf(recordedUnder(request)),
          keyOf: ({ keyId }) => keys.get(keyId),
        },
        planning,
        planning.health.snapshot(now()),
      );
      return showWhatIf(found);
    },
  }),
];

const protocols: { readonly [name in (typeof dryRunProtocols)[number]]: ClientProtocol } = {
  responses: responsesProtocol,
  "chat-completions": chatCompletionsProtocol,
  messages: messagesProtocol,
  embeddings: embeddingsProtocol,
};

type Request = { readonly body: JsonObject; readonly bodyBytes: number };

/** @throws GatewayError invalid_request naming `request` */
function requestOf(given: string | { readonly [field: string]: unknown }): Request {
  const text = typeof given === "string" ? given : JSON.stringify(given);
  const body = parseObject(text);
  if (!body || isTooDeep(body, text.length)) throw invalidField("request", "a JSON object, or the text of one");
  return { body, bodyBytes: Buffer.byteLength(text) };
}

/** Added overrides change what is asked for, not how large the request counts as. */
function withOverrides(
  { body, bodyBytes }: Request,
  overrides: { readonly [field: string]: unknown } | undefined,
): Request {
  const added = parseObject(JSON.stringify(overrides ?? {})) ?? {};
  if (Object.keys(added).length === 0) return { body, bodyBytes };
  const metadata = isObject(body["metadata"]) ? body["metadata"] : {};
  const written = isObject(metadata["astrolabe"]) ? metadata["astrolabe"] : {};
  return { body: { ...body, metadata: { ...metadata, astrolabe: { ...written, ...added } } }, bodyBytes };
}

async function keyFor(
  services: ControlServices,
  workspaceId: WorkspaceId,
  { key, mode }: { readonly key?: string | undefined; readonly mode: ApiKey["mode"] },
): Promise<ApiKey> {
  if (key !== undefined) return getKey(services.keys, workspaceId, asId<KeyId>(key));
  return unlimitedKey(workspaceId, mode, services.now());
}

/** Most keys whose requests are planned again at once. */
const mostKeys = 200;

async function keysOf(
  { keys }: ControlServices,
  workspaceId: WorkspaceId,
  ids: ReadonlySet<KeyId>,
): Promise<ReadonlyMap<KeyId, ApiKey>> {
  const found = await Promise.all([...ids].slice(0, mostKeys).map((id) => keys.records.find(workspaceId, id)));
  return new Map(found.filter((key) => key !== undefined).map((key) => [key.id, key]));
}

type Recorded = {
  readonly stored?: { readonly stack?: readonly [string, string] } | undefined;
  readonly stackVersion: number | undefined;
};

function recordedUnder({ stored, stackVersion }: Recorded) {
  const id = stored?.stack?.[0];
  return { id: id === undefined ? undefined : asId<StackId>(id), version: stackVersion };
}

function timeOf(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Date.parse(iso);
}
