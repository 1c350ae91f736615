// What a response says of its own keeping: its id, whether it is kept, and what it goes on from. An upstream knows nothing
// of that, since nothing is kept there.

import type { JsonObject } from "../../contracts/json.ts";
import type { AnswerContext } from "../protocol.ts";

export type Keeping = Pick<AnswerContext, "keptAs" | "previous">;

/** To be laid over an upstream's response. */
export function keptIdentity({ keptAs, previous }: Keeping, response: JsonObject): JsonObject {
  return {
    ...(keptAs === undefined ? {} : { id: keptAs }),
    ...(previous === undefined ? {} : { previous_response_id: previous }),
    ...(keptAs === undefined && response["store"] === undefined ? {} : { store: keptAs !== undefined }),
  };
}

/** Whether an event of an upstream holds a response that says otherwise. */
export function needsIdentity(data: string, { keptAs, previous }: Keeping): boolean {
  return keptAs !== undefined || previous !== undefined || /"store":\s*true/.test(data);
}
