// Rolls one revision out: plans it, lets the runtime bring it up and switch over, and writes down how it ended. Whatever
// goes wrong, the revision that served goes on serving.

import { RuntimeError, type Runtime } from "../../runtimes/runtime.ts";
import type { RolloutFailure } from "../contracts/agents-deployments.ts";
import type { DeployServices } from "./deploy-services.ts";
import type { Claimed, DeploymentChange } from "./deployment-records.ts";
import type { Revision } from "./deployment.ts";
import { CutShort } from "./lease.ts";
import { failedEvent, liveEvent } from "./outcome-events.ts";
import { planRevision, type PlannedRevision } from "./plan-revision.ts";
import { RolloutJournal } from "./rollout-journal.ts";
import { failure, failureOf } from "./rollout-failure.ts";

/** Longest that a revision waits for its turn, and that its rollout may take. */
const pendingMs = 30 * 60_000;
export const provisioningMs = 15 * 60_000;

/** What the worker does next about a deployment: `retry` counts as a try, the others do not. */
export type Next = "done" | "again" | "retry" | "lost";

export type Turn = {
  readonly services: DeployServices;
  readonly claimed: Claimed;
  /** The lease's. */
  readonly by: string;
  readonly signal: AbortSignal;
};

/** @throws RuntimeError unavailable; CutShort */
export async function rollOutNewest(turn: Turn, revision: Revision): Promise<Next> {
  const { services, claimed } = turn;
  // A key's rotation leaves the status as it is, so that only a deployment that is pending itself tells how long.
  const isWaiting = revision.status === "pending" && claimed.deployment.status === "pending";
  if (isWaiting && services.now() - claimed.statusSince > pendingMs) {
    return fail(turn, revision, failure("timed_out", "It waited for more than 30 minutes.", "Redeploy."));
  }
  const runtime = await usableRuntime(turn);
  const startedAt = await services.work.startRevision(claimed.deployment.id, revision.number, turn.by, services.now());
  if (startedAt === undefined) return "again";
  if (!(await change(turn, { status: "provisioning", statusReason: undefined }))) return "lost";
  return attempt(turn, revision, runtime, startedAt + provisioningMs);
}

async function attempt(turn: Turn, revision: Revision, runtime: Runtime, deadline: number): Promise<Next> {
  const { services, claimed } = turn;
  const { id } = claimed.deployment;
  const journal = await RolloutJournal.open(services, id, revision.number);
  try {
    const left = deadline - services.now();
    if (left <= 0) return await fail(turn, revision, timedOut, journal);
    const planned = await bringUp(turn, revision, runtime, left, journal);
    const at = services.now();
    const event = liveEvent({ deployment: claimed.deployment, revision, at });
    const serving = { at, door: planned.door, event };
    if (!(await services.work.serve(id, revision.number, turn.by, serving))) return "lost";
    await keepSchedules(services, runtime, claimed, planned);
    journal.note("switched", `revision ${revision.number} serves`);
    return "done";
  } catch (error) {
    return await afterFailure(turn, revision, error, { deadline, journal });
  } finally {
    await journal.flush();
  }
}

/** Also brings up a revision that serves already, but whose containers are gone. */
export async function bringUp(
  { services, claimed, by, signal }: Turn,
  revision: Revision,
  runtime: Runtime,
  leftMs: number,
  journal: RolloutJournal,
): Promise<PlannedRevision> {
  const { deployment } = claimed;
  journal.begin(`build ${revision.buildId}`);
  const workspace = await services.findWorkspace(deployment.workspaceId);
  if (workspace === undefined) throw new CutShort("outdated");
  const planning = { workspace, deployment, revision, startTimeoutMs: leftMs };
  const planned = await planRevision(services, runtime, planning, async (sealedValues) => {
    if (!(await services.work.change(deployment.id, by, { sealedValues }, services.now()))) throw new CutShort("lost");
  });
  signal.throwIfAborted();
  const clock = AbortSignal.timeout(leftMs);
  await runtime.rollOut(
    planned.revision,
    ({ kind, workload, message }) => journal.note(kind, message, workload),
    AbortSignal.any([signal, clock]),
  );
  return planned;
}

