// What operators do: suspend and resume workspaces, make other operators, shut people out.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type UserId } from "../contracts/ids.ts";
import type { EventRecords } from "./event-records.ts";
import type { WorkspaceServices } from "./manage-workspaces.ts";
import { updateWorkspace } from "./manage-workspaces.ts";
import type { OperatorRecords, PersonOverview } from "./operator-records.ts";
import type { Workspace } from "./workspace.ts";

export type OperatingServices = {
  readonly records: OperatorRecords;
  readonly workspaces: WorkspaceServices;
  readonly events: Pick<EventRecords, "append">;
  /** Unix milliseconds. */
  readonly now: () => number;
};

/** Its keys answer 403 from the next request on; requests under way end. @throws GatewayError conflict */
export async function suspendWorkspace(
  services: OperatingServices,
  { id, status }: Workspace,
  reason: string,
): Promise<Workspace> {
  if (status === "suspended") throw new GatewayError("conflict", "The workspace is suspended already.");
  const suspended = await updateWorkspace(services.workspaces, id, { status: "suspended", statusReason: reason });
  const createdAt = services.now();
  const event = { id: newId("evt"), workspaceId: id, createdAt, once: undefined };
  await services.events.append({ ...event, type: "workspace.suspended", data: { reason } });
  return suspended;
}

/** @throws GatewayError conflict when it is not suspended */
export async function resumeWorkspace(services: OperatingServices, { id, status }: Workspace): Promise<Workspace> {
  if (status !== "suspended") throw new GatewayError("conflict", "The workspace is not suspended.");
  const resumed = await updateWorkspace(services.workspaces, id, { status: "active", statusReason: undefined });
  const event = { id: newId("evt"), workspaceId: id, createdAt: services.now(), once: undefined };
  await services.events.append({ ...event, type: "workspace.resumed", data: {} });
  return resumed;
}

export type PersonChanges = {
  readonly isOperator?: boolean;
  /** The reason for shutting out; null lets in again. */
  readonly disabledReason?: string | null;
};

/**
 * @param by the operator's own id; undefined for the token.
 * @throws GatewayError not_found; conflict when somebody would lock themselves out, or an operator is to be shut out
 */
export async function changePerson(
  services: OperatingServices,
  id: UserId,
  by: UserId | undefined,
  { isOperator, disabledReason }: PersonChanges,
): Promise<PersonOverview> {
  const person = await getPerson(services, id);
  if (id === by) throw new GatewayError("conflict", "Nobody changes these rights of their own: ask another operator.");
  if (typeof disabledReason === "string" && (isOperator ?? person.isOperator)) {
    throw new GatewayError("conflict", "An operator cannot be shut out: take that right first.");
  }
  if (isOperator === true && person.disabledReason !== undefined && disabledReason !== null) {
    throw new GatewayError("conflict", "Somebody who is shut out cannot be an operator: let them in first.");
  }
  if (isOperator !== undefined) await services.records.setOperator(id, isOperator);
  if (disabledReason === null) await services.records.enable(id);
  else if (disabledReason !== undefined) await services.records.disable(id, disabledReason, services.now());
  return getPerson(services, id);
}

/** Ends every session; gives how many there were. @throws GatewayError not_found */
export async function signOutEverywhere(services: OperatingServices, id: UserId): Promise<number> {
  await getPerson(services, id);
  return services.records.endSessions(id);
}

async function getPerson(services: OperatingServices, id: UserId): Promise<PersonOverview> {
  const person = await services.records.findPerson(id);
  if (person === undefined) throw new GatewayError("not_found", `There is no user ${id}.`);
  return person;
}
