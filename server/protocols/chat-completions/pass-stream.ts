// Forwards the events of an upstream that speaks Chat Completions. What ends the stream is held back until settlement,
// when the routing metadata is known; all else goes out as it came, without being parsed.

import { arrayAt, isObject, parseObject, type JsonObject } from "../../contracts/json.ts";
import type { ServerSentEvent } from "../../conversation/events.ts";
import type { Answer } from "../../conversation/answer.ts";
import { doneData } from "../chat-wire.ts";
import type { InlineMetadata, StreamPassThrough } from "../protocol.ts";
import { wantsUsageChunk } from "./pass-body.ts";
import { doneEvent, failureEvents } from "./terminal-events.ts";
import { usageObject } from "./usage.ts";

/** Only such chunks can end a stream. Inside JSON text the quotes are escaped, so generated words never match. */
const mayBeTerminal = /"finish_reason"\s*:\s*"|"usage"\s*:\s*\{/;
/** Choices whose finish chunk is held at most; OpenAI allows `n` up to 128. */
const mostHeldChoices = 128;

type HeldChunk = { readonly event: ServerSentEvent; readonly chunk: JsonObject };
type PassState = {
  readonly wantsUsage: boolean;
  /** The latest finish chunk of each choice, in order of arrival. */
  readonly finishes: Map<string, HeldChunk>;
  usage: HeldChunk | undefined;
  /** The last chunk that went out: a cut continues it. */
  latest: ServerSentEvent | undefined;
};

export function passStream(body: JsonObject): StreamPassThrough {
  const state: PassState = {
    wantsUsage: wantsUsageChunk(body),
    finishes: new Map(),
    usage: undefined,
    latest: undefined,
  };
  return {
    step: (event) => {
      const events = forward(state, event);
      state.latest = events.at(-1) ?? state.latest;
      return events;
    },
    cut: (answer, metadata) => cut(state, answer, metadata),
    end: (metadata) => release(state, metadata),
    fail: failureEvents,
  };
}

function forward(state: PassState, event: ServerSentEvent): readonly ServerSentEvent[] {
  if (event.data === doneData) return [];
  const chunk = mayBeTerminal.test(event.data) ? parseObject(event.data) : undefined;
  if (chunk === undefined) return [event];
  const finished = finishedChoices(chunk);
  if (finished !== undefined) return holdFinish(state, finished, { event, chunk });
  const choices = arrayAt(chunk, "choices") ?? [];
  // Some upstreams report usage so far with each chunk, and some put the final one on a chunk that still has a choice.
  if (choices.length > 0 && state.finishes.size === 0) return [event];
  return holdUsage(state, { event, chunk });
}

/** The indexes of the choices that end with this chunk, as one key; undefined when none does. */
function finishedChoices(chunk: JsonObject): string | undefined {
  const indexes: string[] = [];
  for (const choice of arrayAt(chunk, "choices") ?? []) {
    if (isObject(choice) && typeof choice.finish_reason === "string") indexes.push(JSON.stringify(choice.index));
  }
  return indexes.length === 0 ? undefined : indexes.join();
}

/** An upstream that ends a choice twice meant only the later one as the end: the earlier goes out. */
function holdFinish(state: PassState, choices: string, held: HeldChunk): ServerSentEvent[] {
  const earlier = state.finishes.get(choices);
  if (earlier === undefined && state.finishes.size >= mostHeldChoices) return [held.event];
  state.finishes.delete(choices);
  state.finishes.set(choices, held);
  return earlier === undefined ? [] : [earlier.event];
}

function holdUsage(state: PassState, held: HeldChunk): ServerSentEvent[] {
  const earlier = state.usage;
  state.usage = held;
  return earlier === undefined || isForGatewayOnly(state, earlier) ? [] : [earlier.event];
}

/** A usage chunk without choices came because we asked for it; the client gets it only if it asked as well. */
function isForGatewayOnly(state: PassState, held: HeldChunk): boolean {
  return !state.wantsUsage && (arrayAt(held.chunk, "choices") ?? []).length === 0;
}

function release(state: PassState, metadata: InlineMetadata): readonly ServerSentEvent[] {
  const held = [...state.finishes.values()];
  const usage = state.usage;
  if (usage !== undefined && !isForGatewayOnly(state, usage)) held.push(usage);
  const events = held.map(({ event }) => event);
  const last = held.at(-1);
  if (last !== undefined && metadata !== undefined) events[events.length - 1] = withMetadata(last, metadata);
  events.push(doneEvent);
  return events;
}

/** A finish chunk like the upstream's own, and the usage chunk if the client asked for one. */
function cut({ latest, wantsUsage }: PassState, answer: Answer, metadata: InlineMetadata): ServerSentEvent[] {
  const { choices: _choices, usage: _usage, ...head } = (latest && parseObject(latest.data)) ?? {};
  const extras = metadata === undefined ? {} : { astrolabe: metadata };
  const finish = { ...head, choices: [{ index: 0, delta: {}, finish_reason: answer.finish }] };
  const usage = wantsUsage ? usageObject(answer.usage) : undefined;
  const chunks: JsonObject[] =
    usage === undefined ? [{ ...finish, ...extras }] : [finish, { ...head, choices: [], usage, ...extras }];
  return [...chunks.map((chunk) => ({ data: JSON.stringify(chunk) })), doneEvent];
}

function withMetadata({ event, chunk }: HeldChunk, metadata: JsonObject): ServerSentEvent {
  return { ...event, data: JSON.stringify({ ...chunk, astrolabe: metadata }) };
}
