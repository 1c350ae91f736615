// Rung 6: ask one candidate once. Passes the body through when the upstream speaks the client's protocol, translates it
// otherwise. Never throws: an attempt that fails is a result like any other.

import { GatewayError } from "../contracts/errors.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { Answer } from "../conversation/answer.ts";
import { unknownUsage, type Usage } from "../conversation/usage.ts";
import type { Prompt } from "../conversation/prompt.ts";
import {
  passesThrough,
  ProviderFailure,
  type Clocks,
  type Outgoing,
  type Provider,
  type ReplyEvent,
} from "../providers/provider.ts";
import type { Candidate } from "../routing/plan.ts";
import { highStakesCaution } from "../verification/high-stakes.ts";
import { poolFor } from "./4-plan-route.ts";
import { mustHoldStream } from "./7-verify-answer.ts";
import { bodyFor } from "./earlier-turns.ts";
import { keepsResponse } from "./keep-response.ts";
import { gatherStream, openStream } from "./stream-events.ts";
import type { Services } from "./services.ts";
import type { Reserved } from "./stages.ts";
import { stoppedBy } from "./stopping.ts";

/** What there is to say about an attempt, whatever came of it. Times are milliseconds since the request arrived. */
export type AttemptFacts = {
  readonly number: number;
  readonly candidate: Candidate;
  readonly passedThrough: boolean;
  readonly startedMs: number;
  readonly firstByteMs: number | undefined;
  readonly endedMs: number;
  readonly usage: Usage;
};

export type Attempt =
  | {
      readonly kind: "answer";
      readonly facts: AttemptFacts;
      readonly answer: Answer;
      /** The upstream's own body, when it passed through. */
      readonly raw: JsonObject | undefined;
      /** Events of a stream that was held back, to be replayed; empty otherwise. */
      readonly held: readonly ReplyEvent[];
    }
  | {
      readonly kind: "stream";
      readonly facts: AttemptFacts;
      /** Events read to see that the answer really begins. */
      readonly opening: readonly ReplyEvent[];
      readonly rest: AsyncIterator<ReplyEvent>;
    }
  | { readonly kind: "failed"; readonly facts: AttemptFacts; readonly failure: ProviderFailure };

/** The neutral prompt of a request, built only if some upstream needs it. */
export type LazyPrompt = (candidate: Candidate) => Prompt;

export async function callProvider(
  target: { readonly candidate: Candidate; readonly outputTokenLimit: number; readonly number: number },
  reserved: Reserved,
  prompt: LazyPrompt,
  warn: (sentence: string) => void,
  services: Services,
): Promise<Attempt> {
  const { candidate, number } = target;
  const startedMs = services.now() - reserved.arrivedAt;
  const provider = poolFor(reserved, services).providers.get(candidate.provider);
  const passedThrough = provider ? passesThrough(provider, reserved.protocol.name, candidate.upstreamModel) : false;
  let firstByteMs: number | undefined;
  const facts = (usage: Usage): AttemptFacts => {
    const endedMs = services.now() - reserved.arrivedAt;
    return { number, candidate, passedThrough, startedMs, firstByteMs, endedMs, usage };
  };
  const elapsed = (): void => {
    firstByteMs = services.now() - reserved.arrivedAt;
  };
  try {
    if (!provider) throw new ProviderFailure("unreachable", `no provider ${candidate.provider} is configured`);
    const reply = await provider.call({
      outgoing: outgoingFor(provider, target, reserved, prompt, warn),
      upstreamModel: candidate.upstreamModel,
      model: candidate.model.id,
      attempt: number,
      stream: reserved.asked.stream,
      maxOutputTokens: candidate.model.kind === "embed" ? undefined : target.outputTokenLimit,
      dataPolicy: reserved.policy.boundaries.dataPolicy,
      mayStore: mayStore(reserved.policy),
      signal: reserved.signal,
      clocks: clocksLeft(services, reserved.asked.stream, startedMs),
      warn,
    });
    if (reply.kind === "answer") {
      if (reserved.asked.stream) throw new ProviderFailure("provider_error", "the provider did not stream");
      elapsed();
      return { kind: "answer", facts: facts(reply.answer.usage), answer: reply.answer, raw: reply.raw, held: [] };
    }
    if (mustHoldStream(reserved)) {
      const { answer, events } = await gatherStream(reply.events, elapsed);
      return { kind: "answer", facts: facts(answer.usage), answer, raw: undefined, held: events };
    }
    const { opening, rest } = await openStream(reply.events, elapsed);
    return { kind: "stream", facts: facts(unknownUsage), opening, rest };
  } catch (error) {
    return { kind: "failed", facts: facts(unknownUsage), failure: asFailure(error, reserved, services) };
  }
}

function mayStore({ boundaries }: Reserved["policy"]): boolean {
  return boundaries.dataPolicy !== "zero_retention" && boundaries.retentionPolicy !== "none";
}

function outgoingFor(
  provider: Provider,
  target: { readonly candidate: Candidate; readonly outputTokenLimit: number },
  reserved: Reserved,
  prompt: LazyPrompt,
  warn: (sentence: string) => void,
): Outgoing {
  const { protocol } = reserved;
  const { model, upstreamModel } = target.candidate;
  if (!passesThrough(provider, protocol.name, upstreamModel)) {
    return { kind: "translate", prompt: prompt(target.candidate) };
  }
  const body = passedBody(reserved, target.candidate, warn);
  const limit = model.kind === "embed" ? undefined : target.outputTokenLimit;
  const passed = protocol.passBody(cautioned(reserved, body), upstreamModel, limit, warn);
  const headers = reserved.protocolHeaders;
  return { kind: "pass-through", protocol: protocol.name, body: passed, ...(headers ? { headers } : {}) };
}

/** The client's body, with what it goes on from; asking for what its own answer can be gone on from. */
function passedBody(reserved: Reserved, candidate: Candidate, warn: (sentence: string) => void): JsonObject {
  const body = bodyFor(reserved, candidate, true, warn);
  if (!keepsResponse(reserved) || !candidate.model.capabilities.has("reasoning")) return body;
  return reserved.protocol.keeping?.resumable(body) ?? body;
}

/** The body with the stack's caution in front of it, when a high-stakes request calls for one. */
export function cautioned({ policy, highStakes, protocol }: Reserved, body: JsonObject): JsonObject {
  return policy.safety.highStakes === "prompt" && highStakes ? protocol.withInstruction(body, highStakesCaution) : body;
}

/** Each attempt gets what is left of the request's own time. A whole answer has no first byte before its last. */
function clocksLeft({ settings }: Services, stream: boolean, startedMs: number): Clocks {
  const totalMs = Math.max(1, settings.clocks.totalMs - startedMs);
  const firstByteMs = stream ? Math.min(settings.clocks.firstByteMs, totalMs) : totalMs;
  return { firstByteMs, betweenChunksMs: settings.clocks.betweenChunksMs, totalMs };
}

function asFailure(error: unknown, { signal }: Reserved, services: Services): ProviderFailure {
  if (signal.aborted) {
    const why = stoppedBy(signal) ? "the server is shutting down" : "the client left";
    return new ProviderFailure("cancelled", why, { cause: error });
  }
  if (error instanceof ProviderFailure) return error;
  if (error instanceof GatewayError) {
    return new ProviderFailure("untranslatable", error.message, { cause: error });
  }
  services.reportFault("provider call", error);
  return new ProviderFailure("provider_error", "the provider's answer could not be read", { cause: error });
}
