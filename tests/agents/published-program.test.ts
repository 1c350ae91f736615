// What the published `ast` program sends, byte for byte where that matters, and whether it can read the answers: it has a
// bearer token and no browser, sends no body where there is nothing to say, and writes JSON with sorted keys.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { z } from "zod";
import { isObject, objectAt, parseObject, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { specOf, startDeployer, type Deployer } from "../support/deploying.ts";
import { asObject } from "../support/gateway.ts";
import { readStream } from "../support/read-stream.ts";
import type { Program } from "../support/memory-container.ts";

const serving: Program = async ({ write }) => {
  write("INFO the agent is up");
  return { fetch: () => new Response("here") };
};

const spec = specOf(`agent:
  image: poet:1
  inputs:
    - { name: GREETING, datatype: string, description: How it greets }
    - { name: TOPIC, datatype: string, optional: true, default: sea }
    - { name: TOKEN, datatype: string, secret: true, optional: true }
models:
  default: { provider: gateway, models: [claude-sonnet-4-6] }
`);

/** A time that Go's JSON reads. */
const time = z.iso.datetime({ offset: true });
const deploymentFields = {
  id: z.string().min(1),
  name: z.literal("poet"),
  display_name: z.string(),
  build_id: z.string(),
  namespace: z.string().min(1),
  created_at: time,
};
const deploymentAnswer = z.object({
  deployment: z.object({
    ...deploymentFields,
    status: z.string(),
    external_urls: z.array(
      z.object({ name: z.string(), url: z.string(), type: z.string(), ready: z.boolean(), message: z.string() }),
    ),
    messaging_available: z.boolean(),
    workloads: z.array(
      z.object({
        name: z.string(),
        component: z.string(),
        pod_name: z.string(),
        containers: z.array(z.object({ name: z.string() })),
      }),
    ),
  }),
});
const logLines = z.array(z.object({ timestamp: time, level: z.string(), message: z.string() }));
const results = z.object({ results: z.array(z.object({ name: z.string(), status: z.literal("created") })) });
const blueprint = z.object({
  account: z.string(),
  name: z.string(),
  visibility: z.enum(["public", "private"]),
  archived_at: time.optional(),
  versions: z.array(z.object({ build_id: z.string(), published_at: time, readme: z.string().optional() })),
  metrics: z.object({ deploy_count: z.int(), lifetime_messages: z.int() }),
});

let poets: Deployer;
let token: string;
beforeAll(async () => {
  poets = await startDeployer({}, { "poet:1": serving });
  const { internalAdapter } = await (await poets.gateway.wired.identity.auth()).$context;
  token = (await internalAdapter.createSession(poets.ada.id)).token;
});
afterAll(async () => {
  expect(poets.gateway.faults).toEqual([]);
  await poets.close();
});

type Headers = Readonly<Record<string, string>>;

function send(method: string, path: string, body?: JsonObject, headers: Headers = {}): Promise<Response> {
  return fetch(`${poets.gateway.url}/api/v1/${path}`, {
    method,
    headers: {
      "user-agent": "Go-http-client/1.1",
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(sorted(body)) }),
  });
}

