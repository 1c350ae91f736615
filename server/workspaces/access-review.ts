// Access review: a workspace that waits for approval sends a request, an operator approves or declines it with a note,
// and both sides are told. Until then its keys answer 403 `access_pending`.

import { GatewayError } from "../contracts/errors.ts";
import type { EventType } from "../contracts/events.ts";
import { newId, type AccessRequestId } from "../contracts/ids.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { AccessRequest, AccessRequestAnswers, AccessRequestRecords } from "./access-request-records.ts";
import type { EventRecords } from "./event-records.ts";
import type { Founder } from "./found-workspace.ts";
import type { Notifier } from "./notify.ts";
import type { Workspace } from "./workspace.ts";

export type AccessReviewServices = {
  readonly records: AccessRequestRecords;
  readonly events: Pick<EventRecords, "append">;
  readonly notifier: Notifier;
  /** Who is told of new requests; at most `limit` addresses. */
  readonly operatorEmails: (limit: number) => Promise<string[]>;
  /** Called after every committed change of a workspace. */
  readonly workspaceChanged: () => void;
  readonly publicUrl: string;
  /** Unix milliseconds. */
  readonly now: () => number;
};

const mostOperatorsTold = 20;

/** @throws GatewayError conflict when the workspace waits for nothing, or has a request pending */
export async function requestAccess(
  services: AccessReviewServices,
  workspace: Workspace,
  person: Pick<Founder, "id" | "email">,
  answers: AccessRequestAnswers,
): Promise<AccessRequest> {
  if (workspace.status !== "access_pending") {
    throw new GatewayError("conflict", "The workspace does not wait for access review.");
  }
  const request: AccessRequest = {
    ...answers,
    id: newId("acr"),
    workspaceId: workspace.id,
    requestedBy: person.id,
    email: person.email,
    status: "pending",
    note: "",
    decidedBy: undefined,
    decidedAt: undefined,
    createdAt: services.now(),
  };
  if (!(await services.records.insert(request))) {
    throw new GatewayError("conflict", "An access request is pending already: wait for its answer.");
  }
  await tell(services, request, "access.requested", { request_id: request.id });
  await tellOperators(services, workspace, request);
  return request;
}

/** @throws GatewayError not_found; conflict when it was decided already */
export async function decideAccess(
  services: AccessReviewServices,
  id: AccessRequestId,
  decision: { readonly status: "approved" | "declined"; readonly note: string; readonly decidedBy: string },
): Promise<AccessRequest> {
  const found = await services.records.find(id);
  if (found === undefined) throw new GatewayError("not_found", `There is no access request ${id}.`);
  if (!(await services.records.decide(id, { ...decision, decidedAt: services.now() }))) {
    throw new GatewayError("conflict", "This access request was decided already.");
  }
  services.workspaceChanged();
  const request = (await services.records.find(id)) ?? found;
  const approved = request.status === "approved";
  await tell(services, request, approved ? "access.approved" : "access.declined", {
    request_id: request.id,
    note: request.note,
  });
  tellPerson(services, request, approved);
  return request;
}

function tell(
  { events, now }: AccessReviewServices,
  { workspaceId }: AccessRequest,
  type: EventType,
  data: JsonObject,
): Promise<void> {
  return events.append({ id: newId("evt"), workspaceId, type, data, createdAt: now(), once: undefined });
}

function tellPerson({ notifier, publicUrl }: AccessReviewServices, request: AccessRequest, approved: boolean): void {
  const { email: to, workspaceId, note } = request;
  notifier.mail({
    to,
    subject: approved ? "Your workspace is open" : "Your access request was declined",
    paragraphs: [
      approved ? "Your access request was approved: its keys work from now on." : "Your access request was declined.",
      ...(note === "" ? [] : [note]),
      ...(approved ? [] : ["You can complete another request."]),
    ],
    action: { label: "Open the workspace", url: `${publicUrl}/w/${workspaceId}` },
  });
}

async function tellOperators(
  { notifier, operatorEmails, publicUrl }: AccessReviewServices,
  { name }: Workspace,
  request: AccessRequest,
): Promise<void> {
  for (const to of await operatorEmails(mostOperatorsTold)) {
    notifier.mail({
      to,
      subject: `Access request from ${request.name}`,
      paragraphs: [
        `${request.name} (${request.email}, ${request.company}) asks for access with the workspace ${name}.`,
        `Use: ${request.use}`,
        `Expected monthly volume: ${request.monthlyVolume}`,
      ],
      action: { label: "Decide", url: `${publicUrl}/operator/access-requests` },
    });
  }
}
