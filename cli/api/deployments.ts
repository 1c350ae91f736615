// Deployments on the server, as far as `ast` reads them.

import { z } from "zod";
import type { Json, JsonObject } from "../../server/contracts/json.ts";
import type { Api } from "./api.ts";
import type { Read } from "./blueprints.ts";
import { apiPath, queryOf } from "./http-client.ts";

const urlSchema = z.object({ url: z.string(), type: z.string(), ready: z.boolean().default(false) });
const summaryShape = {
  id: z.string(),
  name: z.string(),
  display_name: z.string(),
  build_id: z.string(),
  status: z.string(),
  status_reason: z.string().nullish(),
  created_at: z.string(),
  updated_at: z.string().optional(),
  account: z.string().default(""),
  revision: z.number().optional(),
  serving_revision: z.number().nullish(),
  newest_status: z.string().optional(),
  external_urls: z.array(urlSchema).default([]),
};
const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().default(""),
  workload: z.string().nullish(),
  log_lines: z.array(z.string()).default([]),
});
const revisionSchema = z.object({
  revision: z.number(),
  build_id: z.string(),
  status: z.string(),
  reason: z.string(),
  from_revision: z.number().nullish(),
  failure: failureSchema.nullish(),
  created_at: z.string(),
  created_by: z.string().default(""),
  serving_from: z.string().nullish(),
  serving_to: z.string().nullish(),
});
const workloadSchema = z.object({
  name: z.string(),
  component: z.string(),
  pod_name: z.string().default(""),
  state: z.string().default(""),
  message: z.string().nullish(),
  restarts: z.number().default(0),
});
const runSchema = z.object({
  id: z.string(),
  job: z.string(),
  status: z.string(),
  exit_code: z.number().nullish(),
  message: z.string().nullish(),
  created_at: z.string(),
});
const deploymentSchema = z.object({
  ...summaryShape,
  access: z.string().optional(),
  gateway_key: z.object({ id: z.string(), prefix: z.string() }).nullish(),
  workloads: z.array(workloadSchema).default([]),
  workloads_problem: z.string().nullish(),
  newest: revisionSchema.optional(),
  steps: z.array(z.object({ at: z.string(), message: z.string(), workload: z.string().nullish() })).default([]),
  jobs: z
    .array(
      z.object({
        name: z.string(),
        trigger: z.string(),
        schedule: z.string().nullish(),
        next_run_at: z.string().nullish(),
        runs: z.array(runSchema).default([]),
      }),
    )
    .default([]),
});
const summarySchema = z.object(summaryShape);
const changedSchema = z.object({ status: z.string(), revision: z.number().optional() });

export type DeploymentSummary = z.output<typeof summarySchema>;
export type Deployment = z.output<typeof deploymentSchema>;
export type Revision = z.output<typeof revisionSchema>;
export type Workload = z.output<typeof workloadSchema>;
export type Changed = z.output<typeof changedSchema>;

export async function listDeployments(api: Api): Promise<Read<readonly DeploymentSummary[]>> {
  const document = await api.send("GET", `/api/v1/deployments${queryOf({ account: await api.account() })}`);
  const { deployments } = api.parse(z.object({ deployments: z.array(summarySchema) }), document, "the list of agents");
  return { document, value: deployments };
}

/** The document is the deployment itself, without what the server wraps it in. */
export async function getDeployment(api: Api, id: string): Promise<Read<Deployment>> {
  const path = apiPath`/api/v1/deployments/${id}`;
  const wrapped = z.object({ deployment: z.record(z.string(), z.json()) });
  const { deployment: document } = await api.read(wrapped, "GET", path);
  return { document, value: api.parse(deploymentSchema, document, "the agent") };
}

/** Newest first. */
export async function listRevisions(api: Api, id: string): Promise<Read<readonly Revision[]>> {
  const document = await api.send("GET", apiPath`/api/v1/deployments/${id}/revisions`);
  const { revisions } = api.parse(z.object({ revisions: z.array(revisionSchema) }), document, "the list of revisions");
  return { document, value: revisions.toSorted((one, other) => other.revision - one.revision) };
}

export type Change = "stop" | "wakeup" | "rollback" | "redeploy";

export async function changeDeployment(
  api: Api,
  id: string,
  change: Change,
  body: JsonObject = {},
): Promise<Read<Changed>> {
  const document = await api.send("POST", `${apiPath`/api/v1/deployments/${id}`}/${change}`, { body });
  return { document, value: api.parse(changedSchema, document, "the change") };
}

export async function restartInstance(api: Api, id: string, instance: string): Promise<Json> {
  return api.send("POST", apiPath`/api/v1/deployments/${id}/pods/${instance}/restart`, { body: {} });
}

export async function runJob(api: Api, id: string, job: string): Promise<Read<z.output<typeof runSchema>>> {
  const document = await api.send("POST", apiPath`/api/v1/deployments/${id}/jobs/${job}/run`, { body: {} });
  return { document, value: api.parse(runSchema, document, "the run of the job") };
}

export async function undeploy(api: Api, id: string): Promise<Json> {
  return api.send("POST", "/api/v1/undeploy", { body: { deployment_id: id } });
}

/** The address of its page or its chat; undefined when it has none. */
export function addressOf({ external_urls: urls }: Pick<DeploymentSummary, "external_urls">): string | undefined {
  return (urls.find(({ type }) => type === "frontend") ?? urls[0])?.url;
}
