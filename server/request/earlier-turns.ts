// A request that goes on from a kept response becomes the one that would have brought the whole conversation, before a
// stack, a plan or a hold sees it. Fails with 400 and 413.

import { GatewayError } from "../contracts/errors.ts";
import type { JsonObject } from "../contracts/json.ts";
import type { Keeping } from "../protocols/protocol.ts";
import type { Candidate } from "../routing/plan.ts";
import type { EarlierTurns } from "../stored-responses/stored-responses.ts";
import type { Services } from "./services.ts";
import { advance, type Parsed } from "./stages.ts";

/** What the request goes on from, and its body as it came. */
export type Earlier = EarlierTurns & { readonly own: JsonObject; readonly keeping: Keeping };

/** @throws GatewayError previous_response_not_found, payload_too_large, and invalid_request for a conversation too long. */
export async function readEarlierTurns(parsed: Parsed, previous: string, { responses }: Services): Promise<Parsed> {
  const { protocol, body: own, key, workspace } = parsed;
  const { keeping } = protocol;
  if (!keeping) return parsed;
  const found = await responses.continuedFrom({ workspaceId: workspace.id, mode: key.mode }, previous);
  const body = keeping.continued(own, found.turns);
  const bytes = Buffer.byteLength(JSON.stringify(body));
  if (bytes > responses.mostBytes) throw tooLarge(responses.mostBytes);
  const asked = { ...protocol.read(body, bytes), keeping: parsed.asked.keeping };
  return advance(parsed, { body, asked, earlier: { ...found, own, keeping } });
}

/** The body for one candidate: it gets of the earlier turns what it can take. */
export function bodyFor(
  { body, earlier }: Pick<Parsed, "body" | "earlier">,
  { model, provider }: Candidate,
  passes: boolean,
  warn: (sentence: string) => void,
): JsonObject {
  if (!earlier) return body;
  return earlier.keeping.continued(earlier.own, earlier.turns, { maker: { model: model.id, provider }, passes, warn });
}

function tooLarge(mostBytes: number): GatewayError {
  const message = "With the conversation that it goes on from the request is larger than the server accepts.";
  return new GatewayError("payload_too_large", message, {
    param: "previous_response_id",
    details: { limit_bytes: mostBytes },
    hint: "Begin a new conversation with the input that matters; `details.limit_bytes` is the limit.",
  });
}
