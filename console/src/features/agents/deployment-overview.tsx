// How a deployment is: what is wrong, where it answers, what its roll-out did, what runs.

import { Link } from "@tanstack/react-router";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { KeyValue, type Fact } from "../../ui/key-value.tsx";
import { Marked } from "../../ui/marked.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/section.tsx";
import { Status, type Tone } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import type { Deployment, Workload } from "./deployment.ts";
import { isMoving, reasonWords } from "./deployment.ts";

export type DeploymentOverviewProps = {
  readonly deployment: Deployment;
  /** Shows the logs of a workload. */
  readonly onLogs: (workload: string) => void;
};

export function DeploymentOverview({ deployment, onLogs }: DeploymentOverviewProps) {
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Trouble deployment={deployment} />
      <div className="grid min-w-0 gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <Workloads deployment={deployment} onLogs={onLogs} />
          <Steps deployment={deployment} />
        </div>
        <Facts deployment={deployment} />
      </div>
    </div>
  );
}

function Trouble({ deployment }: { readonly deployment: Deployment }) {
  const { status, status_reason: reason, newest, serving_revision: serving } = deployment;
  const { failure } = newest;
  if (failure !== null) {
    return (
      <Notice
        tone="bad"
        title={
          serving === null
            ? `Revision ${newest.revision} failed`
            : `Revision ${newest.revision} failed; revision ${serving} goes on serving`
        }
      >
        <p>
          <Marked text={`${failure.message} ${failure.hint}`} />
        </p>
        {failure.log_lines.length > 0 && (
          <div className="mt-2">
            <CodeBlock
              label={`The last lines of ${failure.workload ?? "the workload"}`}
              samples={[{ language: failure.workload ?? "Output", code: failure.log_lines.join("\n") }]}
            />
          </div>
        )}
      </Notice>
    );
  }
  if (reason === null) return null;
  return <Notice tone={status === "suspended" || status === "failed" ? "bad" : "plain"}>{reason}</Notice>;
}

const accessWords = { members: "Members of the workspace", public: "Everybody", none: "Nobody from outside" } as const;

function Facts({ deployment }: { readonly deployment: Deployment }) {
  const { id: workspaceId } = useWorkspace();
  const { newest, external_urls: urls, gateway_key: key, uses_gateway: usesGateway } = deployment;
  const facts: readonly Fact[] = [
    ...urls.map(({ type, url, ready, message }) => ({
      name: type === "frontend" ? "Address" : "Messaging",
      value: ready ? (
        <a href={url} target="_blank" rel="noreferrer" className="break-all text-brass hover:underline">
          {url}
        </a>
      ) : (
        <>
          <span className="break-all">{url}</span> <span className="text-faint">· {message}</span>
        </>
      ),
    })),
    { name: "Who may open it", value: accessWords[deployment.access] },
    {
      name: "Blueprint",
      value: (
        <Link
          to="/w/$workspaceId/agents/blueprints/$blueprint"
          params={{ workspaceId, blueprint: deployment.name }}
          className="hover:underline"
        >
          {deployment.name}
        </Link>
      ),
    },
    { name: "Build", value: <span className="figures">{deployment.build_id}</span> },
    { name: "Revision", value: <span className="figures">{deployment.serving_revision ?? newest.revision}</span> },
    ...Object.entries(newest.models).map(([name, model]) => ({ name: `Model ${name}`, value: model })),
    {
      name: "Gateway key",
      value: !usesGateway ? (
        "It does not ask for one"
      ) : key === null ? (
        "Not made yet"
      ) : (
        <span className="figures">{key.prefix}…</span>
      ),
    },
    {
      name: reasonWords[newest.reason],
      value: (
        <>
          <Time at={newest.created_at} /> by {newest.created_by}
        </>
      ),
    },
    {
      name: "First deployed",
      value: (
        <>
          <Time at={deployment.created_at} /> by {deployment.created_by}
        </>
      ),
    },
  ];
  return (
    <Section title="The deployment" className="self-start">
      <KeyValue facts={facts} narrow />
    </Section>
  );
}

const stateTones: Readonly<Record<Workload["state"], Tone>> = {
  running: "good",
  starting: "brass",
  stopped: "plain",
  failed: "bad",
};
const stateWords: Readonly<Record<Workload["state"], string>> = {
  running: "Running",
  starting: "Starting",
  stopped: "Stopped",
  failed: "Failed",
};

function Workloads({ deployment, onLogs }: DeploymentOverviewProps) {
  const { workloads, workloads_problem: problem } = deployment;
  return (
    <Section title="What runs" flush>
      {problem !== null && <p className="px-4 pb-3 text-muted">{problem}</p>}
      {problem === null && workloads.length === 0 && (
        <p className="px-4 pb-4 text-muted">
          {isMoving(deployment.status) ? "Its containers are on their way." : "Nothing runs at the moment."}
        </p>
      )}
      <ul>
        {workloads.map(({ name, pod_name: instance, state, message, restarts }) => (
          <li
            key={`${name} ${instance}`}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2"
          >
            <span className="min-w-32 font-medium sm:min-w-44">{name}</span>
            <Status tone={stateTones[state]}>{stateWords[state]}</Status>
            {restarts > 0 && (
              <span className="text-sm text-muted">
                {restarts === 1 ? "restarted once" : `restarted ${restarts} times`}
              </span>
            )}
            <Button size="small" look="quiet" className="ml-auto" onClick={() => onLogs(name)}>
              Logs
            </Button>
            {message !== null && <p className="w-full text-sm text-muted">{message}</p>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Steps({ deployment }: { readonly deployment: Deployment }) {
  const { steps, newest } = deployment;
  if (steps.length === 0) return null;
  return (
    <Section title={`Roll-out of revision ${newest.revision}`} flush>
      <ol>
        {steps.map(({ at, workload, message }, index) => (
          <li key={index} className="flex gap-x-4 border-t border-line px-4 py-1 text-sm">
            <span className="w-24 shrink-0 text-faint">
              <Time at={at} />
            </span>
            <span className="min-w-0 flex-1 break-words">
              {workload !== null && !message.startsWith(workload) && <span className="text-muted">{workload}: </span>}
              {message}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
