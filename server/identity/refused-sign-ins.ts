// Sign-ins that were refused, as the audit log tells of them: one line for each account and way in a quarter of an hour,
// and one more when a lock turns somebody away. Whoever tries without end fills nothing.

import { createHash } from "node:crypto";
import type { AuditActor, AuditTarget } from "../audit-log/audit-event.ts";
import { asId, type UserId } from "../contracts/ids.ts";
import { addressHeader, type AuthParts } from "./auth-parts.ts";

const signInRefusals = [
  "passwordRefused",
  "codeRefused",
  "passkeyRefused",
  "linkRefused",
  "providerRefused",
  "ownerLinkRefused",
  "signInLocked",
] as const;
export type SignInRefusal = (typeof signInRefusals)[number];

export type TriedUser = { readonly id: string; readonly email: string };

export type RefusedSignIn = {
  readonly refusal: SignInRefusal;
  /** Whose account was tried; undefined when there is none, or nobody can tell: what was typed is kept nowhere. */
  readonly user: TriedUser | undefined;
  readonly targets?: readonly AuditTarget[];
  readonly headers: Headers | undefined;
};

type NotingParts = Pick<AuthParts, "door" | "audit" | "now" | "reportFault">;

/** One line stands for all of its kind for so long, which is also how long an account is locked. */
const oneLineMs = 15 * 60_000;
/** Above these an hour's further lines are left out, which one line says. Accounts have a share of their own. */
const mostLines = { user: 1_000, nobody: 200 } as const;
const hourMs = 60 * 60_000;

/**
 * Notes it once the answer is on its way, so that how long an answer takes does not tell whether the account exists.
 * @param find looks up whose account was tried.
 */
export function noteRefusedSignIn(parts: NotingParts, find: () => Promise<RefusedSignIn | undefined>): void {
  setTimeout(() => {
    find()
      .then((refused) => refused && note(parts, refused))
      .catch((error: unknown) => parts.reportFault("audit log, refused sign-in", error));
  }, 0);
}

async function note(parts: NotingParts, { refusal, user, targets = [], headers }: RefusedSignIn): Promise<void> {
  const actor: AuditActor =
    user === undefined ? { kind: "nobody" } : { kind: "user", id: asId<UserId>(user.id), name: user.email };
  const address = headers?.get(addressHeader) ?? undefined;
  if (!(await isFirst(parts, `${refusal}|${actor.id ?? address}`, 1, oneLineMs))) return;
  const event = {
    workspaceId: undefined,
    outcome: "refused",
    fields: [],
    userAgent: headers?.get("user-agent") ?? undefined,
    requestId: undefined,
  } as const;
  const kind = user === undefined ? "nobody" : "user";
  if (await isFirst(parts, `lines|${kind}`, mostLines[kind], hourMs)) {
    await parts.audit.record({ ...event, actor, action: refusal, targets, address });
  } else if (await isFirst(parts, `left out|${kind}`, 1, hourMs)) {
    await parts.audit.record({
      ...event,
      actor: { kind: "nobody" },
      action: "manySignInsRefused",
      targets: [],
      address,
    });
  }
}

/** Whether it is among the first `most` of its kind within the window, over all processes. */
async function isFirst({ door, now }: NotingParts, kind: string, most: number, windowMs: number): Promise<boolean> {
  const subject = `refused|${createHash("sha256").update(kind).digest("base64url")}`;
  return (await door.countTry(subject, { most, windowMs }, now())) === 0;
}
