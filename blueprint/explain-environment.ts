// Which variables each container gets and where each value comes from, for people who read: `ast spec explain`.

import type { Blueprint } from "./blueprint.ts";
import { declareVariables } from "./declare-variables.ts";
import type { MessagingService, Place } from "./environment-request.ts";
import { defaultModel } from "./resolve-environment.ts";
import type { Variable } from "./variable.ts";
import { dotted } from "./words.ts";
import { workloadNames } from "./workload-names.ts";

export type ExplainedVariable = {
  readonly name: string;
  /** What its value is: `given by you`, `redis://knowledge-cache:6379`. Never a value that a person gave. */
  readonly value: string;
  /** The part of the file that it comes from, dotted. */
  readonly from: string;
  readonly secret: boolean;
  /** Whether somebody has to give it. */
  readonly needed: boolean;
};

/** By container, the agent first; of several with one name the one that counts. */
export function explainEnvironment(
  blueprint: Blueprint,
  place: Place,
  messaging?: MessagingService,
): ReadonlyMap<string, readonly ExplainedVariable[]> {
  const variables = declareVariables(blueprint, { place, messaging, given: () => false });
  return new Map(
    workloadNames(blueprint, messaging).map((workload) => {
      const own = new Map<string, ExplainedVariable>();
      for (const variable of variables) {
        if (variable.workloads.includes(workload)) own.set(variable.name, explained(variable));
      }
      return [workload, [...own.values()]];
    }),
  );
}

function explained({ name, path, value }: Variable): ExplainedVariable {
  const asked = value.kind === "given" ? value.asked : undefined;
  const login = value.kind === "address" && value.login !== undefined;
  return {
    name,
    value: valueInWords(name, value),
    from: dotted(path),
    secret: (asked?.secret ?? false) || value.kind === "generated" || login || name === "ASTRO_GATEWAY_API_KEY",
    needed: asked !== undefined && !asked.optional && asked.default === undefined,
  };
}

function valueInWords(name: string, value: Variable["value"]): string {
  switch (value.kind) {
    case "given":
      return givenInWords(name, value);
    case "fixed":
    case "preset":
      return value.value;
    case "generated":
      return "made by the platform";
    case "host":
      return value.workload;
    case "address": {
      const login = value.login === undefined ? "" : "user:password@";
      return `${value.scheme === undefined ? "" : `${value.scheme}://`}${login}${value.workload}:${value.port}`;
    }
    case "gateway":
      return value.part === "url" ? "the gateway's address, with /v1" : "a managed key of the gateway";
    case "model":
    default:
      return `the model that is chosen, else ${value.options[0] ?? defaultModel}`;
  }
}

function givenInWords(name: string, { names, asked }: Extract<Variable["value"], { kind: "given" }>): string {
  if (asked === undefined) return `the same as ${names.find((other) => other !== name) ?? name}`;
  if (asked.default !== undefined)
    return asked.secret ? "given by you, or its default" : `given by you, else ${asked.default}`;
  return asked.optional ? "given by you, or left out" : "given by you";
}