/** Reads a 2xx answer by the fields that the program has for it. */
async function ask<Answer>(
  answer: z.ZodType<Answer>,
  ...[method, path, body, headers]: Parameters<typeof send>
): Promise<Answer> {
  const response = await send(method, path, body, headers);
  const read: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(read)}`);
  return answer.parse(read);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

const account = (rest: string) => `accounts/${poets.slug}/${rest}`;
const agent = (rest = "") => `agents/${poets.slug}${rest}`;
const anything = z.unknown();

async function push(build: string): Promise<void> {
  const body = { build_id: build, registry: `registry.localhost/${poets.slug}`, spec_content: spec };
  const more = { readme: "# Poet\n\n![A](a.png)\n", visibility: "private" };
  const response = await send("POST", agent("/poet/register"), { ...body, ...more }, { "x-cli-version": "0.15.10" });
  expect([200, 201]).toContain(response.status);
}

/** What the program does for `deploy` and `agent redeploy`. */
async function deploy(displayName: string, request: JsonObject): Promise<string> {
  const web = { adapters: ["web"], auth: { web: { type: "oidc" } } };
  const templateAnswer = z.object({
    template: z.custom<JsonObject>(isObject),
    validation: z.object({ valid: z.literal(true) }),
    signature: z.string().min(1),
  });
  const path = agent("/poet/deployment-template");
  const made = await ask(templateAnswer, "POST", path, { interfaces: web, finalize: true, ...request });
  const patched = { ...made.template, target: { ...objectAt(made.template, "target"), display_name: displayName } };
  const deployed = await ask(
    z.object({ status: z.string(), deployment_id: z.string(), name: z.literal("poet"), build_id: z.string() }),
    "POST",
    "deploy",
    patched,
    { "x-template-signature": made.signature },
  );
  await poets.until(deployed.deployment_id, "active");
  return deployed.deployment_id;
}

test("accounts are read at sign-in, none of which makes the program ask its own identity provider for a token", async () => {
  const answer = z.object({
    accounts: z.array(
      z.object({
        id: z.string().min(1),
        name: z.string().min(1),
        type: z.enum(["personal", "organization"]),
        role: z.string(),
        workos_org_id: z.literal(""),
      }),
    ),
  });
  const { accounts } = await ask(answer, "GET", "me");
  expect(accounts.map(({ name, type }) => [name, type])).toEqual([[poets.slug, "personal"]]);
  expect(await ask(z.object({ available: z.boolean() }), "GET", `accounts/check/${poets.slug}`)).toMatchObject({
    available: false,
  });
});

test("secrets are made, imported, listed, read, changed and deleted", async () => {
  const variable = z.object({
    name: z.string(),
    secret: z.boolean(),
    description: z.string(),
    value: z.string().optional(),
    created_at: time,
    updated_at: time,
  });
  expect((await send("GET", account("variables/POET_KEY"))).status).toBe(404);
  const one = { name: "POET_KEY", value: "s3cret", secret: true, description: "a key" };
  await ask(results, "POST", account("variables"), { variables: [one] });
  const more = ["ONE", "TWO"].map((name) => ({ name, value: "1", secret: false }));
  await ask(results, "POST", account("variables"), { variables: more });
  const listed = await ask(z.object({ variables: z.array(variable) }), "GET", account("variables"));
  expect(listed.variables.map(({ name, value }) => [name, value])).toEqual([
    ["ONE", "1"],
    ["POET_KEY", undefined],
    ["TWO", "1"],
  ]);
  await ask(anything, "PUT", account("variables/ONE"), { value: "2", description: "counted" });
  expect(await ask(variable, "GET", account("variables/ONE"))).toMatchObject({ value: "2", description: "counted" });
  for (const name of ["ONE", "TWO"]) await ask(anything, "DELETE", account(`variables/${name}`));
  expect((await send("DELETE", account("variables/ONE"))).status).toBe(404);
});

test("a blueprint is pushed with the pictures of its readme, shown with what it asks for, published and archived", async () => {
  expect((await send("GET", agent("/poet"))).status).toBe(404);
  const form = new FormData();
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
  form.append("a.png", new Blob([png], { type: "application/octet-stream" }), "a.png");
  const uploaded = await fetch(`${poets.gateway.url}/api/v1/${agent("/poet/readme-assets")}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  const { assets } = z.object({ assets: z.record(z.string(), z.string()) }).parse(await uploaded.json());
  expect(Object.keys(assets)).toEqual(["a.png"]);
  await push("0a1b2c3d");
  const list = z.object({ agents: z.array(blueprint), count: z.literal(1) });
  expect((await ask(list, "GET", agent())).agents[0]?.versions).toMatchObject([{ build_id: "0a1b2c3d" }]);
  expect((await ask(blueprint, "GET", agent("/poet"))).versions[0]?.readme).toContain("# Poet");

  const asked = z.object({
    targets: z.array(z.string()),
    secret: z.boolean(),
    optional: z.boolean(),
    default: z.string().optional(),
    description: z.string().optional(),
  });
  const template = z.object({ variables: z.record(z.string(), asked) });
  const { variables } = await ask(template, "POST", agent("/poet/deployment-template"), {});
  expect(variables).toEqual({
    GREETING: { targets: ["agent"], secret: false, optional: false, description: "How it greets" },
    TOPIC: { targets: ["agent"], secret: false, optional: true, default: "sea" },
    TOKEN: { targets: ["agent"], secret: true, optional: true },
  });

  await ask(anything, "PUT", agent("/poet/visibility"), { visibility: "public" });
  expect(await ask(blueprint, "GET", agent("/poet"))).toMatchObject({ visibility: "public" });
  await ask(z.object({ account: z.string(), name: z.literal("novelist") }), "POST", agent(), {
    name: "novelist",
    visibility: "private",
  });
  expect((await send("POST", agent(), { name: "novelist", visibility: "private" })).status).toBe(409);
  await ask(anything, "POST", agent("/novelist/archive"));
  expect((await ask(blueprint, "GET", agent("/novelist"))).archived_at).toBeString();
  expect((await send("POST", agent("/nobody/archive"))).status).toBe(404);
});

