// What is checked around the library's own steps: who may make an account, how often an account may be tried, what asks
// for a fresh session, and that a new session replaces the browser's earlier one.

import { createHash } from "node:crypto";
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { z } from "zod";
import { asId, type UserId } from "../contracts/ids.ts";
import { auditedAction, stepEvent } from "./audited-steps.ts";
import { accountLimits, freshSeconds, type AuthParts } from "./auth-parts.ts";
import { noteRefusedSignIn } from "./refused-sign-ins.ts";
import { refusalOf, triedAccount, type StepCall } from "./tried-account.ts";

/** Changes of how someone signs in. */
const freshPaths: ReadonlySet<string> = new Set([
  "/change-email",
  "/change-password",
  "/set-password",
  "/two-factor/enable",
  "/two-factor/disable",
  "/two-factor/generate-backup-codes",
  "/two-factor/get-totp-uri",
  "/passkey/generate-register-options",
  "/passkey/verify-registration",
  "/passkey/delete-passkey",
  "/passkey/update-passkey",
  "/link-social",
  "/unlink-account",
  "/delete-user",
]);
/** They send a letter to whoever is named. */
const letterPaths: ReadonlySet<string> = new Set([
  "/sign-in/magic-link",
  "/request-password-reset",
  "/send-verification-email",
]);
/** Those that a signed-in person confirms with a password. */
const passwordPaths: ReadonlySet<string> = new Set([
  "/change-password",
  "/two-factor/enable",
  "/two-factor/disable",
  "/two-factor/generate-backup-codes",
  "/two-factor/get-totp-uri",
  "/delete-user",
]);

/** The steps by which a right password, with a code where one is asked for, opens a session. */
const provesPassword = /^\/(?:sign-in\/email|two-factor\/verify-)/;

const namedAccount = z.object({ email: z.string().min(1).max(320) });
const givenPassword = z.union([z.object({ password: z.string() }), z.object({ currentPassword: z.string() })]);

/** In the table of tries, so that it holds no addresses. */
function subjectOf(kind: "password" | "letters", whom: string): string {
  return `${kind}|${createHash("sha256").update(whom.toLowerCase()).digest("base64url")}`;
}

async function countTry(parts: AuthParts, call: StepCall, kind: "password" | "letters", whom: string): Promise<void> {
  const waitMs = await parts.door.countTry(subjectOf(kind, whom), accountLimits[kind], parts.now());
  if (waitMs === 0) return;
  if (kind === "password") noteLocked(parts, call, whom);
  const seconds = Math.ceil(waitMs / 1000);
  throw new APIError(
    "TOO_MANY_REQUESTS",
    {
      code: "TOO_MANY_TRIES",
      message:
        kind === "password"
          ? "Too many tries for this account. Wait, or sign in another way."
          : "Too many letters to this address. Look for the last one, or wait.",
    },
    { "x-retry-after": String(seconds) },
  );
}

function noteLocked(parts: AuthParts, { context, headers }: StepCall, whom: string): void {
  noteRefusedSignIn(parts, async () => {
    const found = await context.internalAdapter.findUserByEmail(whom.toLowerCase());
    return { refusal: "signInLocked", user: found?.user, headers };
  });
}

/** Notes that a step which should have let somebody in did not. */
function noteRefused(parts: AuthParts, call: StepCall, answer: unknown): void {
  const refusal = refusalOf(call.path, answer);
  if (refusal === undefined) return;
  const signedIn = call.context.session?.user;
  noteRefusedSignIn(parts, () => triedAccount(parts, call, refusal, signedIn));
}

export function signUpRefused(policy: "invited" | "closed"): APIError {
  return new APIError("FORBIDDEN", {
    code: "SIGN_UP_REFUSED",
    message:
      policy === "closed"
        ? "This server takes no new accounts. Ask its operator for one."
        : "This server takes invited people only. Ask a member of a workspace to invite this address.",
  });
}

/** @throws APIError unless the settings let this address make an account */
export async function requireSignUp({ settings, door, now }: AuthParts, email: string): Promise<void> {
  if (settings.signUp === "open") return;
  if (settings.signUp === "invited" && (await door.isInvited(email, now()))) return;
  throw signUpRefused(settings.signUp);
}

