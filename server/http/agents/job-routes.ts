// Routes for the jobs of a deployment: running one now, and how it ended.

import { jobRunSchema } from "../../contracts/agents-deployments.ts";
import { requireRuntime } from "../../agents/sign-of-life.ts";
import { requireStanding } from "../../agents/find-deployment.ts";
import { requireActive } from "../../agents/gateway-keys.ts";
import { newJobRun } from "../../agents/job-worker.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { builders, readers } from "../control/access.ts";
import { deploymentRoute, noBody, noQuery } from "../control/declared-route.ts";
import { showJobRun } from "./shown-deployments.ts";

const tag = "Agents: deployments";
/** Of one job: enough to find any that somebody still waits for. */
const runsSearched = 100;

export const jobRoutes = [
  deploymentRoute({
    method: "POST",
    path: "/api/v1/deployments/:deployment/jobs/:job/run",
    auth: builders,
    tag,
    summary: "Run a job",
    description: "Answers at once; `GET .../jobs/:job/runs/:run` tells how it ended.",
    query: noQuery,
    body: noBody,
    status: 201,
    response: jobRunSchema,
    errors: ["deployment_not_found", "account_suspended", "access_pending", "conflict", "service_unavailable"],
    handle: async ({ workspace, deployment, param, services }) => {
      requireStanding(deployment);
      requireActive(workspace);
      const work = await services.deployments();
      requireRuntime(work);
      const { servingRevision } = deployment;
      if (servingRevision === undefined || deployment.wish !== "running") {
        throw new GatewayError("conflict", `${deployment.displayName} does not run.`, { hint: "Wake it first." });
      }
      const serving = await work.records.revision(deployment.id, servingRevision);
      const build = await work.builds.find(deployment.blueprintId, serving?.buildId ?? "");
      const blueprint = (await work.blueprints()).read(build.specContent);
      const job = blueprint?.ingestion.find(({ name }) => name === param("job"));
      if (job === undefined || job.trigger === "webhook") {
        throw new GatewayError("not_found", `${deployment.displayName} has no job ${param("job").slice(0, 100)}.`);
      }
      const open = await work.jobs.runs(deployment.id, runsSearched);
      if (open.some((run) => run.job === job.name && (run.status === "waiting" || run.status === "running"))) {
        throw new GatewayError("conflict", `The job ${job.name} runs already.`, { hint: "Wait until it has ended." });
      }
      const run = newJobRun(deployment.id, job.name, "manual", work.now());
      await work.jobs.insert(run);
      work.wake();
      return showJobRun(run);
    },
  }),
  deploymentRoute({
    method: "GET",
    path: "/api/v1/deployments/:deployment/jobs/:job/runs/:run",
    auth: readers,
    tag,
    summary: "Get a run of a job",
    query: noQuery,
    body: noBody,
    status: 200,
    response: jobRunSchema,
    errors: ["deployment_not_found"],
    handle: async ({ deployment, param, services }) => {
      const { jobs } = await services.deployments();
      const run = (await jobs.runs(deployment.id, runsSearched)).find(
        ({ id, job }) => id === param("run") && job === param("job"),
      );
      if (run === undefined) throw new GatewayError("not_found", "There is no such run; old ones are forgotten.");
      return showJobRun(run);
    },
  }),
];
