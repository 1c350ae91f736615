// Which conversation a request belongs to, for stacks that keep a conversation with its model.

import type { Services } from "./services.ts";
import type { AttemptFacts } from "./6-call-provider.ts";
import type { Planned, Resolved } from "./stages.ts";

/** What a conversation is remembered by; undefined where the stack keeps no sessions or nothing tells it from others. */
export function sessionOf({ policy, protocol, body, key, stack }: Resolved): string | undefined {
  if (!policy.objective.sessionPins) return undefined;
  const opening = protocol.opening?.(body);
  return opening === undefined ? undefined : `${key.id} ${stack.id} ${Bun.hash(opening)}`;
}

/** Remembers who answered. */
export function keepSession(
  { candidate, usage }: AttemptFacts,
  { session }: Planned,
  { sessions, now }: Pick<Services, "sessions" | "now">,
): void {
  if (session === undefined) return;
  const tokens = usage.kind === "unknown" ? 0 : usage.inputTokens + usage.outputTokens;
  sessions.keep(session, { model: candidate.model.id, provider: candidate.provider, tokens }, now());
}
