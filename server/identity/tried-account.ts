// Which way in a step of the library's is, whether its answer refuses it, and whose account was tried.

import { isAPIError, type APIError, type getSessionFromCtx } from "better-auth/api";
import { z } from "zod";
import type { AuditTarget } from "../audit-log/audit-event.ts";
import type { AuthParts } from "./auth-parts.ts";
import type { RefusedSignIn, SignInRefusal, TriedUser } from "./refused-sign-ins.ts";

export type StepCall = Parameters<typeof getSessionFromCtx>[0];

const waysIn: ReadonlyMap<string, SignInRefusal> = new Map([
  ["/sign-in/email", "passwordRefused"],
  ["/two-factor/verify-totp", "codeRefused"],
  ["/two-factor/verify-backup-code", "codeRefused"],
  ["/passkey/verify-authentication", "passkeyRefused"],
  ["/magic-link/verify", "linkRefused"],
  ["/callback/:id", "providerRefused"],
  ["/claim", "ownerLinkRefused"],
]);

/** Of a session that is open: the one who is signed in types a password. */
const wrongPassword = "INVALID_PASSWORD";
const codesLocked = "ACCOUNT_TEMPORARILY_LOCKED";

const givenEmail = z.object({ email: z.string().min(1).max(320) });
const givenPasskey = z.object({ response: z.object({ id: z.string().min(1).max(1_400) }) });

/**
 * Undefined when the step is no way in, or was not refused.
 * @param answer of the step, which has opened no session.
 */
export function refusalOf(path: string, answer: unknown): SignInRefusal | undefined {
  if (!isAPIError(answer)) return undefined;
  const { body, statusCode } = answer;
  if (statusCode >= 400 && statusCode < 500) {
    if (body?.code === wrongPassword) return "passwordRefused";
    // Fields that are missing are nobody's try.
    if (body?.code === "VALIDATION_ERROR") return undefined;
    return body?.code === codesLocked ? "signInLocked" : waysIn.get(path);
  }
  return statusCode < 400 && leadsToError(answer) ? waysIn.get(path) : undefined;
}

/** Where a browser is sent to says what went wrong. */
function leadsToError({ headers }: APIError): boolean {
  const location = new Headers(headers).get("location");
  return location !== null && new URLSearchParams(location.split("?")[1]).has("error");
}

/** @param signedIn who is signed in already, and is asked to prove it once more. */
export async function triedAccount(
  parts: AuthParts,
  call: StepCall,
  refusal: SignInRefusal,
  signedIn: TriedUser | undefined,
): Promise<RefusedSignIn> {
  const user = signedIn ?? (await findUser(call));
  return { refusal, user, targets: providerOf(parts, call), headers: call.headers };
}

async function findUser(call: StepCall): Promise<TriedUser | undefined> {
  const { internalAdapter, adapter } = call.context;
  const email = givenEmail.safeParse(call.body);
  if (call.path === "/sign-in/email" && email.success) {
    return (await internalAdapter.findUserByEmail(email.data.email.toLowerCase()))?.user;
  }
  const passkey = givenPasskey.safeParse(call.body);
  if (call.path === "/passkey/verify-authentication" && passkey.success) {
    const where = [{ field: "credentialID", value: passkey.data.response.id }];
    const found = await adapter.findOne<{ userId: string }>({ model: "passkey", where });
    return found === null ? undefined : ((await internalAdapter.findUserById(found.userId)) ?? undefined);
  }
  return call.path.startsWith("/two-factor/") ? halfSignedIn(call) : undefined;
}

/** Who has given a password, and is asked for a code. */
async function halfSignedIn(call: StepCall): Promise<TriedUser | undefined> {
  const { name } = call.context.createAuthCookie("two_factor");
  const challenge = await call.getSignedCookie(name, call.context.secret);
  if (typeof challenge !== "string" || challenge === "") return undefined;
  const waiting = await call.context.internalAdapter.findVerificationValue(challenge);
  return waiting === null ? undefined : ((await call.context.internalAdapter.findUserById(waiting.value)) ?? undefined);
}

/** One of those that the settings name: nothing else of the address is kept. */
function providerOf({ settings }: AuthParts, { path, params }: StepCall): AuditTarget[] {
  const asked: unknown = path === "/callback/:id" ? params?.["id"] : undefined;
  const provider = settings.providers.find(({ id }) => id === asked);
  return provider === undefined ? [] : [{ type: "provider", id: provider.id }];
}
