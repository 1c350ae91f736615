// One thing of each kind in a workspace, for those who try to reach it from another one.

import { arrayAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { newId } from "../../server/contracts/ids.ts";
import { asObject } from "../support/gateway.ts";
import type { OperatedGateway } from "../support/operator.ts";
import { signUp } from "../support/people.ts";

export type Things = {
  /** For a parameter of a path. @throws Error for one that has no thing yet: add it here */
  readonly idOf: (parameter: string, path?: string) => string;
  /** What the workspace shows of itself; `before` is how that was when everything had been made. */
  readonly state: () => Promise<JsonObject>;
  readonly before: JsonObject;
};

/** Routes whose parameter names nothing of a workspace. */
export const sharedParameters: ReadonlySet<string> = new Set([
  "POST /api/workspaces/:workspace/playground/:protocol",
  "GET /api/workspaces/:workspace/billing/statements/:month",
  "GET /api/workspaces/:workspace/billing/statements/:month/pdf",
  "GET /api/workspaces/:workspace/billing/statements/:month/csv",
  // Both make a blueprint of one's own under that name.
  "POST /api/v1/agents/:account/:name/register",
  "POST /api/v1/agents/:account/:name/readme-assets",
]);

/** Bodies that the routes would take, so that only the id stands in the way. */
export const foreignBodies: Readonly<Record<string, JsonObject>> = {
  "PATCH /api/workspaces/:workspace/members/:member": { role: "viewer" },
  "PATCH /api/workspaces/:workspace/webhooks/:webhook": { status: "disabled" },
  "PATCH /api/workspaces/:workspace/keys/:key": { name: "taken" },
  "POST /api/workspaces/:workspace/keys/:key/rotate": { overlap_minutes: 0 },
  "PATCH /api/workspaces/:workspace/stacks/:stack": { name: "taken" },
  "PUT /api/v1/accounts/:account/variables/:variable": { value: "taken" },
  "PATCH /api/v1/agents/:account/:name": { visibility: "public" },
  "PUT /api/v1/agents/:account/:name/visibility": { visibility: "public" },
};

/** As it is before the person has paid. */
async function makePayment({ wired }: OperatedGateway, home: string): Promise<string> {
  const id = newId("pay");
  const nothing = { paid_at: null, session_id: null, intent_id: null, url: null, failure: null };
  await wired.database.query
    .insertInto("payments")
    .values({
      id,
      workspace_id: home,
      kind: "checkout",
      amount: 10_000_000_000_000n,
      status: "pending",
      ...nothing,
      invoice_url: null,
      invoice_pdf: null,
      created_at: 1,
    })
    .execute();
  return id;
}

async function makeGrant({ operator }: OperatedGateway): Promise<string> {
  const { body } = await operator.send("POST", "/credits/grants", { amount_usd: "5", memo: "for a receipt" });
  return stringAt(body, "entry_id") ?? "";
}

export const secretVariable = "the value of a secret variable";

/** A blueprint with a build, and a secret. */
async function makeAgent({ operator: { send } }: OperatedGateway, home: string): Promise<void> {
  const spec = "spec: blueprint/v1\nname: secret-agent\nagent:\n  image: secret-agent:1\n";
  const build = { build_id: "b1", spec_content: spec };
  await send("POST", `/api/v1/agents/${home}/secret-agent/register`, build);
  const variables = [{ name: "SECRET", value: secretVariable }];
  await send("POST", `/api/v1/accounts/${home}/variables`, { variables });
}

/** One that waits for a worker, which nobody starts. */
async function makeDeployment({ url, operator: { send, token } }: OperatedGateway, home: string): Promise<string> {
  const made = await send("POST", `/api/v1/agents/${home}/secret-agent/deployment-template`, { finalize: true });
  const response = await fetch(`${url}/api/v1/deploy`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "x-template-signature": stringAt(made.body, "signature") ?? "",
    },
    body: JSON.stringify(made.body["template"]),
  });
  return stringAt(asObject(await response.json()), "deployment_id") ?? "";
}

export async function makeThings(gateway: OperatedGateway, home: string): Promise<Things> {
  const { send, key } = gateway.operator;
  const made = async (path: string, body: JsonObject) => stringAt((await send("POST", path, body)).body, "id") ?? "";
  const answered = await gateway.post("/v1/responses", { model: "astrolabe/auto", input: "Hello" });
  const request = answered.headers.get("x-astrolabe-cloud-request-id") ?? "";
  await gateway.operator.publish("secret-stack", {});
  await makeAgent(gateway, home);
  const member = await signUp(gateway, { roles: { [home]: "developer" } });
  const developmentKey = await member.send("POST", `/api/v1/accounts/${home}/ai-gateway-keys`);
  const managedKey = stringAt(developmentKey.body, "key_id");
  const ids: Readonly<Record<string, string>> = {
    key: (await key({ name: "theirs" })).id,
    webhook: await made("/webhooks", { url: "https://hooks.example.com/x" }),
    invitation: await made("/invitations", { email: "guest@example.com", role: "viewer" }),
    member: member.id,
    stack: "secret-stack",
    version: "1",
    payment: await makePayment(gateway, home),
    entry: await makeGrant(gateway),
    request,
    name: "secret-agent",
    build: "b1",
    variable: "SECRET",
    deployment: await makeDeployment(gateway, home),
  };
  const state = async (): Promise<JsonObject> => {
    const shown: JsonObject = {};
    for (const part of ["keys", "webhooks", "invitations", "members", "stacks"]) {
      shown[part] = arrayAt((await send("GET", `/${part}?limit=200`)).body, "data") ?? null;
    }
    shown["blueprint"] = (await send("GET", `/api/v1/agents/${home}/secret-agent`)).body;
    shown["deployments"] = (await send("GET", `/api/v1/deployments?account=${home}`)).body;
    shown["variables"] = (await send("GET", `/api/v1/accounts/${home}/variables`)).body;
    return shown;
  };
  return {
    idOf: (parameter, path = "") => {
      const id = parameter === "key" && path.includes("/ai-gateway-keys/") ? managedKey : ids[parameter];
      if (id === undefined || id === "") throw new Error(`tests/authorization/things.ts makes no ${parameter} yet`);
      return id;
    },
    state,
    before: await state(),
  };
}
