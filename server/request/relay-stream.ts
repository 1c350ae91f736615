// Carries a stream from the provider to the client, watching what it costs, and settles before the terminal event. A
// client that leaves is charged for what was seen; a provider that breaks off is charged nothing. A stream with a claim
// is read to its end for the sake of its repeats, whether or not its client stays.

import { errorTable, GatewayError, toGatewayError, type ErrorCode } from "../contracts/errors.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { Answer, AnswerPart } from "../conversation/answer.ts";
import { AnswerCollector } from "../conversation/collect.ts";
import { encodeEvent, type ServerSentEvent } from "../conversation/events.ts";
import { estimatedUsage, type Usage } from "../conversation/usage.ts";
import type { AnswerContext, InlineMetadata } from "../protocols/protocol.ts";
import { ProviderFailure, type ReplyEvent } from "../providers/provider.ts";
import type { Attempt, AttemptFacts } from "./6-call-provider.ts";
import type { Settlement } from "./8-settle.ts";
import { inlineMetadata } from "./inline-metadata.ts";
import type { Billing } from "./ending.ts";
import type { Journal } from "./journal.ts";
import { keepsResponse } from "./keep-response.ts";
import { keptReply, StreamCopy } from "./kept-reply.ts";
import type { ResponseHeaders } from "./response-headers.ts";
import type { Services } from "./services.ts";
import type { Reserved } from "./stages.ts";
import { stoppedBy } from "./stopping.ts";

/** The status in the records of a client that left; nobody receives it. */
const clientLeft = errorTable.client_closed_request.status;

type Relay = {
  readonly attempt: Extract<Attempt, { kind: "stream" }>;
  readonly reserved: Reserved;
  readonly settlement: Settlement;
  readonly journal: Journal;
  readonly services: Services;
  readonly context: AnswerContext;
  readonly headers: ResponseHeaders;
};

/** Forwards or encodes provider events; the terminal ones wait until the money is settled. */
type Renderer = {
  step(event: ReplyEvent): readonly ServerSentEvent[];
  end(end: Extract<AnswerPart, { type: "end" }>, metadata: InlineMetadata): readonly ServerSentEvent[];
  /** Ends an answer that was cut at its length. */
  cut(answer: Answer, metadata: InlineMetadata): readonly ServerSentEvent[];
  fail(error: GatewayError, requestId: string): readonly ServerSentEvent[];
};

/**
 * The client's chunks. Work begins at once, so that the settlement ends even if nobody ever reads; returning early
 * (the client left) settles what was seen, or reads on to the end where there is a claim.
 */
export function relayStream(relay: Relay): AsyncIterator<Uint8Array> {
  const { promise, resolve } = Promise.withResolvers<void>();
  void relay.services.inFlight.track(promise);
  const chunks = relayChunks(relay, resolve);
  let first: Promise<IteratorResult<Uint8Array>> | undefined = chunks.next();
  return {
    next() {
      const result = first ?? chunks.next();
      first = undefined;
      return result;
    },
    return: () => (relay.reserved.claim ? readOn(chunks) : chunks.return(undefined)),
  };
}

async function readOn(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  for (;;) {
    const next = await chunks.next();
    if (next.done) return next;
  }
}

async function* relayChunks(relay: Relay, ended: () => void): AsyncGenerator<Uint8Array, undefined> {
  const { attempt, reserved, settlement, journal, services } = relay;
  const growing = settlement.growing(attempt.facts.candidate);
  const keeps = keepsResponse(reserved);
  const collector = new AnswerCollector(reserved.policy.memory.storeOutputs || growing !== undefined || keeps);
  const renderer = rendererFor(reserved, relay.context, attempt.facts.passedThrough);
  const copy = reserved.claim && new StreamCopy();
  let covered = true;
  try {
    for await (const event of joined(attempt)) {
      if (growing) covered = await growing.covers(event.parts);
      if (!covered) break;
      for (const part of event.parts) collector.add(part);
      const events = renderer.step(event);
      if (events.length === 0) continue;
      const chunk = joinEvents(events);
      copy?.add(chunk);
      yield chunk;
    }
    const { facts, answer, last } = endingOf(relay, collector, renderer, covered);
    journal.answered(facts, undefined, services.health);
    if (reserved.policy.memory.storeOutputs) {
      journal.output = reserved.protocol.encodeAnswer(answer, relay.context, undefined);
    }
    const render = (billing: Billing): Ended => {
      const metadata = inlineMetadata(reserved, attempt.facts.candidate, billing, journal);
      const events = last(metadata);
      return { sent: joinEvents(events), events, metadata };
    };
    const { sent } = await settlement.deliver(facts, render, {
      kept: (ended) => keptReply(reserved, relay.headers, true, copy?.endingWith(ended.sent)),
      response: (ended) => responseIn(ended, answer, reserved, relay.context),
    });
    yield sent;
  } catch (thrown) {
    const error = await settleFailed(relay, collector, thrown);
    if (error) yield joinEvents(renderer.fail(error, reserved.requestId));
  } finally {
    if (!settlement.ended) await settleSeen(relay, collector, clientLeft);
    ended();
  }
}

