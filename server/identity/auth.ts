// better-auth, put together. Loaded at the first request that concerns a person: an idle gateway does not carry it.

import { APIError, type BetterAuthOptions } from "better-auth";
import { betterAuth } from "better-auth/minimal";
import { asId, newId, type UserId } from "../contracts/ids.ts";
import { databaseHooks, hooksBefore } from "./auth-hooks.ts";
import {
  addressHeader,
  freshSeconds,
  letterSeconds,
  passwordLength,
  sessionSeconds,
  type AuthParts,
} from "./auth-parts.ts";
import { authPlugins, type SendLetter } from "./auth-plugins.ts";
import {
  changeAddressLetter,
  existingAccountLetter,
  passwordChangedLetter,
  resetLetter,
  verifyLetter,
} from "./letters.ts";
import { pageLink } from "./page-link.ts";
import { knownProviders } from "./oidc-providers.ts";

/** Below the public address. */
export const authPath = "/api/auth";

/**
 * Steps that are not offered: our own routes list and end sessions, without showing what opens them; nobody needs the
 * tokens of providers.
 */
const disabledPaths = [
  "/list-sessions",
  "/revoke-session",
  "/revoke-sessions",
  "/revoke-other-sessions",
  "/update-session",
  "/get-access-token",
  "/refresh-token",
  "/account-info",
  "/delete-user/callback",
  "/ok",
];

export type Auth = Awaited<ReturnType<typeof openAuth>>;

export async function openAuth(parts: AuthParts) {
  const { publicUrl, settings } = parts;
  const sendLetter = background(parts);
  return betterAuth({
    appName: "Astrolabe",
    baseURL: publicUrl + authPath,
    secret: parts.secret,
    database: await parts.openAdapter(),
    telemetry: { enabled: false },
    disabledPaths,
    trustedOrigins: [new URL(publicUrl).origin],
    user: userOptions(parts, sendLetter),
    session: {
      modelName: "sessions",
      expiresIn: sessionSeconds,
      updateAge: 24 * 60 * 60,
      freshAge: freshSeconds,
    },
    account: {
      modelName: "credentials",
      encryptOAuthTokens: true,
      updateAccountOnSignIn: false,
      accountLinking: { enabled: true, allowDifferentEmails: true, allowUnlinkingAll: false },
    },
    verification: { modelName: "verifications", storeIdentifier: "hashed" },
    emailAndPassword: passwordOptions(parts, sendLetter),
    emailVerification: verificationOptions(parts, sendLetter),
    socialProviders: knownProviders(settings.providers),
    plugins: authPlugins(parts, sendLetter),
    hooks: hooksBefore(parts),
    databaseHooks: databaseHooks(parts),
    rateLimit,
    advanced: advancedOptions(parts),
    logger: {
      level: "error",
      // The rest are refusals of callers, which they are told.
      log: (level, message) => {
        if (level === "error" && message.startsWith("Provider ")) parts.reportFault("identity", new Error(message));
      },
    },
    onAPIError: {
      errorURL: `${publicUrl}/sign-in`,
      onError: (error) => {
        if (!(error instanceof APIError) || error.statusCode >= 500) parts.reportFault("identity", error);
      },
    },
  });
}

/** Letters leave in the background; one that cannot be sent is reported. */
function background({ mailer, reportFault }: AuthParts): SendLetter {
  return (letter) => void mailer?.send(letter).catch((error: unknown) => reportFault("mail", error));
}

