// One turn of the worker with a deployment: compares what is wanted with what is there, and does the next thing.

import { RuntimeError } from "../../runtimes/runtime.ts";
import type { DeploymentStatus } from "../contracts/agents-deployments.ts";
import type { Revision } from "./deployment.ts";
import type { Standing } from "./deployment-records.ts";
import {
  bringUp,
  change,
  fail,
  provisioningMs,
  rollOutNewest,
  usableRuntime,
  type Next,
  type Turn,
} from "./roll-out.ts";
import { isGivenUp, patience } from "./retries.ts";
import { asSentence, failure } from "./rollout-failure.ts";
import { RolloutJournal } from "./rollout-journal.ts";

/** What is being done, so that the lease can tell when it is no longer wanted. */
export type Doing = "take_away" | "stand_still" | "run";

export function whatToDo({ wish, workspaceSuspended }: Standing): Doing {
  if (wish === "undeployed") return "take_away";
  return workspaceSuspended || wish === "stopped" ? "stand_still" : "run";
}

/** Whether what was begun for one standing is still right for another. */
export function isStillWanted(begun: Standing, now: Standing): boolean {
  return whatToDo(begun) === whatToDo(now) && (whatToDo(begun) !== "run" || begun.revision === now.revision);
}

/** Never throws for reasons outside of this server. @throws CutShort */
export async function takeTurn(turn: Turn): Promise<Next> {
  try {
    const doing = whatToDo(turn.claimed);
    if (doing === "take_away") return await takeAway(turn);
    return doing === "stand_still" ? await standStill(turn) : await run(turn);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return await afterRuntimeError(turn, error);
  }
}

/** The key first: from then on nothing that may still run can spend. */
async function takeAway(turn: Turn): Promise<Next> {
  const { services, claimed, by } = turn;
  const { id, label } = claimed.deployment;
  await services.keys.revoke(id);
  const runtime = await usableRuntime(turn);
  await runtime.remove(label, { volumes: true });
  await services.jobs.setSchedules(id, []);
  return (await services.work.bury(id, by, services.now())) ? "done" : "lost";
}

async function standStill(turn: Turn): Promise<Next> {
  const { services, claimed, by } = turn;
  const { deployment } = claimed;
  const status: DeploymentStatus = claimed.workspaceSuspended ? "suspended" : "stopped";
  const runtime = await usableRuntime(turn);
  await runtime.stop(deployment.label);
  await services.work.putBack(deployment.id, deployment.revision, by);
  const statusReason = claimed.workspaceSuspended ? "The workspace is suspended." : undefined;
  return (await change(turn, { status, statusReason, running: false })) ? "done" : "lost";
}

async function run(turn: Turn): Promise<Next> {
  const { services, claimed } = turn;
  const { deployment } = claimed;
  const newest = await services.records.revision(deployment.id, deployment.revision);
  if (newest === undefined) return "done";
  if (newest.status === "pending" || newest.status === "provisioning") return rollOutNewest(turn, newest);
  if (deployment.servingRevision === undefined) return "done";
  return claimed.running ? "done" : resume(turn, deployment.servingRevision);
}

/** Containers that are gone are made anew. */
async function resume(turn: Turn, number: number): Promise<Next> {
  const { services, claimed, signal } = turn;
  const { id, label } = claimed.deployment;
  const runtime = await usableRuntime(turn);
  if (!(await change(turn, { status: "provisioning", statusReason: undefined }))) return "lost";
  try {
    await runtime.resume(label);
  } catch (error) {
    if (!(error instanceof RuntimeError) || error.code !== "not_found") throw error;
    const serving = await services.records.revision(id, number);
    if (serving === undefined) return "done";
    const journal = await RolloutJournal.open(services, id, number);
    try {
      await bringUp(turn, serving, runtime, provisioningMs, journal);
    } finally {
      await journal.flush();
    }
  }
  signal.throwIfAborted();
  return (await change(turn, { status: "active", statusReason: undefined, running: true })) ? "done" : "lost";
}

/** An engine that cannot be reached may come back; anything else it says is final until somebody asks again. */
async function afterRuntimeError(turn: Turn, error: RuntimeError): Promise<Next> {
  const { claimed, services } = turn;
  const { id, revision, status } = claimed.deployment;
  const message = asSentence(error.message);
  if (whatToDo(claimed) !== "run") return waitOn(turn, message);
  if (error.code !== "unavailable") return giveUp(turn, message);
  const newest = await services.records.revision(id, revision);
  if (newest?.status === "pending" || newest?.status === "provisioning") return waitForEngine(turn, newest, error);
  // Nobody waits beside a workspace that was resumed: its agents come back whenever the engine does.
  if (status === "suspended") return waitOn(turn, message);
  if (isGivenUp(claimed.tries + 1)) return giveUp(turn, `${goneFor} ${message} ${error.hint}`);
  return waitOn(turn, `${message} ${triedAgain}`);
}

const goneFor = `The engine could not be used for ${patience}.`;
const triedAgain = `It is tried again for up to ${patience}.`;

/** A roll-out whose engine went away: people are told why it waits, and soon that it has failed. */
async function waitForEngine(turn: Turn, revision: Revision, error: RuntimeError): Promise<Next> {
  const { claimed, services } = turn;
  const message = asSentence(error.message);
  const journal = await RolloutJournal.open(services, claimed.deployment.id, revision.number);
  try {
    if (isGivenUp(claimed.tries + 1)) {
      return await fail(turn, revision, failure(error.code, `${goneFor} ${message}`, error.hint), journal);
    }
    journal.noteWaiting(message);
    return await waitOn(turn, `${message} ${triedAgain}`);
  } finally {
    await journal.flush();
  }
}

async function waitOn(turn: Turn, statusReason: string): Promise<Next> {
  return (await change(turn, { statusReason })) ? "retry" : "lost";
}

async function giveUp(turn: Turn, statusReason: string): Promise<Next> {
  return (await change(turn, { status: "failed", statusReason })) ? "done" : "lost";
}