/** The last events of a stream. */
type Ended = {
  readonly sent: Uint8Array;
  readonly events: readonly ServerSentEvent[];
  readonly metadata: InlineMetadata;
};

/** A whole answer as it goes out, and as its protocol writes it. */
export type Rendered = { readonly sent: Uint8Array; readonly response: JsonObject };

/** The answer as the stream's end tells it; put together from its parts when it does not. */
function responseIn(
  { events, metadata }: Pick<Ended, "events" | "metadata">,
  answer: Answer,
  { protocol }: Reserved,
  context: AnswerContext,
): JsonObject {
  return protocol.keeping?.answerIn(events) ?? protocol.encodeAnswer(answer, context, metadata);
}

type StreamEnding = {
  readonly facts: AttemptFacts;
  readonly answer: Answer;
  readonly last: (metadata: InlineMetadata) => readonly ServerSentEvent[];
};

/**
 * How a stream ended: as its provider says, or cut because credits cover no more of it. A cut answer ends as one that
 * reached its length, and what was forwarded of it is charged. @throws ProviderFailure when the provider says nothing.
 */
function endingOf(relay: Relay, collector: AnswerCollector, renderer: Renderer, covered: boolean): StreamEnding {
  const { end } = collector;
  if (covered) {
    if (!end) throw new ProviderFailure("cut", "the stream ended without its terminal event");
    const facts = factsOf(relay, end.usage);
    return { facts, answer: collector.answer(), last: (metadata) => renderer.end(end, metadata) };
  }
  relay.journal.warn("the answer was cut: credits covered no more of it");
  const facts = seenFacts(relay, collector);
  const answer: Answer = { ...collector.answer(), finish: "length", usage: facts.usage };
  return { facts, answer, last: (metadata) => renderer.cut(answer, metadata) };
}

/** Settles a stream that cannot go on; undefined when there is nobody left to tell. */
async function settleFailed(
  relay: Relay,
  collector: AnswerCollector,
  thrown: unknown,
): Promise<GatewayError | undefined> {
  const { signal } = relay.reserved;
  if (!signal.aborted) return settleBroken(relay, thrown);
  const stopped = stoppedBy(signal);
  if (stopped && !relay.settlement.ended) await settleStopped(relay, collector, stopped);
  return stopped;
}

/** With a claim nothing is charged: the repeat of the request runs anew, and one of the two is to be paid. */
async function settleStopped(relay: Relay, collector: AnswerCollector, stopped: GatewayError): Promise<void> {
  if (!relay.reserved.claim) return settleSeen(relay, collector, stopped.status);
  relay.journal.cancelled(seenFacts(relay, collector));
  await voidHold(relay, stopped.code, stopped.status);
}

/** The provider broke off after the first byte: nothing is charged, and the client gets a typed terminal event. */
async function settleBroken(relay: Relay, thrown: unknown): Promise<GatewayError> {
  const { attempt, journal, services } = relay;
  if (!(thrown instanceof ProviderFailure)) {
    services.reportFault("stream", thrown);
    await voidHold(relay, "internal_error");
    return toGatewayError(thrown);
  }
  journal.failed(
    { kind: "failed", facts: { ...attempt.facts, endedMs: journal.elapsedMs() }, failure: thrown },
    services.health,
    "cut",
  );
  await voidHold(relay, "streaming_provider_error");
  return new GatewayError("streaming_provider_error", undefined, { cause: thrown });
}

