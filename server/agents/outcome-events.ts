// What a workspace is told about the outcome of a revision. Neither values nor lines of logs are in it.

import type { RolloutFailure } from "../contracts/agents-deployments.ts";
import type { EventType, NewEvent } from "../contracts/events.ts";
import { newId } from "../contracts/ids.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { Deployment, Revision } from "./deployment.ts";

type Outcome = {
  readonly deployment: Deployment;
  readonly revision: Pick<Revision, "number" | "buildId">;
  /** Unix milliseconds. */
  readonly at: number;
};

export function liveEvent(outcome: Outcome): NewEvent {
  return outcomeEvent("deployment.live", outcome, { replaced_revision: outcome.deployment.servingRevision ?? null });
}

/** @param serving the revision that serves on; undefined: none. */
export function failedEvent(
  outcome: Outcome,
  { code, message }: RolloutFailure,
  serving: number | undefined,
): NewEvent {
  return outcomeEvent("deployment.failed", outcome, { code, reason: message, serving_revision: serving ?? null });
}

function outcomeEvent(type: EventType, { deployment, revision, at }: Outcome, more: JsonObject): NewEvent {
  return {
    id: newId("evt"),
    workspaceId: deployment.workspaceId,
    type,
    data: {
      agent: deployment.displayName,
      deployment_id: deployment.id,
      blueprint: deployment.blueprintName,
      build_id: revision.buildId,
      revision: revision.number,
      ...more,
    },
    createdAt: at,
    once: `${type}:${deployment.id}:${revision.number}`,
  };
}
