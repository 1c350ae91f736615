// An access token: a long-lived credential of a person, for programs that nobody sits in front of. It may do what its person
// may do at that moment, and less where it was made so: it never opens what is for operators, and makes no other token.

import type { AccessTokenId, UserId, WorkspaceId } from "../contracts/ids.ts";

/** What a secret begins with. */
export const accessTokenKind = "astrolabe_pat_";

export type AccessToken = {
  readonly id: AccessTokenId;
  readonly userId: UserId;
  readonly name: string;
  /** First 8 of the secret's random characters; public. */
  readonly prefix: string;
  /** Where alone it counts; undefined: wherever its person is a member. */
  readonly workspaceId: WorkspaceId | undefined;
  /** Whether it can only look. */
  readonly readOnly: boolean;
  /** Unix milliseconds, like the others. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
  /** To a minute; undefined before the first use. */
  readonly lastUsedAt: number | undefined;
};

/** A token as its person sees it. */
export type ListedAccessToken = AccessToken & {
  readonly workspace: { readonly id: WorkspaceId; readonly name: string; readonly slug: string } | undefined;
};

/** Whether the text means to be an access token; says nothing about whether it counts. */
export function isAccessToken(text: string): boolean {
  return text.startsWith(accessTokenKind);
}
