// Makes a record for the audit log out of a call of the control API: the names of what was sent, never the values.

import type { AuditActor, AuditOutcome, AuditTarget, CallOrigin, NewAuditEvent } from "../../audit-log/audit-event.ts";
import { asId, type RequestId, type WorkspaceId } from "../../contracts/ids.ts";
import { isObject, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import type { MemberRole, Workspace } from "../../workspaces/workspace.ts";
import { accessTokenOf, isOperator, type Caller } from "./access.ts";
import type { ControlRoute } from "./declared-route.ts";
import { operationId } from "./openapi.ts";

export type AuditedCall = {
  readonly route: ControlRoute;
  readonly requestId: RequestId;
  readonly origin: CallOrigin;
  readonly caller: Caller | undefined;
  readonly role: MemberRole | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** Of the account in the path. */
  readonly workspace: Workspace | undefined;
  readonly body: Json | undefined;
};

const mostFields = 50;
const longestName = 100;

/** @param answer what the call was answered with; undefined when it was refused. */
export function auditEventOf(call: AuditedCall, outcome: AuditOutcome, answer: unknown): NewAuditEvent {
  const body = isObject(call.body) ? Object.keys(call.body) : [];
  return {
    ...call.origin,
    workspaceId: workspaceOf(call, outcome, answer),
    actor: actorOf(call.caller),
    action: operationId(call.route.summary),
    outcome,
    targets: [...targetsOf(call.params, answer), ...tokenOf(call.caller)],
    fields: body.slice(0, mostFields).map((name) => name.slice(0, longestName)),
    requestId: call.requestId,
  };
}

function actorOf(caller: Caller | undefined): AuditActor {
  if (caller === undefined) return { kind: "nobody" };
  if (caller.kind === "operator") return { kind: "operator_token" };
  return { kind: "user", id: caller.user.id, name: caller.user.email };
}

/** A refusal is told to a workspace's own people only about each other: strangers do not write in its log. */
function workspaceOf(
  { caller, role, params }: AuditedCall,
  outcome: AuditOutcome,
  answer: unknown,
): WorkspaceId | undefined {
  const belongs = outcome === "done" || role !== undefined || (caller !== undefined && isOperator(caller));
  const named = params["workspace"] ?? workspaceIn(answer);
  return belongs && named !== undefined ? asId<WorkspaceId>(named) : undefined;
}

/** What a call outside of any workspace made, or which workspace it says it was about. */
function workspaceIn(answer: unknown): string | undefined {
  if (!isObject(answer)) return undefined;
  return stringAt(answer, answer["object"] === "workspace" ? "id" : "workspace_id");
}

function targetsOf(params: Readonly<Record<string, string>>, answer: unknown): AuditTarget[] {
  const named = Object.entries(params)
    .filter(([type]) => type !== "workspace" && type !== "account")
    .map(([type, id]) => ({ type, id: id.slice(0, longestName) }));
  const made = isObject(answer) ? madeThing(answer) : undefined;
  return made === undefined || named.some(({ id }) => id === made.id) ? named : [...named, made];
}

/** The access token that it was done with: of a stolen one this tells what it did. */
function tokenOf(caller: Caller | undefined): AuditTarget[] {
  const token = caller && accessTokenOf(caller);
  return token === undefined ? [] : [{ type: "by_access_token", id: token.id }];
}

function madeThing(answer: JsonObject): AuditTarget | undefined {
  const type = stringAt(answer, "object");
  const id = stringAt(answer, "id") ?? stringAt(answer, "entry_id");
  return type === undefined || id === undefined ? undefined : { type, id };
}
