// Answers that their callers want kept: whether the stack allows it, and what is written with the settlement.

import type { JsonObject } from "../contracts/json.ts";
import type { ResponseToStore, SettledUsage } from "../ledger/request-record.ts";
import type { AnswerContext, AskedKeeping } from "../protocols/protocol.ts";
import { keptResponseId } from "../stored-responses/stored-responses.ts";
import type { AttemptFacts } from "./6-call-provider.ts";
import type { Journal } from "./journal.ts";
import type { Services } from "./services.ts";
import type { Resolved } from "./stages.ts";

const dayMs = 86_400_000;
/**
 * Largest request whose response is kept, in bytes, since what it says is kept too, and for how long at most, in days. What
 * test keys store is paid by nobody.
 */
const keeping = {
  live: { mostBytes: 8 * 1024 * 1024, mostDays: Infinity, tooLarge: "its request is larger than 8 MB" },
  test: { mostBytes: 256 * 1024, mostDays: 1, tooLarge: "a test key's request is larger than 256 KB" },
};

/** Whether the answer will be kept: asked for, and under a stack that keeps texts. */
export function keepsResponse({ asked, policy, key }: Pick<Resolved, "asked" | "policy" | "key">): boolean {
  return asked.keeping?.store === true && whyNot(asked.keeping, policy, key) === undefined;
}

/** Says in the trace that the wish to have the answer kept is not granted. */
export function noteKeeping({ asked, policy, key }: Resolved, journal: Journal): void {
  const reason = asked.keeping?.store === true ? whyNot(asked.keeping, policy, key) : undefined;
  if (reason !== undefined) journal.warn(`the response is not stored: ${reason}`);
}

function whyNot(
  { bodyBytes }: AskedKeeping,
  { boundaries, memory }: Resolved["policy"],
  { mode }: Resolved["key"],
): string | undefined {
  if (bodyBytes > keeping[mode].mostBytes) return keeping[mode].tooLarge;
  if (boundaries.retentionPolicy === "none") return "the stack's retentionPolicy is none";
  if (boundaries.dataPolicy === "zero_retention") return "the stack's dataPolicy is zero_retention";
  if (!memory.storeResponses) return "the stack's storeResponses is off";
  return memory.fingerprintOnly ? "the stack keeps fingerprints only" : undefined;
}

/** What an answer says of its keeping; nothing where nothing was asked of it. */
export function keptFacts(resolved: Resolved): Pick<AnswerContext, "keptAs" | "previous"> {
  const { keeping: asked } = resolved.asked;
  if (!asked) return {};
  return {
    ...(keepsResponse(resolved) ? { keptAs: keptResponseId(resolved.requestId) } : {}),
    ...(asked.previous === undefined ? {} : { previous: asked.previous }),
  };
}

/**
 * What the settling transaction writes; undefined when the answer is not to be kept.
 * @param response the answer as it goes to the client, from the settlement's outcome.
 */
export function responseToStore(
  resolved: Resolved,
  { candidate }: AttemptFacts,
  response: (settled: SettledUsage) => JsonObject,
  { responses }: Services,
): ResponseToStore | undefined {
  if (!keepsResponse(resolved)) return undefined;
  const { requestId, arrivedAt, body, earlier, key, workspace, policy, protocol, untrustedContent } = resolved;
  const owner = { workspaceId: workspace.id, mode: key.mode };
  const maker = { model: candidate.model.id, provider: candidate.provider };
  const input = protocol.keeping?.inputItems(earlier?.own ?? body) ?? [];
  const said = { maker, untrusted: untrustedContent, input };
  return {
    mode: key.mode,
    previous: earlier?.previous,
    expiresAt: Math.floor(arrivedAt) + Math.min(policy.memory.retentionDays, keeping[key.mode].mostDays) * dayMs,
    sealed: (settled) => responses.seal(owner, requestId, said, response(settled)),
  };
}
