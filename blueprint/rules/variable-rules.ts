// Rules about what a blueprint comes to: variables that two entries give, containers of one name, inputs that reach nothing.

import type { Blueprint, Component } from "../blueprint.ts";
import { declareVariables, gatewayNames } from "../declare-variables.ts";
import type { Findings } from "../findings.ts";
import type { Path } from "../raw-values.ts";
import type { Variable } from "../variable.ts";
import { dotted, named, quoted } from "../words.ts";
import { containerEntries, workloadPlaces } from "../workload-names.ts";

export function checkVariables(blueprint: Blueprint, findings: Findings): void {
  const variables = declareVariables(blueprint, { place: "deployed", messaging: undefined, given: () => false });
  checkWorkloads(blueprint, findings);
  checkCollisions(variables, findings);
  checkShadows(variables, findings);
  checkReach(blueprint, findings);
  checkPorts(blueprint, findings);
}

function checkWorkloads(blueprint: Blueprint, findings: Findings): void {
  const seen = new Map<string, Path>();
  for (const { name, path } of workloadPlaces(blueprint)) {
    const other = seen.get(name);
    if (other === undefined) {
      seen.set(name, path);
      continue;
    }
    findings.error({
      code: "workload-collision",
      path,
      message: `${named(other)} and ${named(path)} would both run as the container ${quoted(name)}.`,
      hint: "Give one of them a name that differs in more than signs and case.",
      aim: "key",
    });
  }
}

/** Each pair of entries is told once, however many variables they share. */
function checkCollisions(variables: readonly Variable[], findings: Findings): void {
  const first = new Map<string, Variable>();
  const told = new Set<string>();
  for (const variable of variables.filter(({ layer }) => layer === "derived")) {
    for (const workload of variable.workloads) {
      const key = `${workload} ${variable.name}`;
      const other = first.get(key);
      if (other === undefined) first.set(key, variable);
      if (other === undefined || other.identity === variable.identity) continue;
      const pair = `${dotted(other.path)} ${dotted(variable.path)}`;
      if (told.has(pair)) continue;
      told.add(pair);
      findings.error({
        code: "variable-collision",
        path: variable.path,
        message: `${named(other.path)} and ${named(variable.path)} both give the variable ${quoted(variable.name)}.`,
        hint: "Rename one of the entries: hyphens, dots, underscores and case make no difference in variables.",
        aim: "key",
      });
    }
  }
}

/** An input may be named like a credential, which is then asked for once; not like what the platform sets. */
function checkShadows(variables: readonly Variable[], findings: Findings): void {
  const set = new Map<string, Variable>();
  for (const variable of variables) {
    const { layer, value, name } = variable;
    if (layer === "gateway" || layer === "environment" || (layer === "derived" && value.kind !== "given")) {
      for (const workload of variable.workloads) set.set(`${workload} ${name}`, variable);
    }
  }
  for (const { path, name, workloads } of variables.filter(({ layer }) => layer === "input")) {
    const shadowed = workloads.map((workload) => set.get(`${workload} ${name}`)).find((found) => found !== undefined);
    if (shadowed === undefined) continue;
    const gateway = Object.values(gatewayNames).some((known) => known === name);
    findings.warning({
      code: "input-shadows",
      path: [...path, "name"],
      message: gateway
        ? `${quoted(name)} is set by the gateway, so what is given for this input is not used.`
        : `${quoted(name)} is set by ${named(shadowed.path)} already; what is given for this input goes before it.`,
      hint: gateway ? "Remove the input." : "Remove one of the two, or give the input another name.",
      aim: "value",
    });
  }
}

/** Inputs of an entry go to its own container, and a provider has none. */
function checkReach(blueprint: Blueprint, findings: Findings): void {
  const running = new Set(containerEntries(blueprint).map(({ section, entry }) => `${section}.${entry.name}`));
  const sections = ["models", "knowledge", "integrations"] as const;
  for (const section of sections) {
    const entries: readonly Component[] = blueprint[section];
    for (const { name, inputs } of entries) {
      if (inputs.length === 0 || running.has(`${section}.${name}`)) continue;
      findings.warning({
        code: "input-unreachable",
        path: [section, name, "inputs"],
        message: `${named([section, name])} has no container, so its inputs reach nothing and are not asked for.`,
        hint: "Move them to `agent.inputs`, or to `inputs` at the top for every container.",
        aim: "key",
      });
    }
  }
}

function checkPorts(blueprint: Blueprint, findings: Findings): void {
  const without = containerEntries(blueprint).flatMap(({ section, entry, runs }) =>
    runs.kind === "container" && runs.container.port === undefined ? [[section, entry.name, "container"]] : [],
  );
  const webhooks = blueprint.ingestion
    .filter(({ trigger, container }) => trigger === "webhook" && container.port === undefined)
    .map(({ name }) => ["ingestion", name, "container"]);
  for (const [paths, port] of [
    [without, 8080],
    [webhooks, 3001],
  ] as const) {
    for (const path of paths) {
      findings.warning({
        code: "port-missing",
        path,
        message: `${named(path)} names no \`port\`; ${port} is assumed.`,
        hint: `Add \`port: ${port}\`, or the one that it listens on.`,
        aim: "key",
      });
    }
  }
}
