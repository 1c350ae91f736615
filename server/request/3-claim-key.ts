// Rung 3 of a request with an Idempotency-Key: has it been answered, does it run? Claims the key before anything that may
// refuse or cost, or finds the answer that was kept. Fails with 409.

import { unknownUsage } from "../conversation/usage.ts";
import type { DeliveredReply, RequestIdentity } from "../idempotency/idempotent-requests.ts";
import { noMoney } from "../money/picodollars.ts";
import { recordRequest } from "./9-trace.ts";
import type { Journal } from "./journal.ts";
import { replyOf } from "./kept-reply.ts";
import type { Reply } from "./reply.ts";
import { replayHeaders } from "./response-headers.ts";
import type { Services } from "./services.ts";
import { advance, type Parsed } from "./stages.ts";

/** The answer of an earlier request with this key; undefined: the key is claimed, and this one is to run. */
export async function claimKey(
  parsed: Parsed,
  identity: RequestIdentity,
  { idempotency }: Services,
): Promise<DeliveredReply | undefined> {
  const { requestId, workspace, key } = parsed;
  const claimant = { requestId, workspaceId: workspace.id, opensHold: key.mode === "live" };
  const found = await idempotency.claim(identity, claimant);
  if ("kind" in found) return found;
  advance(parsed, { claim: found });
  return undefined;
}

/** The kept answer as it went out, under this request's own rate-limit headers. Nothing is debited for it. */
export function replay(kept: DeliveredReply, journal: Journal, services: Services): Reply {
  const ending = {
    httpStatus: kept.status,
    errorCode: undefined,
    unbillableReason: "idempotent_replay",
    served: undefined,
    usage: unknownUsage,
    hold: { amount: noMoney, ceiling: noMoney },
  } as const;
  services.ledger.recordOnly(recordRequest(journal, ending, services));
  return replyOf({ ...kept, headers: { ...kept.headers, ...replayHeaders(journal.stage) } });
}
