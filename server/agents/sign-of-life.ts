// Asks what runs agents for a sign of life before anything is promised, so that whoever deploys is told at once.

import { RuntimeError, type Runtime } from "../../runtimes/runtime.ts";
import { GatewayError } from "../contracts/errors.ts";
import type { DeployServices } from "./deploy-services.ts";
import { asSentence } from "./rollout-failure.ts";

/** How long the engine may take. */
const answerMs = 2_000;

/** Whether anything runs at all; an engine that is not there now may come back. @throws GatewayError service_unavailable */
export function requireRuntime({ runtime }: Pick<DeployServices, "runtime">): () => Promise<Runtime> {
  if (runtime !== undefined) return runtime;
  throw new GatewayError("service_unavailable", "This server runs no agents.", {
    hint: "Its operator can switch it on with ASTROLABE_RUNTIME=docker or ASTROLABE_RUNTIME=kubernetes.",
  });
}

/**
 * Before something is started; it makes nothing, and takes two seconds at most.
 * @throws GatewayError service_unavailable with what was tried and the way out
 */
export async function requireSignOfLife(services: Pick<DeployServices, "runtime">): Promise<void> {
  const load = requireRuntime(services);
  try {
    await (await load()).check(undefined, answerMs);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    const { message, hint } = error;
    const told = `Nothing was changed, because the server cannot start agents now. ${asSentence(message)}`;
    throw new GatewayError("service_unavailable", told, { hint: `On the server: ${hint}`, cause: error });
  }
}
