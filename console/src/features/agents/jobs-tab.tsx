// The jobs of a deployment: when they run, how they ended, and running one now.

import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/section.tsx";
import { Status, type Tone } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import {
  deploymentPath,
  deploymentsPath,
  workloadOfJob,
  type Deployment,
  type Job,
  type JobRun,
} from "./deployment.ts";

const triggerWords = {
  schedule: "Runs by its schedule",
  startup: "Runs once after each roll-out",
  manual: "Runs when it is asked to",
  webhook: "Serves calls",
} as const;

export type JobsTabProps = {
  readonly deployment: Deployment;
  /** Shows the logs of a workload. */
  readonly onLogs: (workload: string) => void;
};

export function JobsTab({ deployment, onLogs }: JobsTabProps) {
  return (
    <div className="flex flex-col gap-4">
      {deployment.jobs.map((job) => (
        <JobSection key={job.name} deployment={deployment} job={job} onLogs={() => onLogs(workloadOfJob(job))} />
      ))}
    </div>
  );
}

type JobSectionProps = { readonly deployment: Deployment; readonly job: Job; readonly onLogs: () => void };

function JobSection({ deployment, job, onLogs }: JobSectionProps) {
  const { may } = useWorkspace();
  const run = useChange(
    () =>
      fetchApi<unknown>("POST", `${deploymentPath(deployment.id)}/jobs/${encodeURIComponent(job.name)}/run`, {
        body: {},
      }),
    [deploymentsPath],
    () => toast.done(`“${job.name}” is on its way.`),
  );
  return (
    <Section
      title={job.name}
      description={
        <>
          {triggerWords[job.trigger]}
          {job.schedule !== null && (
            <>
              {" "}
              <code className="figures">{job.schedule}</code>
            </>
          )}
          {job.next_run_at !== null && (
            <>
              , next <Time at={job.next_run_at} />
            </>
          )}
        </>
      }
      actions={
        <>
          <Button size="small" look="quiet" onClick={onLogs}>
            Logs<span className="sr-only"> of {job.name}</span>
          </Button>
          {may("build") && job.trigger !== "webhook" && deployment.status === "active" && (
            <Button
              size="small"
              pending={run.isPending}
              onClick={() => run.mutate(undefined, { onError: toast.failure })}
            >
              Run now
            </Button>
          )}
        </>
      }
      flush
    >
      {job.runs.length === 0 && job.trigger !== "webhook" && (
        <p className="px-4 pb-4 text-muted">It has not run yet.</p>
      )}
      <ul>
        {job.runs.map((one) => (
          <Run key={one.id} run={one} />
        ))}
      </ul>
    </Section>
  );
}

const runTones: Readonly<Record<JobRun["status"], Tone>> = {
  waiting: "brass",
  running: "brass",
  succeeded: "good",
  failed: "bad",
};
const runWords: Readonly<Record<JobRun["status"], string>> = {
  waiting: "Waiting",
  running: "Running",
  succeeded: "Done",
  failed: "Failed",
};

function Run({ run }: { readonly run: JobRun }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2 text-sm">
      <span className="w-24">
        <Status tone={runTones[run.status]}>{runWords[run.status]}</Status>
      </span>
      <Time at={run.started_at ?? run.created_at} />
      {run.exit_code !== null && run.exit_code !== 0 && (
        <span className="text-muted">
          exit code <span className="figures">{run.exit_code}</span>
        </span>
      )}
      {run.message !== null && (
        <span className="min-w-0 break-words text-muted max-sm:w-full sm:flex-1">{run.message}</span>
      )}
    </li>
  );
}
