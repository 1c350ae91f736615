// The vault of an account: variables for its agents. A secret's value can be written and is given to nobody but the
// account's own deployments; a plain variable's can be read.

import { longestValueBytes, variableNamePattern } from "../contracts/agents-limits.ts";
import { GatewayError, invalidField } from "../contracts/errors.ts";
import type { WorkspaceId } from "../contracts/ids.ts";
import { openValue, sealValue, type RandomBytes } from "./sealed-value.ts";
import type { StoredVariable, VariableRecords } from "./variable-records.ts";

export type VaultServices = {
  readonly records: VariableRecords;
  /** `deriveKey(master, "vault")`. */
  readonly sealingKey: Uint8Array;
  readonly random: RandomBytes;
  /** Unix milliseconds. */
  readonly now: () => number;
};

const mostVariables = 500;

export type NewVariable = {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly description: string | undefined;
};

export type VariableResult = {
  readonly name: string;
  readonly status: "created" | "exists" | "failed";
  readonly error?: string;
};

/** Writes what can be written, and says of each variable what became of it. The order is that of the request. */
export async function setVariables(
  services: VaultServices,
  workspaceId: WorkspaceId,
  variables: readonly NewVariable[],
  { overwrite, by }: { readonly overwrite: boolean; readonly by: string },
): Promise<VariableResult[]> {
  const at = services.now();
  const checked = variables.map((variable) => ({ variable, problem: problemOf(variable) }));
  const good = checked.filter(({ problem }) => problem === undefined).map(({ variable }) => variable);
  const writes = good.map(({ name, value, secret, description }) => {
    const sealed = sealValue(services.sealingKey, place(workspaceId, name), value, services.random);
    return { workspaceId, name, secret, sealed, description, updatedBy: by, at };
  });
  const outcomes = await services.records.write(writes, { overwrite, most: mostVariables });
  const byVariable = new Map(good.map((variable, index) => [variable, outcomes[index]]));
  return checked.map(({ variable, problem }) => resultOf(variable.name, problem, byVariable.get(variable)));
}

function resultOf(
  name: string,
  problem: string | undefined,
  outcome: "written" | "kept" | "full" | undefined,
): VariableResult {
  if (problem !== undefined) return { name, status: "failed", error: problem };
  if (outcome === "kept") return { name, status: "exists", error: `There is a variable ${name} already.` };
  if (outcome !== "full") return { name, status: "created" };
  return { name, status: "failed", error: `An account has at most ${mostVariables} variables: delete some first.` };
}

function problemOf({ name, value }: NewVariable): string | undefined {
  if (!variableNamePattern.test(name)) {
    return "A name has letters, digits and underscores, and does not begin with a digit.";
  }
  if (value === "") return "The value is empty.";
  return Buffer.byteLength(value) > longestValueBytes ? `A value has at most ${longestValueBytes} bytes.` : undefined;
}

/** By name. */
export function listVariables(services: VaultServices, workspaceId: WorkspaceId): Promise<StoredVariable[]> {
  return services.records.list(workspaceId);
}

/** @throws GatewayError not_found */
export async function getVariable(
  services: VaultServices,
  workspaceId: WorkspaceId,
  name: string,
): Promise<StoredVariable> {
  const variable = await services.records.find(workspaceId, name);
  if (variable === undefined) throw noVariable(name);
  return variable;
}

export type VariableUpdate = {
  readonly value: string | undefined;
  readonly secret: boolean | undefined;
  readonly description: string | undefined;
};

/** @throws GatewayError not_found; invalid_request for a secret that would become readable without a new value */
export async function updateVariable(
  services: VaultServices,
  workspaceId: WorkspaceId,
  name: string,
  { value, secret, description, by }: VariableUpdate & { readonly by: string },
): Promise<StoredVariable> {
  const before = await getVariable(services, workspaceId, name);
  if (before.secret && secret === false && value === undefined) {
    throw invalidField("value", "given anew to make a secret readable: the stored value is never shown");
  }
  const sealed =
    value === undefined ? undefined : sealValue(services.sealingKey, place(workspaceId, name), value, services.random);
  const changed = await services.records.update(workspaceId, name, {
    ...(sealed !== undefined && { sealed }),
    ...(secret !== undefined && { secret }),
    ...(description !== undefined && { description }),
    by,
    at: services.now(),
  });
  if (!changed) throw noVariable(name);
  return getVariable(services, workspaceId, name);
}

/** @throws GatewayError not_found */
export async function deleteVariable(services: VaultServices, workspaceId: WorkspaceId, name: string): Promise<void> {
  if (!(await services.records.remove(workspaceId, name))) throw noVariable(name);
}

/** The value of a plain variable; undefined for a secret, whose value is not shown. */
export function shownValue(services: VaultServices, variable: StoredVariable): string | undefined {
  return variable.secret ? undefined : valueOf(services, variable);
}

/**
 * Values for a deployment of this account, secrets included. They go to its containers and nowhere else.
 * @returns those that there are; a name that is missing in the vault is missing here.
 */
export async function reveal(
  services: VaultServices,
  workspaceId: WorkspaceId,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const variables = await services.records.list(workspaceId, names);
  return new Map(variables.map((variable) => [variable.name, valueOf(services, variable)]));
}

function valueOf({ sealingKey }: VaultServices, { workspaceId, name, sealed }: StoredVariable): string {
  return openValue(sealingKey, place(workspaceId, name), sealed);
}

function place(workspaceId: WorkspaceId, name: string): string {
  return `${workspaceId}/${name}`;
}

function noVariable(name: string): GatewayError {
  return new GatewayError("not_found", `The account has no variable ${name}.`, {
    hint: "List them with `ast secrets list`.",
  });
}
