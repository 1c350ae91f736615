// The messaging service beside an agent: whether one runs, and where people reach it.

import type { Blueprint } from "../../blueprint/blueprint.ts";
import type { MessagingService } from "../../blueprint/environment-request.ts";
import type { AgentInterfaces } from "../contracts/agents-deployments.ts";

/** Where its chat answers. */
export const messagingWebPort = 8080;

/** Undefined: the agent wants none, nobody reaches it, or this server has no image for it. */
export function messagingFor(
  blueprint: Blueprint,
  { adapters }: AgentInterfaces,
  image: string | undefined,
): MessagingService | undefined {
  const isWanted = blueprint.agent.interfaces.messaging && adapters.length > 0;
  return isWanted && image !== undefined ? { image, adapters } : undefined;
}
