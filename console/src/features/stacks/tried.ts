// Which policy a rehearsal tries, and how the API is told.

import type { JsonObject } from "../../../../server/contracts/json.ts";

export type Tried = {
  readonly slug: string;
  /** The draft as it is on the page, saved or not; undefined: `version` of the stack as the server holds it. */
  readonly policy: JsonObject | undefined;
  readonly version: "draft" | "active";
};

/** What a rehearsal is told of the policy to try. */
export function triedBody({ slug, policy, version }: Tried) {
  return policy === undefined ? { stack: slug, version } : { stack: slug, policy };
}