test("an agent is deployed, looked at, paused, resumed, restarted, deployed again and deleted", async () => {
  const missing = z.object({
    validation: z.object({
      valid: z.literal(false),
      errors: z.array(z.object({ field: z.string(), message: z.string().min(1) })),
    }),
  });
  const wanting = await ask(missing, "POST", agent("/poet/deployment-template"), { finalize: true });
  expect(wanting.validation.errors.map(({ field }) => field)).toEqual(["variables.GREETING"]);
  const unknown = await send("POST", agent("/poet/deployment-template"), { build: "ffffffff", finalize: true });
  expect([unknown.status, stringAt(asObject(await unknown.json()), "error_code")]).toEqual([404, "build_not_found"]);

  const id = await deploy("Ada's <poet> & co", {
    variables: { GREETING: { value: "hi" }, TOKEN: { ref: "POET_KEY" } },
  });
  const list = z.object({ deployments: z.array(z.object(deploymentFields)), count: z.literal(1) });
  expect((await ask(list, "GET", `deployments?account=${poets.slug}`)).deployments).toMatchObject([
    { id, display_name: "Ada's <poet> & co", build_id: "0a1b2c3d" },
  ]);
  const { deployment } = await ask(deploymentAnswer, "GET", `deployments/${id}`);
  const pod = deployment.workloads.find(({ component }) => component === "agent")?.pod_name ?? "";
  expect(pod).not.toBe("");

  const since = encodeURIComponent(new Date(Date.now() - 900_000).toISOString().replace(/\.\d+Z$/, "Z"));
  const query = `container=&since=${since}&workload=agent`;
  const lines = await ask(logLines, "GET", `deployments/${id}/logs?${query}`);
  expect(lines.map(({ level, message }) => [level, message])).toContainEqual(["INFO", "INFO the agent is up"]);
  const stream = await send("GET", `deployments/${id}/logs/stream?${query}`);
  expect(await firstLine(stream)).toMatchObject({ level: "INFO", message: "INFO the agent is up" });

  await ask(anything, "POST", `deployments/${id}/stop`);
  await poets.until(id, "stopped");
  expect((await send("POST", `deployments/${id}/pods/${pod}/restart`)).status).toBe(409);
  await ask(anything, "POST", `deployments/${id}/wakeup`);
  await poets.until(id, "active");
  await ask(anything, "POST", `deployments/${id}/pods/${pod}/restart`);
  expect(await deploy("Ada's <poet> & co", { deployment_id: id })).toBe(id);
  const record = z.object({
    id: z.literal(id),
    agent_name: z.literal("poet"),
    revision: z.int(),
    build_id: z.string(),
    status: z.string(),
    deployed_at: time,
  });
  const history = z.object({ deployments: z.array(record), count: z.literal(2) });
  await ask(history, "GET", agent("/poet/deployment/history"));
  await ask(anything, "POST", "undeploy", { deployment_id: id });
  await poets.until(id, "undeployed");
  expect((await send("POST", "undeploy", { deployment_id: "dep_nowhere" })).status).toBe(404);
});

/** The first event without a name: the others are about the stream. */
async function firstLine(stream: Response): Promise<unknown> {
  const reader = readStream(stream);
  for (let event = await reader.next(); event !== undefined; event = await reader.next()) {
    if (event.startsWith("data: ")) return parseObject(event.slice("data: ".length));
    if (!/^event: (?:ready|status|heartbeat|error)\ndata: /.test(event)) throw new Error(`not an event: ${event}`);
  }
  throw new Error("the stream ended without a line of the log");
}

test("a development key comes with the address that it is for", async () => {
  const answer = z.object({
    key_id: z.string(),
    api_key: z.string().min(1),
    base_url: z.url(),
    expires_at: time,
  });
  const key = await ask(answer, "POST", account("ai-gateway-keys"));
  expect(key.base_url).toEndWith("/v1");
  expect((await ask(answer, "POST", account("ai-gateway-keys"))).api_key).toBe(key.api_key);
});
