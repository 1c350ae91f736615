// Which steps of signing in stand in the audit log: sessions that begin and end, and changes of how somebody signs in.

import type { NewAuditEvent } from "../audit-log/audit-event.ts";
import type { UserId } from "../contracts/ids.ts";
import { addressHeader } from "./auth-parts.ts";

/** The steps that change something, by the library's paths, and what the log calls them. */
const actions: ReadonlyMap<string, string> = new Map([
  ["/sign-out", "signOut"],
  ["/change-email", "changeEmail"],
  ["/change-password", "changePassword"],
  ["/set-password", "setPassword"],
  ["/reset-password", "resetPassword"],
  ["/two-factor/enable", "enableTwoFactor"],
  ["/two-factor/disable", "disableTwoFactor"],
  ["/two-factor/generate-backup-codes", "generateBackupCodes"],
  ["/passkey/verify-registration", "addPasskey"],
  ["/passkey/delete-passkey", "deletePasskey"],
  ["/link-social", "linkAccount"],
  ["/unlink-account", "unlinkAccount"],
  ["/delete-user", "deleteUser"],
  ["/device/approve", "approveDevice"],
]);

/** Undefined for steps that change nothing, or that are known by the session that they open. */
export function auditedAction(path: string): string | undefined {
  return actions.get(path);
}

/** @param headers of the request, with the client's address among them. */
export function stepEvent(
  action: string,
  user: { readonly id: UserId; readonly email: string },
  headers: Headers | undefined,
): NewAuditEvent {
  return {
    workspaceId: undefined,
    actor: { kind: "user", id: user.id, name: user.email },
    action,
    outcome: "done",
    targets: [],
    fields: [],
    address: headers?.get(addressHeader) ?? undefined,
    userAgent: headers?.get("user-agent") ?? undefined,
    requestId: undefined,
  };
}
