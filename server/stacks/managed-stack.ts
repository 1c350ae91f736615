// A stack that comes with the server: the same in every workspace, resolved by name, never edited.

import type { StackId } from "../contracts/ids.ts";
import type { StackPolicy } from "../contracts/policy.ts";

export type ManagedStack = {
  /** `stk_managed_<slug>`. */
  readonly id: StackId;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Starts at 1; rises with every released change of the policy. */
  readonly version: number;
  readonly policy: StackPolicy;
};

/** Slug of the stack that serves when nothing else is named. */
export const defaultStackSlug = "default-optimizer";
