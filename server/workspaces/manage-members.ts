// Members of a workspace and their roles.

import type { MemberRecords } from "./member-records.ts";

export type MemberServices = {
  readonly records: MemberRecords;
  /** Unix milliseconds. */
  readonly now: () => number;
};
