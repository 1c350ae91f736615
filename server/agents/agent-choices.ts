// The choices that a deployment makes besides values: a model for each entry of the gateway, a cron for each job with a
// schedule, and how the agent is reached.

import { isGatewayEntry, type Blueprint } from "../../blueprint/blueprint.ts";
import type { AgentInterfaces } from "../contracts/agents-deployments.ts";

export type FieldProblem = { readonly field: string; readonly message: string };

type Words = Readonly<Record<string, string>>;

export type ChosenModel = { readonly name: string; readonly options: readonly string[]; readonly chosen: string };

/** One for each entry of the gateway: what is sent, else what was before, else the first option. */
export function chooseModels(
  blueprint: Blueprint,
  offered: readonly string[],
  given: Words,
  before: Words,
  problems: FieldProblem[],
): ChosenModel[] {
  const entries = blueprint.models.filter(isGatewayEntry);
  for (const name of Object.keys(given)) {
    if (entries.some((entry) => entry.name === name)) continue;
    problems.push({
      field: `models.${name}`,
      message: "The blueprint has no model entry of this name and `provider: gateway`.",
    });
  }
  return entries.flatMap(({ name, models }) => {
    const options = models.length > 0 ? models : offered;
    const sent = Object.hasOwn(given, name) ? given[name] : undefined;
    const isOffered = (model: string | undefined) =>
      model !== undefined && (options.length === 0 || options.includes(model));
    if (sent !== undefined && !isOffered(sent)) {
      problems.push({ field: `models.${name}`, message: `It must be one of ${options.slice(0, 20).join(", ")}.` });
    }
    const kept = Object.hasOwn(before, name) ? before[name] : undefined;
    const chosen = [sent, kept].find(isOffered) ?? models[0];
    return [{ name, options, chosen: chosen ?? "" }];
  });
}

/** Crons by job: every job with a schedule needs one. */
export async function chooseSchedules(
  blueprint: Blueprint,
  given: Words,
  before: Words,
  problems: FieldProblem[],
): Promise<Record<string, string>> {
  const jobs = jobsWithSchedule(blueprint);
  for (const name of Object.keys(given)) {
    if (jobs.includes(name)) continue;
    problems.push({
      field: `schedules.${name}`,
      message: "The blueprint has no job of this name with `type: schedule`.",
    });
  }
  const chosen: Record<string, string> = {};
  for (const job of jobs) {
    const cron =
      (Object.hasOwn(given, job) ? given[job] : undefined) ?? (Object.hasOwn(before, job) ? before[job] : undefined);
    if (cron === undefined) {
      problems.push({
        field: `schedules.${job}`,
        message: "It needs a cron of five fields, such as `0 6 * * *` (UTC).",
      });
      continue;
    }
    if (await isCron(cron)) chosen[job] = cron;
    else
      problems.push({
        field: `schedules.${job}`,
        message: `\`${cron}\` is not a cron of five fields that ever comes.`,
      });
  }
  return chosen;
}

export function jobsWithSchedule(blueprint: Blueprint): string[] {
  return blueprint.ingestion.filter(({ trigger }) => trigger === "schedule").map(({ name }) => name);
}

async function isCron(text: string): Promise<boolean> {
  if (text.trim().split(/\s+/).length !== 5) return false;
  const { nextTime } = await import("./cron-times.ts");
  return nextTime(text, Date.UTC(2026, 0, 1)) !== undefined;
}

/** For a new deployment that says nothing: members reach it by the web. */
export const usualInterfaces: AgentInterfaces = { adapters: ["web"], auth: { web: { type: "oidc" } } };

/** Who may open the agent's pages. */
export function accessOf({ adapters, auth }: AgentInterfaces): "members" | "public" | "none" {
  if (!adapters.includes("web")) return "none";
  return auth?.web?.type === "oidc" ? "members" : "public";
}