/** @throws RuntimeError unavailable */
export async function usableRuntime({ services, signal }: Turn): Promise<Runtime> {
  if (services.runtime === undefined) {
    throw new RuntimeError("unavailable", "This server runs no agents.", { hint: "Set ASTROLABE_RUNTIME." });
  }
  const runtime = await services.runtime();
  await runtime.check(signal);
  return runtime;
}

type Attempt = { readonly deadline: number; readonly journal: RolloutJournal };

async function afterFailure(turn: Turn, revision: Revision, error: unknown, attempted: Attempt): Promise<Next> {
  const { services, claimed, signal } = turn;
  const { deadline, journal } = attempted;
  const cut = error instanceof CutShort ? error : signal.aborted ? signal.reason : undefined;
  if (cut instanceof CutShort) {
    if (cut.why === "lost") return "lost";
    // Superseded ones stay so; one that only has to wait, such as for its workspace, starts anew.
    if (cut.why === "outdated") await services.work.putBack(claimed.deployment.id, revision.number, turn.by);
    return "again";
  }
  const isClock = error instanceof DOMException && error.name === "TimeoutError";
  if (isClock || services.now() >= deadline) {
    return fail(turn, revision, { ...timedOut, ...linesOf(error) }, journal);
  }
  if (error instanceof RuntimeError && error.code === "unavailable") throw error;
  const known = failureOf(error);
  if (known === undefined) services.reportFault(`rollout of ${claimed.deployment.id}`, error);
  return fail(turn, revision, known ?? unknownFailure, journal);
}

const timedOut = failure(
  "timed_out",
  "It was not up within 15 minutes.",
  "Look at its logs and its health check, then redeploy.",
);
const unknownFailure = failure(
  "internal_error",
  "Something went wrong inside the server.",
  "Redeploy; if it keeps failing, tell the operator of the server.",
);

function linesOf(error: unknown): Partial<RolloutFailure> {
  const known = failureOf(error);
  return known === undefined ? {} : { workload: known.workload, log_lines: known.log_lines };
}

/** The revision has failed; the deployment goes on as it was before it. */
export async function fail(
  turn: Turn,
  revision: Revision,
  reason: RolloutFailure,
  journal?: RolloutJournal,
): Promise<Next> {
  const { services, claimed } = turn;
  const { deployment, running } = claimed;
  const at = services.now();
  const serving = running ? deployment.servingRevision : undefined;
  const outcome = await services.work.fail(deployment.id, revision.number, turn.by, {
    at,
    failure: reason,
    change: changeAfterFailure(claimed, revision.number, reason),
    event: failedEvent({ deployment, revision, at }, reason, serving),
  });
  if (outcome === "failed") journal?.note("failed", reason.message, reason.workload ?? undefined);
  return outcome === "failed" ? "done" : outcome === "over" ? "again" : "lost";
}

function changeAfterFailure(
  { deployment, running }: Claimed,
  number: number,
  reason: RolloutFailure,
): DeploymentChange {
  const before = deployment.servingRevision;
  const told = `Revision ${number} failed: ${reason.message}`;
  if (before === undefined) return { status: "failed", statusReason: told };
  if (running) return { status: "active", statusReason: `${told} Revision ${before} serves on.` };
  return {
    status: "stopped",
    statusReason: `${told} Revision ${before} stands still, as before.`,
    wish: { to: "stopped", version: deployment.version },
  };
}

export function change({ services, claimed, by }: Turn, to: Parameters<DeployServices["work"]["change"]>[2]) {
  return services.work.change(claimed.deployment.id, by, to, services.now());
}

/** For runtimes that do not start jobs by the clock. */
async function keepSchedules(
  { jobs, now }: DeployServices,
  runtime: Runtime,
  { deployment }: Claimed,
  { template }: PlannedRevision,
): Promise<void> {
  const wanted = runtime.startsSchedules ? [] : Object.entries(template.schedules);
  const { nextTime } = await import("./cron-times.ts");
  const schedules = wanted.flatMap(([job, cron]) => {
    const nextAt = nextTime(cron, now());
    return nextAt === undefined ? [] : [{ job, cron, nextAt }];
  });
  await jobs.setSchedules(deployment.id, schedules);
}
