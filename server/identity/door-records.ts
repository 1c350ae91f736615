// What sign-in asks of storage before it lets anyone in.

import type { UserId } from "../contracts/ids.ts";

/** Each method is one transaction. */
export type DoorRecords = {
  /** Whether an invitation that is open waits for this address. */
  isInvited(email: string, now: number): Promise<boolean>;
  /** Whether an operator has shut this person out. */
  isDisabled(id: UserId): Promise<boolean>;
  /**
   * Counts a try against an account.
   * @returns milliseconds to wait when there were more than `most` within `windowMs`, 0 when it may go on.
   */
  countTry(subject: string, limit: { readonly most: number; readonly windowMs: number }, now: number): Promise<number>;
  /** Forgets the tries of an account, after one that succeeded. */
  forgetTries(subject: string): Promise<void>;
};
