// What a request comes back with: a whole answer, a stream or a refusal. Both kinds of answer are settled before their
// last byte.

import type { GatewayError } from "../contracts/errors.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { AnswerContext, InlineMetadata } from "../protocols/protocol.ts";
import type { Attempt } from "./6-call-provider.ts";
import type { Settlement } from "./8-settle.ts";
import type { Billing } from "./ending.ts";
import { inlineMetadata } from "./inline-metadata.ts";
import type { Journal } from "./journal.ts";
import { keepsResponse, keptFacts } from "./keep-response.ts";
import { keptReply, replyOf } from "./kept-reply.ts";
import { asStream, heldChunks, relayStream, renderHeld, type Rendered } from "./relay-stream.ts";
import { answerHeaders, errorHeaders, type ResponseHeaders } from "./response-headers.ts";
import type { Services } from "./services.ts";
import type { Reserved } from "./stages.ts";

export type Reply =
  | { readonly kind: "answer"; readonly headers: ResponseHeaders; readonly body: JsonObject }
  /** A whole answer as the bytes of its JSON. */
  | { readonly kind: "bytes"; readonly headers: ResponseHeaders; readonly body: Uint8Array }
  /** Chunks of server-sent events. Leaving the loop early means that the client left. */
  | { readonly kind: "stream"; readonly headers: ResponseHeaders; readonly chunks: AsyncIterator<Uint8Array> }
  | { readonly kind: "refusal"; readonly headers: ResponseHeaders; readonly error: GatewayError };

export function refuse(error: GatewayError, journal: Journal): Reply {
  return { kind: "refusal", headers: errorHeaders(journal.stage, error), error };
}

export async function deliverWhole(
  attempt: Extract<Attempt, { kind: "answer" }>,
  reserved: Reserved,
  settlement: Settlement,
  journal: Journal,
): Promise<Reply> {
  const { candidate } = attempt.facts;
  const context = answerContext(reserved, candidate.model.id);
  if (reserved.policy.memory.storeOutputs) {
    journal.output = attempt.raw ?? reserved.protocol.encodeAnswer(attempt.answer, context, undefined);
  }
  const headers = answerHeaders(reserved, candidate, journal.verification);
  const stream = attempt.held.length > 0;
  const metadataOf = (billing: Billing) => inlineMetadata(reserved, candidate, billing, journal);
  const bodyOf = (metadata: InlineMetadata) =>
    attempt.raw
      ? reserved.protocol.passAnswer(attempt.raw, metadata, context)
      : reserved.protocol.encodeAnswer(attempt.answer, context, metadata);
  if (!reserved.claim && !keepsResponse(reserved)) {
    const metadata = metadataOf(await settlement.post(attempt.facts));
    if (stream) return { kind: "stream", headers, chunks: asStream(heldChunks(attempt, reserved, context, metadata)) };
    return { kind: "answer", headers, body: bodyOf(metadata) };
  }
  const render = (billing: Billing): Rendered => {
    const metadata = metadataOf(billing);
    if (stream) return renderHeld(attempt, reserved, context, metadata);
    const response = bodyOf(metadata);
    return { sent: Buffer.from(JSON.stringify(response)), response };
  };
  const { sent } = await settlement.deliver(attempt.facts, render, {
    kept: (rendered) => keptReply(reserved, headers, stream, rendered.sent),
    response: ({ response }) => response,
  });
  return replyOf({ stream, headers, body: sent });
}

/** The stream has begun: from here on a failure is the protocol's own terminal event. */
export async function deliverStream(
  attempt: Extract<Attempt, { kind: "stream" }>,
  reserved: Reserved,
  settlement: Settlement,
  journal: Journal,
  services: Services,
): Promise<Reply> {
  const { candidate } = attempt.facts;
  journal.verifiedAs(reserved.plan.verificationMode === "off" ? "not_run" : "streaming_not_verified", reserved);
  const headers = answerHeaders(reserved, candidate, journal.verification);
  const context = answerContext(reserved, candidate.model.id);
  return {
    kind: "stream",
    headers,
    chunks: relayStream({ attempt, reserved, settlement, journal, services, context, headers }),
  };
}

function answerContext(reserved: Reserved, model: string): AnswerContext {
  const { requestId, arrivedAt, body: request } = reserved;
  const createdAt = Math.floor(arrivedAt / 1000);
  return { answerId: requestId.slice("req_".length), createdAt, model, request, ...keptFacts(reserved) };
}
