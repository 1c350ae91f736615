// What the audit log keeps of one call: who did what to which things, when and from where. Never a value that was sent.

import type { AuditEventId, KeyId, RequestId, UserId, WorkspaceId } from "../contracts/ids.ts";

export const actorKinds = ["user", "operator_token", "key", "nobody"] as const;
export type ActorKind = (typeof actorKinds)[number];

export type AuditActor =
  | { readonly kind: "user"; readonly id: UserId; /** The e-mail address that they had. */ readonly name: string }
  | { readonly kind: "key"; readonly id: KeyId; readonly name: string }
  | { readonly kind: "operator_token" | "nobody"; readonly id?: undefined; readonly name?: undefined };

/** `done`, or refused: for want of a right, or a sign-in. */
export const auditOutcomes = ["done", "refused"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** A thing that was acted on: `{ type: "api_key", id: "key_..." }`. */
export type AuditTarget = { readonly type: string; readonly id: string };

/** Where a call came from. */
export type CallOrigin = {
  /** Undefined when it is not known. */
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
};

export type NewAuditEvent = CallOrigin & {
  /** Undefined for what happened in no workspace. */
  readonly workspaceId: WorkspaceId | undefined;
  readonly actor: AuditActor;
  /** The id of the operation, `createApiKey`, or of what people do elsewhere, `signIn`, `passwordRefused`. */
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly targets: readonly AuditTarget[];
  /** Names of the fields that were sent. */
  readonly fields: readonly string[];
  readonly requestId: RequestId | undefined;
};

export type AuditEvent = NewAuditEvent & {
  readonly id: AuditEventId;
  /** Unix milliseconds. */
  readonly createdAt: number;
};
