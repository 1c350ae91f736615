// Reading a provider's stream: far enough to know that the answer begins, or to its end when it is held back.

import type { Answer } from "../conversation/answer.ts";
import { AnswerCollector } from "../conversation/collect.ts";
import { ProviderFailure, type ReplyEvent } from "../providers/provider.ts";

/** Most events of a stream that is held back; a longer answer fails its attempt. */
const mostHeldEvents = 200_000;

/**
 * Reads until the first event that carries content or ends the answer, so that a stream which fails at once can still
 * fall back. @throws ProviderFailure when it fails before that.
 */
export async function openStream(
  events: AsyncIterable<ReplyEvent>,
  onFirst: () => void,
): Promise<{ opening: ReplyEvent[]; rest: AsyncIterator<ReplyEvent> }> {
  const rest = events[Symbol.asyncIterator]();
  const opening: ReplyEvent[] = [];
  for (;;) {
    const next = await rest.next();
    if (next.done) throw new ProviderFailure("cut", "the stream ended before the answer began");
    if (opening.length === 0) onFirst();
    opening.push(next.value);
    if (next.value.parts.some((part) => part.type !== "start") || opening.length > 100) return { opening, rest };
  }
}

/** Reads a whole stream. @throws ProviderFailure when it fails or never ends. */
export async function gatherStream(
  events: AsyncIterable<ReplyEvent>,
  onFirst: () => void,
): Promise<{ answer: Answer; events: ReplyEvent[] }> {
  const collector = new AnswerCollector(true);
  const gathered: ReplyEvent[] = [];
  for await (const event of events) {
    if (gathered.length === 0) onFirst();
    if (gathered.length >= mostHeldEvents) throw new ProviderFailure("provider_error", "the held stream is too long");
    gathered.push(event);
    for (const part of event.parts) collector.add(part);
  }
  if (!collector.end) throw new ProviderFailure("cut", "the stream ended without its terminal event");
  return { answer: collector.answer(), events: gathered };
}
