// The person who is signed in, and the ways there are of signing in, as the control API shows them.

import { z } from "zod";
import { timeSchema } from "./control.ts";

/** The access token of a call, as far as it concerns the call. */
export const usedAccessTokenSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  read_only: z.boolean(),
  workspace_id: z.string().nullable().describe("Where alone it counts; null wherever its person is a member."),
  expires_at: timeSchema,
});

export const meSchema = z
  .strictObject({
    object: z.literal("me"),
    id: z.string(),
    email: z.string(),
    name: z.string(),
    email_verified: z.boolean(),
    is_operator: z.boolean().describe("Whether this person operates the whole server."),
    two_factor_enabled: z.boolean(),
    has_password: z.boolean(),
    created_at: timeSchema,
    session_id: z.string().nullable().describe("Null for who comes with an access token."),
    access_token: usedAccessTokenSchema.nullable().describe("What the call came with; null for a session."),
    workspaces: z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          slug: z.string().describe("Its name in paths: the account's name for agents."),
          status: z.enum(["active", "suspended", "access_pending"]),
          role: z.enum(["owner", "admin", "developer", "billing", "viewer"]),
        }),
      )
      .describe("Those that this person is a member of, oldest first; of a limited access token, its own."),
  })
  .meta({ id: "Me" });

export const sessionSchema = z
  .strictObject({
    object: z.literal("session"),
    id: z.string(),
    current: z.boolean().describe("Whether it is the session of this request."),
    user_agent: z.string().describe("As the browser or program names itself; may be empty."),
    address: z.string().describe("Where it was opened from; may be empty."),
    created_at: timeSchema,
    refreshed_at: timeSchema.describe("When it was last prolonged: within a day of its last use."),
    expires_at: timeSchema,
  })
  .meta({ id: "Session" });

export const authMethodsSchema = z
  .strictObject({
    object: z.literal("auth_methods"),
    password: z.boolean(),
    sign_up: z.enum(["open", "invited", "closed"]).describe("Who may make an account."),
    magic_link: z.boolean().describe("Whether a link to sign in can be sent by mail."),
    password_reset: z.boolean(),
    passkey: z.boolean().describe("Browsers offer passkeys over https and on localhost only."),
    providers: z.array(z.strictObject({ id: z.string(), label: z.string() })),
    claimed: z.boolean().describe("Whether the server has an owner; if not, its start printed a link that makes one."),
  })
  .meta({ id: "AuthMethods" });

export const ownerLinkSchema = z
  .strictObject({
    object: z.literal("owner_link"),
    url: z.string().describe("Works once, for 24 hours. Whoever opens it becomes the owner."),
  })
  .meta({ id: "OwnerLink" });
