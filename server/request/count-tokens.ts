// Counts a prompt's tokens instead of answering it: the request path up to the plan, and a question to the upstream that
// would answer. Nothing is held, debited or recorded.

import { GatewayError, toGatewayError } from "../contracts/errors.ts";
import { passesThrough, ProviderFailure, type Outgoing, type Provider } from "../providers/provider.ts";
import type { Candidate } from "../routing/plan.ts";
import { authenticate, requireActiveWorkspace } from "./1-authenticate.ts";
import { limitRate, requireWithinRate } from "./2-limit-rate.ts";
import { parseBody, resolveStack } from "./3-resolve-stack.ts";
import { planRoute, poolFor, requireCandidates } from "./4-plan-route.ts";
import { answerHeaders, errorHeaders, type ResponseHeaders } from "./response-headers.ts";
import type { Services } from "./services.ts";
import type { Planned, Received } from "./stages.ts";

export type CountReply =
  | { readonly kind: "count"; readonly headers: ResponseHeaders; readonly inputTokens: number }
  | { readonly kind: "refusal"; readonly headers: ResponseHeaders; readonly error: GatewayError };

/** Longest wait for an upstream's count; after it the count is estimated. */
const patienceMs = 10_000;

/** Never throws: a refusal is a reply too. An upstream that cannot count costs the count nothing but its exactness. */
export async function countTokens(received: Received, services: Services): Promise<CountReply> {
  try {
    const authenticated = await authenticate(received, services.keys);
    requireActiveWorkspace(authenticated);
    const admitted = await limitRate(authenticated, services);
    requireWithinRate(admitted);
    const parsed = await parseBody(admitted, services);
    const planned = planRoute(await resolveStack(parsed, services.stacks), services);
    requireCandidates(planned, services);
    const [candidate] = planned.plan.candidates;
    if (!candidate) throw new GatewayError("routing_policy_blocked");
    const headers = answerHeaders(planned, candidate, undefined);
    return { kind: "count", headers, inputTokens: await count(planned, candidate, services) };
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (error.code === "internal_error") services.reportFault("count tokens", error.cause ?? error);
    return { kind: "refusal", headers: errorHeaders(received, error), error };
  }
}

/** The upstream's own count, or an estimate where it gives none. */
async function count(planned: Planned, candidate: Candidate, services: Services): Promise<number> {
  const provider = poolFor(planned, services).providers.get(candidate.provider);
  const counted = provider && (await askProvider(provider, planned, candidate));
  return counted ?? candidate.expectedInputTokens;
}

/** @throws GatewayError upstream_rejected_request in the upstream's words for a prompt that it calls invalid. */
async function askProvider(provider: Provider, planned: Planned, candidate: Candidate): Promise<number | undefined> {
  if (provider.countTokens === undefined) return undefined;
  try {
    return await provider.countTokens({
      outgoing: outgoingFor(provider, planned, candidate),
      upstreamModel: candidate.upstreamModel,
      signal: planned.signal,
      clocks: { firstByteMs: patienceMs, betweenChunksMs: patienceMs, totalMs: patienceMs },
    });
  } catch (thrown) {
    if (!(thrown instanceof ProviderFailure)) throw thrown;
    if (thrown.kind !== "rejected") return undefined;
    throw new GatewayError("upstream_rejected_request", thrown.upstreamMessage, { cause: thrown });
  }
}

function outgoingFor(
  provider: Provider,
  { protocol, body, protocolHeaders }: Planned,
  { upstreamModel }: Candidate,
): Outgoing {
  if (!passesThrough(provider, protocol.name, upstreamModel)) {
    return { kind: "translate", prompt: protocol.toPrompt(body, []) };
  }
  const passed = protocol.passBody(body, upstreamModel, undefined);
  return {
    kind: "pass-through",
    protocol: protocol.name,
    body: passed,
    ...(protocolHeaders ? { headers: protocolHeaders } : {}),
  };
}