function userOptions({ people, mailer, publicUrl, now }: AuthParts, sendLetter: SendLetter) {
  return {
    modelName: "users",
    additionalFields: {
      isOperator: { type: "boolean", required: false, defaultValue: false, input: false },
    },
    changeEmail: {
      enabled: true,
      updateEmailWithoutVerification: mailer === undefined,
      ...(mailer !== undefined && {
        sendChangeEmailConfirmation: async ({ user, newEmail, token }) =>
          sendLetter(changeAddressLetter(user.email, newEmail, `${publicUrl}/verify-email?token=${token}`)),
      }),
    },
    deleteUser: {
      enabled: true,
      beforeDelete: async (user) => {
        const id = asId<UserId>(user.id);
        const [first, ...others] = await people.soleOwnerOf(id);
        if (first !== undefined) {
          const more = others.length === 0 ? "" : ` and ${others.length} more`;
          throw new APIError("CONFLICT", {
            code: "SOLE_OWNER",
            message: `You are the only owner of ${first}${more}. Make another member an owner there first.`,
          });
        }
        await people.leaveAll(id, Math.floor(now()));
      },
    },
  } satisfies BetterAuthOptions["user"];
}

function passwordOptions({ settings, mailer, publicUrl }: AuthParts, sendLetter: SendLetter) {
  return {
    enabled: true,
    minPasswordLength: passwordLength.least,
    maxPasswordLength: passwordLength.most,
    // Invited people have proven their address by their invitation.
    requireEmailVerification: mailer !== undefined && settings.signUp === "open",
    revokeSessionsOnPasswordReset: true,
    resetPasswordTokenExpiresIn: letterSeconds.reset,
    onPasswordReset: async ({ user }) => sendLetter(passwordChangedLetter(user.email, `${publicUrl}/sign-in`)),
    onExistingUserSignUp: async ({ user }) => sendLetter(existingAccountLetter(user.email, `${publicUrl}/sign-in`)),
    ...(mailer !== undefined && {
      sendResetPassword: async ({ user, token }) =>
        sendLetter(resetLetter(user.email, `${publicUrl}/reset-password?token=${token}`)),
    }),
  } satisfies BetterAuthOptions["emailAndPassword"];
}

function verificationOptions({ mailer, publicUrl }: AuthParts, sendLetter: SendLetter) {
  if (mailer === undefined) return {};
  return {
    expiresIn: letterSeconds.verify,
    sendOnSignUp: true,
    sendOnSignIn: true,
    sendVerificationEmail: async ({ user, token, url }) =>
      sendLetter(verifyLetter(user.email, pageLink(publicUrl, "/verify-email", token, url))),
  } satisfies BetterAuthOptions["emailVerification"];
}

/** By address; those by account are in auth-hooks.ts. Windows are in seconds. */
const rateLimit = {
  enabled: true,
  storage: "database",
  modelName: "sign_in_tries",
  window: 60,
  max: 120,
  customRules: {
    "/get-session": false,
    "/sign-in/email": { window: 60, max: 20 },
    "/sign-in/social": { window: 60, max: 20 },
    "/sign-up/email": { window: 60, max: 10 },
    "/two-factor/*": { window: 60, max: 20 },
    "/device": { window: 600, max: 30 },
    "/device/code": { window: 60, max: 30 },
    "/device/token": { window: 60, max: 240 },
    // No step: the library forgets counts that are older than its longest window, and ours live for an hour.
    "/counted-by-account": { window: 60 * 60, max: 1 },
  },
} satisfies BetterAuthOptions["rateLimit"];

function advancedOptions({ publicUrl }: AuthParts) {
  const secure = publicUrl.startsWith("https:");
  return {
    // With the prefix browsers take the cookie from this host alone, over https.
    cookiePrefix: secure ? "__Host-astrolabe" : "astrolabe",
    useSecureCookies: false,
    defaultCookieAttributes: { secure, sameSite: "lax", httpOnly: true, path: "/" },
    disableCSRFCheck: false,
    disableOriginCheck: false,
    ipAddress: { ipAddressHeaders: [addressHeader] },
    database: {
      generateId: ({ model }) => (model === "user" ? newId("usr") : Bun.randomUUIDv7()),
      // The migrations of storage/ make the tables, and a test compares.
      validateSchema: false,
    },
    backgroundTasks: { handler: (task) => void task.catch(() => undefined) },
  } satisfies BetterAuthOptions["advanced"];
}
