// One agent on a page of text: its state, why it is not well, its addresses, its containers and jobs.

import { addressOf, type Deployment, type DeploymentSummary } from "../api/deployments.ts";
import type { Context } from "../context.ts";
import { ageOf } from "../terminal/age.ts";
import type { Style } from "../terminal/style.ts";

const good = new Set(["active", "running", "succeeded"]);
const bad = new Set(["failed", "suspended"]);

export function paintStatus({ red, green, yellow }: Style, status: string): (text: string) => string {
  return good.has(status) ? green : bad.has(status) ? red : yellow;
}

export function showAgent({ output, now }: Context, agent: Deployment): void {
  const { style } = output;
  const { newest, failure } = { newest: agent.newest, failure: agent.newest?.failure };
  output.line(`${style.bold(agent.display_name)}  ${paintStatus(style, agent.status)(agent.status)}`);
  output.fields([
    ["Why", agent.status_reason ?? undefined],
    ["Blueprint", `${agent.name}, build ${agent.build_id}`],
    ["Revision", revisionWords(agent)],
    [
      "Deployed",
      `${ageOf(agent.updated_at ?? agent.created_at, now())}${newest?.created_by ? ` by ${newest.created_by}` : ""}`,
    ],
    ["Address", addressOf(agent)],
    ["Access", agent.access],
    ["Gateway key", agent.gateway_key?.prefix],
    ["Account", agent.account],
    ["Id", agent.id],
  ]);
  if (failure) {
    output.line(`\n${style.red(`Revision ${newest?.revision} failed:`)} ${failure.message}`);
    for (const line of failure.log_lines) output.line(`  ${style.dim(line)}`);
    if (failure.hint !== "") output.line(`  ${failure.hint}`);
  }
  showWorkloads(output, agent);
  showJobs(output, agent, now());
}

function revisionWords(agent: Deployment): string | undefined {
  const { serving_revision: serving, revision } = agent;
  if (revision === undefined) return undefined;
  if (serving === null || serving === undefined) return `${revision}; none serves`;
  if (serving === revision) return `${revision}`;
  return `${serving} serves; ${newestMark(agent) ?? `the newest is ${revision}`}`;
}

/** That the newest revision failed while an older one serves, which the status does not tell. */
function newestMark({ serving_revision: serving, revision, newest_status: status }: DeploymentSummary) {
  const isOlder = serving !== null && serving !== undefined && serving !== revision;
  return isOlder && status === "failed" ? `${revision} failed` : undefined;
}

function showWorkloads(output: Context["output"], { workloads, workloads_problem: problem }: Deployment): void {
  if (problem) output.line(`\n${output.style.yellow(problem)}`);
  if (workloads.length === 0) return;
  output.line();
  output.table(
    [
      { title: "  Workload", value: ({ name }) => `  ${name}` },
      {
        title: "State",
        value: ({ state }) => state,
        paint: (cell, { state }) => paintStatus(output.style, state)(cell),
      },
      { title: "Restarts", value: ({ restarts }) => restarts || undefined, align: "right" },
      { title: "Instance", value: ({ pod_name }) => pod_name },
      { title: "Says", value: ({ message }) => message ?? undefined },
    ],
    workloads,
  );
}

function showJobs(output: Context["output"], { jobs }: Deployment, now: number): void {
  if (jobs.length === 0) return;
  output.line();
  output.table(
    [
      { title: "  Job", value: ({ name }) => `  ${name}` },
      { title: "Runs", value: ({ trigger, schedule }) => schedule ?? trigger },
      { title: "Next", value: ({ next_run_at }) => next_run_at ?? undefined },
      { title: "Last run", value: ({ runs: [last] }) => last && `${last.status} ${ageOf(last.created_at, now)}` },
    ],
    jobs,
  );
}

export function showAgents({ output, now, api }: Context, agents: readonly DeploymentSummary[], account: string): void {
  if (agents.length === 0) {
    output.note(`No agent is deployed in ${account} at ${api.server}. Deploy one: ast deploy <blueprint>`);
    return;
  }
  const { style } = output;
  output.table(
    [
      { title: "Name", value: ({ display_name }) => display_name, paint: style.cyan },
      { title: "Status", value: ({ status }) => status, paint: (cell, { status }) => paintStatus(style, status)(cell) },
      { title: "Blueprint", value: ({ name }) => name },
      { title: "Build", value: ({ build_id }) => build_id },
      { title: "Rev", value: ({ serving_revision, revision }) => serving_revision ?? revision, align: "right" },
      { title: "Newest", value: newestMark, paint: style.red },
      { title: "Changed", value: ({ updated_at, created_at }) => ageOf(updated_at ?? created_at, now()) },
      { title: "Id", value: ({ id }) => id, paint: style.dim },
      { title: "Address", value: (agent) => addressOf(agent) },
    ],
    agents,
  );
}
