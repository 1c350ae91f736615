// Agents of a workspace, for pictures: blueprints with builds, deployments in many states, keys that were used, a vault.

import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { deployingAs } from "../support/deploying.ts";
import type { SignedInPerson } from "../support/people.ts";
import type { Stage } from "./with-browser.ts";

const description = `---
description: Finds books by what they are about, and says where they stand.
tags: [library, search]
---

# Librarian

Ask for a subject; it answers with three books and their shelves.

![shelves](docs/shelves.png)

## What it needs

- the key of the catalogue's API
- nothing else
`;

/** @param version of its image: 3 cannot be started */
export function librarianSpec(version: number, name = "librarian"): string {
  return `spec: blueprint/v1
name: ${name}
meta: { visibility: private }
agent:
  image: librarian:${version}
  interfaces: { frontend: true }
  healthcheck: { path: / }
models:
  default:
    provider: gateway
    models: [claude-haiku-4-5, claude-opus-4-8]
knowledge:
  shelves:
    container: { image: "shelves:1", port: 6379, volume: /data }
inputs:
  tone:
    name: TONE
    datatype: string
    description: How it speaks.
    display-as: select
    options: [kind, brisk, scholarly]
    default: kind
  catalogue:
    name: CATALOGUE_KEY
    datatype: string
    secret: true
    description: Key of the catalogue's API, from its administration page.
ingestion:
  reindex:
    container: { image: "reindex:1" }
    trigger: { type: manual }
  fetch-news:
    container: { image: "fetch-news:1" }
    trigger: { type: schedule }
`;
}

const reporterSpec = `spec: blueprint/v1
name: reporter
agent:
  image: reporter:1
  interfaces: { frontend: true }
models:
  default: { provider: gateway, models: [claude-haiku-4-5] }
`;

const nightDeskSpec = `spec: blueprint/v1
name: night-desk
agent:
  image: night-desk:1
  interfaces: { frontend: true }
  healthcheck: { path: / }
`;

/** What a librarian is given, with the secret taken out of the vault. */
export const librarianValues: JsonObject = {
  variables: { CATALOGUE_KEY: { ref: "CATALOGUE_KEY" } },
  schedules: { "fetch-news": "0 6 * * 1-5" },
};

export async function fillAgents(stage: Stage): Promise<void> {
  const { gateway, runtime, workspaceId } = stage;
  const mary = await stage.person({
    name: "Mary Somerville",
    email: "mary@example.com",
    roles: { [workspaceId]: "developer" },
  });
  const poets = deployingAs(gateway, mary, workspaceId);
  await fillVault(mary, workspaceId);
  const register = (build: string, spec: string, more: JsonObject = {}) => push(mary, workspaceId, build, spec, more);
  await register("4be1c07a", librarianSpec(1), { readme: description });
  const ask = async (id: string) => {
    const project = stringAt(await poets.get(id), "namespace") ?? "";
    const key = runtime.environmentOf(project, "agent")?.["ASTRO_GATEWAY_API_KEY"] ?? "";
    const response = await gateway.post(
      "/v1/responses",
      { model: "astrolabe/auto", input: "Books on tides?" },
      { key },
    );
    await gateway.traceOf(response);
  };

  const librarian = await poets.deployed("librarian", { build: "4be1c07a", ...librarianValues }, "librarian");
  await ask(librarian);
  await register("91d2e6f3", librarianSpec(2), { readme: description });
  await redeploy(poets, librarian, "librarian", { models: { default: "claude-opus-4-8" } });
  await ask(librarian);
  await ask(librarian);
  for (const job of ["reindex", "fetch-news"]) await untilRun(poets, librarian, job);
  await register("c3a80b52", librarianSpec(3), { readme: description });
  await redeploy(poets, librarian, "librarian");

  await register("7a0f91cc", reporterSpec, { visibility: "public" });
  const reporter = await poets.deployed("reporter for the harbour", { interfaces: { adapters: ["web"] } }, "reporter");
  await ask(reporter);
  const weekend = await poets.deployed("weekend reporter", {}, "reporter");
  await poets.act(weekend, "stop");
  await poets.until(weekend, "stopped");

  for (const person of [mary, await stage.person({ name: "Jocelyn Bell", email: "jocelyn@example.com" })]) {
    await person.send("POST", `/api/v1/accounts/${workspaceId}/ai-gateway-keys`, {});
  }
  await register("02bd5e10", nightDeskSpec);
  await poets.deploy("night desk", {}, "night-desk");
}

type Deploying = ReturnType<typeof deployingAs>;

export async function push(
  person: SignedInPerson,
  account: string,
  build: string,
  spec: string,
  more: JsonObject = {},
): Promise<void> {
  const name = /^name: (\S+)/m.exec(spec)?.[1] ?? "";
  const body = { build_id: build, spec_content: spec, ...more };
  const answer = await person.send("POST", `/api/v1/agents/${account}/${name}/register`, body);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
}

/** A vault with secrets and plain values, one of which no deployment uses. */
async function fillVault(person: SignedInPerson, account: string): Promise<void> {
  await person.send("POST", `/api/v1/accounts/${account}/variables`, {
    variables: [
      { name: "CATALOGUE_KEY", value: "k-1", description: "The city library's catalogue, read only" },
      { name: "SLACK_BOT_TOKEN", value: "x-2", description: "" },
      {
        name: "CATALOGUE_URL",
        value: "https://catalogue.example.com/api/v2/books?language=en",
        secret: false,
        description: "Where the catalogue answers",
      },
    ],
  });
}

async function redeploy(poets: Deploying, id: string, blueprint: string, body: JsonObject = {}): Promise<void> {
  const { display_name: name } = await poets.get(id);
  await poets.deployed(String(name), { deployment_id: id, ...body }, blueprint);
}

async function untilRun(poets: Deploying, id: string, job: string): Promise<void> {
  await poets.act(id, `jobs/${job}/run`, {});
  for (const giveUpAt = Date.now() + 10_000; Date.now() < giveUpAt; await Bun.sleep(20)) {
    const jobs = (arrayAt(await poets.get(id), "jobs") ?? []).filter(isObject);
    const [run] = (arrayAt(jobs.find(({ name }) => name === job) ?? {}, "runs") ?? []).filter(isObject);
    if (["succeeded", "failed"].includes(stringAt(run ?? {}, "status") ?? "")) return;
  }
  throw new Error(`the job ${job} did not end: ${JSON.stringify(objectAt(await poets.get(id), "newest"))}`);
}
