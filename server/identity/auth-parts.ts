// What signing in is put together from; server/control-plane.ts gives it.

import type { DBAdapterInstance } from "better-auth";
import type { AuditLog } from "../audit-log/audit-log.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { DoorRecords } from "./door-records.ts";
import type { IdentitySettings } from "./identity-settings.ts";
import type { OwnerRecords } from "./owner-link.ts";
import type { PeopleRecords } from "./people-records.ts";

export type AuthParts = {
  readonly settings: IdentitySettings;
  /** Undefined without SMTP: there are then no links by mail. */
  readonly mailer: Mailer | undefined;
  /** Without a trailing slash; may have a path. */
  readonly publicUrl: string;
  /** Signs cookies, encrypts what providers and authenticator apps hand over. */
  readonly secret: string;
  /** Loads what stores the library's tables. */
  readonly openAdapter: () => Promise<DBAdapterInstance>;
  readonly people: PeopleRecords;
  readonly owner: OwnerRecords;
  readonly door: DoorRecords;
  readonly audit: Pick<AuditLog, "record">;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly reportFault: (where: string, error: unknown) => void;
};

/** Bounds on guessing and on letters, by account: those by address are in auth.ts. */
export const accountLimits = {
  password: { most: 10, windowMs: 15 * 60_000 },
  letters: { most: 5, windowMs: 15 * 60_000 },
} as const;

export const passwordLength = { least: 12, most: 128 } as const;

/** A session may change how its person signs in for this long after it was opened, in seconds. */
export const freshSeconds = 60 * 60;
export const sessionSeconds = 7 * 24 * 60 * 60;
export const letterSeconds = { signIn: 10 * 60, reset: 60 * 60, verify: 60 * 60 } as const;

/** Set by server/http for every request, so that no client can give another's address. */
export const addressHeader = "x-astrolabe-client-address";