async function requireAnotherWayIn({ people, mailer }: AuthParts, userId: string): Promise<void> {
  if (mailer !== undefined || (await people.countWaysIn(asId<UserId>(userId))) > 1) return;
  throw new APIError("BAD_REQUEST", {
    code: "LAST_WAY_IN",
    message: "This is the only way into your account. Add a password or another passkey first.",
  });
}

export function hooksBefore(parts: AuthParts): NonNullable<BetterAuthOptions["hooks"]> {
  return {
    before: createAuthMiddleware(async (call) => {
      const body: unknown = call.body;
      const named = namedAccount.safeParse(body);
      if (call.path === "/sign-in/email" && named.success) await countTry(parts, call, "password", named.data.email);
      if (letterPaths.has(call.path) && named.success) await countTry(parts, call, "letters", named.data.email);
      if (call.path === "/sign-up/email" && named.success) await requireSignUp(parts, named.data.email);
      if (call.path === "/sign-out") await auditStep(parts, call, "signOut");
      if (!freshPaths.has(call.path)) return;
      const session = await getSessionFromCtx(call);
      // Without a session the step itself refuses.
      if (session === null) return;
      if (parts.now() - session.session.createdAt.getTime() >= freshSeconds * 1000) {
        throw new APIError("FORBIDDEN", {
          code: "SESSION_NOT_FRESH",
          message: "Sign in again to make this change.",
        });
      }
      if (call.path === "/passkey/delete-passkey") await requireAnotherWayIn(parts, session.user.id);
      if (passwordPaths.has(call.path) && givenPassword.safeParse(body).success) {
        await countTry(parts, call, "password", session.user.email);
      }
    }),
  };
}

/** Runs after the hooks of all plugins before it: a password that a code still has to follow has opened no session then. */
export function hooksAfter(parts: AuthParts): BetterAuthPlugin {
  const handler = createAuthMiddleware(async (call) => {
    const opened = call.context.newSession;
    const action = opened === null ? auditedAction(call.path) : "signIn";
    const failed = call.context.returned instanceof Error;
    if (action !== undefined && action !== "signOut" && !failed) await auditStep(parts, call, action);
    if (opened === null) {
      noteRefused(parts, call, call.context.returned);
      return;
    }
    if (provesPassword.test(call.path)) await parts.door.forgetTries(subjectOf("password", opened.user.email));
    const { authCookies, secret, internalAdapter } = call.context;
    const earlier = await call.getSignedCookie(authCookies.sessionToken.name, secret);
    if (typeof earlier === "string" && earlier !== "" && earlier !== opened.session.token) {
      await internalAdapter.deleteSession(earlier);
    }
  });
  return { id: "astrolabe-after", hooks: { after: [{ matcher: () => true, handler }] } };
}

/** Notes a step of whoever is signed in, or has just been; of nobody, nothing. */
async function auditStep(parts: AuthParts, call: StepCall, action: string): Promise<void> {
  const session = call.context.newSession ?? call.context.session ?? (await getSessionFromCtx(call));
  if (session === null) return;
  const user = { id: asId<UserId>(session.user.id), email: session.user.email };
  await parts.audit.record(stepEvent(action, user, call.headers));
}

/** The last word on new accounts, whichever way they come. */
export function databaseHooks(parts: AuthParts): NonNullable<BetterAuthOptions["databaseHooks"]> {
  return {
    user: {
      create: {
        before: async (user, call) => {
          // Without a request it is the server itself that makes someone.
          if (call !== null) await requireSignUp(parts, user.email);
        },
      },
    },
    account: {
      create: {
        // Nothing is asked of a provider once it has said who someone is.
        before: async (account) => ({ data: { ...account, accessToken: null, refreshToken: null, idToken: null } }),
      },
    },
    session: {
      create: {
        before: async ({ userId }) => {
          if (!(await parts.door.isDisabled(asId<UserId>(userId)))) return;
          throw new APIError("FORBIDDEN", {
            code: "ACCOUNT_DISABLED",
            message: "This account is shut out. Ask the operator of this server.",
          });
        },
      },
    },
  };
}
