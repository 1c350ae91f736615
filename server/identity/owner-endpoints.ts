// Two steps of our own among the library's: claiming the installation with the owner link, and giving an account that
// has no password its first one.

import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthEndpoint, sensitiveSessionMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import { asId, type UserId } from "../contracts/ids.ts";
import { passwordLength, type AuthParts } from "./auth-parts.ts";
import { hashOwnerToken } from "./owner-link.ts";

const token = z.string().max(200);
const password = z.string().min(passwordLength.least).max(passwordLength.most);

const claimBody = z.object({
  token,
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  /** Absent: the owner adds a passkey with the session that this opens. */
  password: password.optional(),
});

function noSuchLink(): APIError {
  return new APIError("BAD_REQUEST", {
    code: "OWNER_LINK_ENDED",
    message: "This link was used or has ended. `astrolabe owner-link` on the server prints another one.",
  });
}

export function ownerEndpoints({ owner, people, mailer, now }: AuthParts) {
  return {
    id: "astrolabe-owner",
    endpoints: {
      checkOwnerLink: createAuthEndpoint("/claim/check", { method: "POST", body: z.object({ token }) }, async (call) =>
        call.json({ usable: await owner.hasLink(hashOwnerToken(call.body.token), now()) }),
      ),
      claimOwnership: createAuthEndpoint("/claim", { method: "POST", body: claimBody }, async (call) => {
        const { name, password } = call.body;
        const email = call.body.email.toLowerCase();
        const link = hashOwnerToken(call.body.token);
        if (!(await owner.hasLink(link, now()))) throw noSuchLink();
        const passwordHash = password === undefined ? undefined : await call.context.password.hash(password);
        const id = await owner.claim(link, { name, email, emailVerified: mailer !== undefined, passwordHash }, now());
        if (id === "email_taken") {
          throw new APIError("CONFLICT", {
            code: "EMAIL_TAKEN",
            message: "Another account has this e-mail address. Use a different one.",
          });
        }
        const user = id === undefined ? null : await call.context.internalAdapter.findUserById(id);
        if (user === null) throw noSuchLink();
        const session = await call.context.internalAdapter.createSession(user.id);
        await setSessionCookie(call, { session, user });
        return call.json({ status: true });
      }),
      setFirstPassword: createAuthEndpoint(
        "/set-password",
        { method: "POST", body: z.object({ newPassword: password }), use: [sensitiveSessionMiddleware] },
        async (call) => {
          const { user } = call.context.session;
          const person = await people.find(asId<UserId>(user.id));
          if (person === undefined || person.hasPassword) {
            throw new APIError("BAD_REQUEST", {
              code: "PASSWORD_ALREADY_SET",
              message: "The account has a password. Change it with the current one.",
            });
          }
          await call.context.internalAdapter.linkAccount({
            userId: user.id,
            providerId: "credential",
            accountId: user.id,
            password: await call.context.password.hash(call.body.newPassword),
          });
          return call.json({ status: true });
        },
      ),
    },
    rateLimit: [{ pathMatcher: (path) => path.startsWith("/claim"), window: 60, max: 20 }],
  } satisfies BetterAuthPlugin;
}
