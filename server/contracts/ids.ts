// Branded identifiers and the one way to make them. A prefix says what kind of thing an id names.

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** `req_` + 32 hex digits (UUID version 7, so ids sort by time). Returned in `x-astrolabe-cloud-request-id`. */
export type RequestId = Branded<"RequestId">;
/** `ws_` + 32 hex digits. */
export type WorkspaceId = Branded<"WorkspaceId">;
/** `key_` + 32 hex digits. The secret's public prefix is a different thing: `ApiKey.prefix`. */
export type KeyId = Branded<"KeyId">;
/** `stk_` + 32 hex digits for custom stacks, `stk_managed_<slug>` for managed ones. */
export type StackId = Branded<"StackId">;
/** `usr_` + 32 hex digits. */
export type UserId = Branded<"UserId">;
/** `ent_` + 32 hex digits. */
export type EntryId = Branded<"EntryId">;
/** `evt_` + 32 hex digits. */
export type EventId = Branded<"EventId">;
/** `whe_` + 32 hex digits. */
export type WebhookEndpointId = Branded<"WebhookEndpointId">;
/** `pay_` + 32 hex digits: a pack that was bought, or tried to. */
export type PaymentId = Branded<"PaymentId">;

/** `dep_` + 32 hex digits. */
export type DeploymentId = Branded<"DeploymentId">;
/** `run_` + 32 hex digits: one run of a deployment's job. */
export type JobRunId = Branded<"JobRunId">;

/** `aud_` + 32 hex digits. */
export type AuditEventId = Branded<"AuditEventId">;
/** `inv_` + 32 hex digits. What an invitation's link holds is a different thing. */
export type InvitationId = Branded<"InvitationId">;
/** `acr_` + 32 hex digits. */
export type AccessRequestId = Branded<"AccessRequestId">;
/** `pat_` + 32 hex digits. The secret is a different thing. */
export type AccessTokenId = Branded<"AccessTokenId">;
/** `bp_` + 32 hex digits. */
export type BlueprintId = Branded<"BlueprintId">;

type IdByPrefix = {
  readonly req: RequestId;
  readonly ws: WorkspaceId;
  readonly key: KeyId;
  readonly stk: StackId;
  readonly usr: UserId;
  readonly ent: EntryId;
  readonly evt: EventId;
  readonly whe: WebhookEndpointId;
  readonly aud: AuditEventId;
  readonly inv: InvitationId;
  readonly acr: AccessRequestId;
  readonly pay: PaymentId;
  readonly pat: AccessTokenId;
  readonly bp: BlueprintId;
  readonly dep: DeploymentId;
  readonly run: JobRunId;
};
type Prefix = keyof IdByPrefix;
type IdOf<P extends Prefix> = IdByPrefix[P];

/** A fresh id: unique, and later ids of one process sort after earlier ones. */
export function newId<P extends Prefix>(prefix: P): IdOf<P> {
  return asId<IdOf<P>>(`${prefix}_${Bun.randomUUIDv7().replaceAll("-", "")}`);
}

/** Brands text that is known to be an id: read back from the database, or a managed stack's fixed id. */
export function asId<Id extends Branded<string>>(text: string): Id {
  return text as Id;
}
