// Somebody who deploys agents on a whole gateway over HTTP, as `ast` does: registers builds, makes templates, deploys, waits.

import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import type { Program } from "./memory-container.ts";
import { memoryRuntime, type MemoryRuntime } from "./memory-runtime.ts";
import { startOperatedGateway, type OperatedGateway } from "./operator.ts";
import { signUp, type SignedInPerson } from "./people.ts";

export type Answer = { readonly status: number; readonly body: JsonObject };

export type Deployer = {
  readonly gateway: OperatedGateway;
  readonly runtime: MemoryRuntime;
  /** Of the gateway's first workspace. */
  readonly slug: string;
  readonly home: string;
  /** A developer there. */
  readonly ada: SignedInPerson;
  /** Registers a build of `poet`, or of the blueprint that `spec` names. */
  readonly register: (build: string, spec: string) => Promise<void>;
  readonly template: (body: JsonObject, blueprint?: string) => Promise<Answer>;
  /** Signs and deploys under this name; gives the answer of `POST /deploy`. */
  readonly deploy: (displayName: string, body?: JsonObject, blueprint?: string) => Promise<Answer>;
  /** The same, until it is active or failed; gives its id. */
  readonly deployed: (displayName: string, body?: JsonObject, blueprint?: string) => Promise<string>;
  readonly get: (id: string) => Promise<JsonObject>;
  /** Asks until the deployment is in one of these statuses and its worker is idle; gives it. */
  readonly until: (id: string, ...statuses: readonly string[]) => Promise<JsonObject>;
  readonly act: (id: string, action: string, body?: JsonObject) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

export const agentsDomain = "agents.test";

/** What a blueprint's text is, apart from what matters to a test. */
export function specOf(rest: string, name = "poet"): string {
  return `spec: blueprint/v1\nname: ${name}\n${rest}`;
}

export async function startDeployer(
  environment: Record<string, string>,
  programs: Readonly<Record<string, Program>>,
  runtime = memoryRuntime(programs),
): Promise<Deployer> {
  const gateway = await startOperatedGateway(
    { ASTROLABE_AGENTS_DOMAIN: agentsDomain, ...environment },
    undefined,
    runtime,
  );
  gateway.wired.agents.start();
  const workspace = (await gateway.operator.send("GET", "")).body;
  const home = stringAt(workspace, "id") ?? "";
  const slug = stringAt(workspace, "slug") ?? "";
  const ada = await signUp(gateway, { roles: { [home]: "developer" } });
  return { gateway, runtime, home, slug, ada, ...deployingAs(gateway, ada, slug), close: () => gateway.close() };
}

export function deployingAs(
  gateway: OperatedGateway,
  person: SignedInPerson,
  slug: string,
): Omit<Deployer, "gateway" | "runtime" | "home" | "slug" | "ada" | "close"> {
  const template: Deployer["template"] = (body, blueprint = "poet") =>
    person.send("POST", `/api/v1/agents/${slug}/${blueprint}/deployment-template`, { finalize: true, ...body });
  const deploy: Deployer["deploy"] = async (displayName, body = {}, blueprint = "poet") => {
    const made = await template(body, blueprint);
    const signature = stringAt(made.body, "signature");
    if (signature === undefined) throw new Error(`no template: ${JSON.stringify(made.body)}`);
    const signed = { ...objectAt(made.body, "template"), target: { display_name: displayName } };
    return sendTemplate(gateway, person, signed, signature);
  };
  const get: Deployer["get"] = async (id) =>
    objectAt((await person.send("GET", `/api/v1/deployments/${id}`)).body, "deployment") ?? {};
  const until: Deployer["until"] = async (id, ...statuses) => {
    for (const giveUpAt = Date.now() + 10_000; ; await Bun.sleep(10)) {
      const deployment = await get(id);
      if (statuses.includes(stringAt(deployment, "status") ?? "")) return deployment;
      if (Date.now() > giveUpAt) throw new Error(`not ${statuses.join(" or ")}: ${JSON.stringify(deployment)}`);
    }
  };
  return {
    template,
    deploy,
    get,
    until,
    async register(build, spec) {
      const name = /^name: (\S+)/m.exec(spec)?.[1] ?? "";
      const body = { build_id: build, registry: "", spec_content: spec };
      const { status, body: answer } = await person.send("POST", `/api/v1/agents/${slug}/${name}/register`, body);
      if (status !== 201) throw new Error(JSON.stringify(answer));
    },
    async deployed(displayName, body, blueprint) {
      const answer = await deploy(displayName, body, blueprint);
      const id = stringAt(answer.body, "deployment_id");
      if (id === undefined) throw new Error(JSON.stringify(answer.body));
      await untilRolledOut(() => get(id));
      return id;
    },
    act: (id, action, body) => person.send("POST", `/api/v1/deployments/${id}/${action}`, body),
  };
}

export async function sendTemplate(
  gateway: OperatedGateway,
  person: SignedInPerson,
  template: JsonObject,
  signature: string,
): Promise<Answer> {
  const response = await fetch(`${gateway.url}/api/v1/deploy`, {
    method: "POST",
    headers: { ...person.headers, "x-template-signature": signature },
    body: JSON.stringify(template),
  });
  const body: unknown = await response.json();
  return { status: response.status, body: isObject(body) ? body : {} };
}

/** Until the newest revision serves or has failed, or the deployment stands still. */
export async function untilRolledOut(get: () => Promise<JsonObject>): Promise<JsonObject> {
  for (const giveUpAt = Date.now() + 60_000; ; await Bun.sleep(20)) {
    const deployment = await get();
    const newest = stringAt(objectAt(deployment, "newest") ?? {}, "status");
    const isMoving = ["pending", "provisioning", undefined].includes(stringAt(deployment, "status"));
    if (!isMoving && (newest === "active" || newest === "failed")) return deployment;
    if (Date.now() > giveUpAt) throw new Error(`not rolled out: ${JSON.stringify(deployment)}`);
  }
}

/** The kinds of steps that a deployment's newest rollout took. */
export function stepsOf(deployment: JsonObject): string[] {
  return (arrayAt(deployment, "steps") ?? []).filter(isObject).map((step) => stringAt(step, "kind") ?? "");
}
