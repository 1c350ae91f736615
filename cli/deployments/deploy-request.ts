// What of a deployment is typed: adapters, values, models, schedules, the build.

import type { JsonObject } from "../../server/contracts/json.ts";
import type { Context } from "../context.ts";
import { Problem, usageProblem } from "../problem.ts";
import { parse } from "dotenv";
import { gatherVariables, readValuesFile, splitPair, type GivenVariables } from "./variables.ts";

/** Taken by everything that deploys. */
export const deployOptions = {
  adapter: {
    kind: "list",
    placeholder: "<adapter>",
    choices: ["web", "insecure-web", "slack", "none"],
    summary: "How it is reached: web for members who are signed in, insecure-web for everybody, slack, none",
  },
  var: {
    kind: "list",
    placeholder: "<KEY=value>",
    summary: "A value; KEY=@SECRET takes it from the vault, KEY=@ the secret of that name, KEY=\\@x is the text @x",
  },
  "rm-var": { kind: "list", placeholder: "<KEY>", summary: "Takes a value away that was given before" },
  "vars-file": {
    kind: "text",
    placeholder: "<file>",
    summary: "Values from a file such as .env; - for standard input",
  },
  model: { kind: "list", placeholder: "<entry=model>", summary: "The model for an entry of models" },
  schedule: { kind: "list", placeholder: "<job=cron>", summary: "When a scheduled job runs: five fields, in UTC" },
  build: { kind: "text", placeholder: "<id>", summary: "The build to run (default: the newest)" },
  "dry-run": { kind: "flag", summary: "Check everything, and deploy nothing" },
  wait: { kind: "flag", summary: "Wait until it serves, and show how it goes" },
  timeout: { kind: "text", placeholder: "<seconds>", summary: "How long --wait waits (default: 900)" },
} as const;

export type DeployCall = Pick<Context, "cwd" | "piped"> & {
  readonly list: (name: "adapter" | "var" | "rm-var" | "model" | "schedule") => readonly string[];
  readonly text: (name: "vars-file" | "build") => string | undefined;
};

/** The request for a template; what was not typed is not in it, so that a redeployment keeps it. @throws Problem usage */
export async function readDeployRequest(call: DeployCall): Promise<JsonObject> {
  const variables = await readVariables(call);
  const models = pairs(call.list("model"), "--model", "entry=model");
  const schedules = pairs(call.list("schedule"), "--schedule", 'job="0 6 * * *"');
  const interfaces = readAdapters(call.list("adapter"));
  const build = call.text("build");
  return {
    finalize: true,
    ...(build !== undefined && { build }),
    ...(interfaces !== undefined && { interfaces }),
    ...(Object.keys(variables).length > 0 && { variables: { ...variables } }),
    ...(Object.keys(models).length > 0 && { models }),
    ...(Object.keys(schedules).length > 0 && { schedules }),
  };
}

async function readVariables(call: DeployCall): Promise<GivenVariables> {
  const file = call.text("vars-file");
  const values = file === undefined ? {} : file === "-" ? parse(await pipedText(call)) : readValuesFile(call.cwd, file);
  return gatherVariables(call.list("var"), call.list("rm-var"), values);
}

async function pipedText({ piped }: DeployCall): Promise<string> {
  const text = await piped();
  if (text === undefined) throw usageProblem("Nothing is piped in.", "Write: ast deploy --vars-file - < values.env");
  return text;
}

function pairs(typed: readonly string[], option: string, form: string): Record<string, string> {
  return Object.fromEntries(typed.map((text) => splitPair(text, option, form)));
}

/** Undefined when none was typed. @throws Problem usage for two that contradict each other */
function readAdapters(typed: readonly string[]): JsonObject | undefined {
  if (typed.length === 0) return undefined;
  const chosen = new Set(typed);
  if (chosen.has("web") && chosen.has("insecure-web")) {
    throw usageProblem("--adapter web and --adapter insecure-web contradict each other.", "Give one of them.");
  }
  if (chosen.has("none") && chosen.size > 1) throw usageProblem("--adapter none goes with no other adapter.");
  const adapters = [
    ...(chosen.has("web") || chosen.has("insecure-web") ? ["web"] : []),
    ...(chosen.has("slack") ? ["slack"] : []),
  ];
  return { adapters, ...(chosen.has("web") && { auth: { web: { type: "oidc" } } }) };
}

const usualTimeoutSeconds = 15 * 60;

/** Milliseconds. @throws Problem usage */
export function readTimeout(typed: string | undefined): number {
  const seconds = typed === undefined ? usualTimeoutSeconds : Number(typed);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= 86_400) return seconds * 1000;
  throw new Problem("usage", `--timeout ${typed}: give a number of seconds above 0 and at most 86400.`);
}
