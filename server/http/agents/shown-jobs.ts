// The jobs of a deployment: what its blueprint declares, when they come next, and how their last runs ended.

import type { Blueprint } from "../../../blueprint/blueprint.ts";
import type { DeployServices } from "../../agents/deploy-services.ts";
import type { Deployment, RevisionTemplate } from "../../agents/deployment.ts";
import { optionalTime } from "../control/shown-values.ts";
import { showJobRun } from "./shown-deployments.ts";

const runsShown = 10;

export async function showJobs(
  { jobs }: DeployServices,
  { id }: Deployment,
  blueprint: Blueprint | undefined,
  template: RevisionTemplate | undefined,
) {
  const declared = blueprint?.ingestion ?? [];
  if (declared.length === 0) return [];
  const [runs, schedules] = await Promise.all([jobs.runs(id, runsShown), jobs.schedules(id)]);
  return declared.map(({ name, trigger }) => ({
    name,
    trigger,
    schedule: template?.schedules[name] ?? null,
    next_run_at: optionalTime(schedules.find(({ job }) => job === name)?.nextAt),
    runs: runs.filter(({ job }) => job === name).map(showJobRun),
  }));
}
