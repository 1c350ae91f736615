// The messaging service beside an agent: whether one runs, and which values it takes.

import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { MessagingService } from "../../blueprint/environment-request.ts";
import type { AgentInterfaces } from "../contracts/agents-deployments.ts";

const slackVariables = ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"] as const;

/** Undefined: the agent wants none, nobody reaches it, or this server has no image for it. */
export function messagingFor(
  blueprint: Blueprint,
  { adapters }: AgentInterfaces,
  image: string | undefined,
): MessagingService | undefined {
  const isWanted = blueprint.agent.interfaces.messaging && adapters.length > 0;
  return isWanted && image !== undefined ? { image, adapters } : undefined;
}

/** What it may be given, beyond what the blueprint asks for. */
export function messagingVariables(service: MessagingService | undefined): readonly string[] {
  return service?.adapters.includes("slack") === true ? slackVariables : [];
}