/** A hold that cannot be ended now will expire; the client is owed its terminal event all the same. */
async function voidHold({ settlement, services }: Relay, reason: ErrorCode, httpStatus = 200): Promise<void> {
  if (settlement.ended) return;
  await settlement
    .void(reason, httpStatus, reason)
    .catch((error: unknown) => services.reportFault("settle a broken stream", error));
}

/** Called off: what was seen is charged, exactly if usage had come, by the bytes seen otherwise. */
async function settleSeen(relay: Relay, collector: AnswerCollector, httpStatus: number): Promise<void> {
  const { settlement, journal, services } = relay;
  const facts = seenFacts(relay, collector);
  journal.cancelled(facts);
  await settlement
    .post(facts, httpStatus)
    .catch((error: unknown) => services.reportFault("settle a stream called off", error));
}

/** Exact if usage had come; else an estimate from the bytes seen, never above what the hold took the input for. */
function seenFacts(relay: Relay, collector: AnswerCollector): AttemptFacts {
  if (collector.end) return factsOf(relay, collector.usage);
  const { reserved, attempt } = relay;
  const { textBytes } = reserved.asked.features;
  return factsOf(relay, estimatedUsage(textBytes, collector.bytesSeen, attempt.facts.candidate.inputTokenBound));
}

function factsOf({ attempt, journal }: Relay, usage: Usage): AttemptFacts {
  return { ...attempt.facts, usage, endedMs: journal.elapsedMs() };
}

/** A held-back stream, now checked and settled, as it would have come. */
export function* heldChunks(
  held: HeldAnswer,
  reserved: Reserved,
  context: AnswerContext,
  metadata: InlineMetadata,
): Generator<Uint8Array, undefined> {
  for (const events of heldEvents(held, reserved, context, metadata)) yield joinEvents(events);
}

/** The same at once, with the answer that its end tells. */
export function renderHeld(
  held: HeldAnswer,
  reserved: Reserved,
  context: AnswerContext,
  metadata: InlineMetadata,
): Rendered {
  const all = [...heldEvents(held, reserved, context, metadata)];
  const response = responseIn({ events: all.at(-1) ?? [], metadata }, held.answer, reserved, context);
  return { sent: Buffer.concat(all.map(joinEvents)), response };
}

type HeldAnswer = Extract<Attempt, { kind: "answer" }>;

function* heldEvents(
  { held, facts }: HeldAnswer,
  reserved: Reserved,
  context: AnswerContext,
  metadata: InlineMetadata,
): Generator<readonly ServerSentEvent[], undefined> {
  const renderer = rendererFor(reserved, context, facts.passedThrough);
  for (const event of held) {
    const events = renderer.step(event);
    if (events.length > 0) yield events;
    const end = event.parts.find((part) => part.type === "end");
    if (end) yield renderer.end(end, metadata);
  }
}

export async function* asStream(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  yield* chunks;
}

function rendererFor({ protocol, body }: Reserved, context: AnswerContext, passedThrough: boolean): Renderer {
  if (passedThrough) {
    const pass = protocol.passStream(body, context);
    return {
      step: (event) => (event.raw ? pass.step(event.raw) : []),
      end: (_, metadata) => pass.end(metadata),
      cut: (answer, metadata) => pass.cut(answer, metadata),
      fail: (error, requestId) => pass.fail(error, requestId),
    };
  }
  const encoder = protocol.encodeStream(context);
  return {
    step: (event) => event.parts.flatMap((part) => (part.type === "end" ? [] : encoder.step(part))),
    end: (end, metadata) => encoder.end(end, metadata),
    cut: ({ finish, usage }, metadata) => encoder.end({ type: "end", finish, usage }, metadata),
    fail: (error, requestId) => encoder.fail(error, requestId),
  };
}

async function* joined({ opening, rest }: Extract<Attempt, { kind: "stream" }>): AsyncGenerator<ReplyEvent, void> {
  try {
    yield* opening;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function joinEvents(events: readonly ServerSentEvent[]): Uint8Array {
  const [only] = events;
  if (only && events.length === 1) return encodeEvent(only);
  return Buffer.concat(events.map(encodeEvent));
}
