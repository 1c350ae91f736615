// Members, invitations and access requests as the control API shows and accepts them.

import { z } from "zod";
import { storableTextSchema, timeSchema } from "./control.ts";

export const memberRoleSchema = z.enum(["owner", "admin", "developer", "billing", "viewer"]);

export const memberSchema = z
  .strictObject({
    object: z.literal("member"),
    id: z.string().describe("The user's id."),
    email: z.string(),
    name: z.string(),
    role: memberRoleSchema,
    joined_at: timeSchema,
  })
  .meta({ id: "Member" });

export const updateMemberSchema = z.strictObject({ role: memberRoleSchema }).meta({ id: "UpdateMember" });

export const removedMemberSchema = z
  .strictObject({ object: z.literal("member"), id: z.string(), removed: z.literal(true) })
  .meta({ id: "RemovedMember" });

export const invitationSchema = z
  .strictObject({
    object: z.literal("invitation"),
    id: z.string(),
    email: z.string().describe("In lower case; only a person with this address can accept it."),
    role: memberRoleSchema,
    status: z.enum(["open", "expired"]),
    expires_at: timeSchema,
    created_at: timeSchema,
  })
  .meta({ id: "Invitation" });

export const invitationWithLinkSchema = z
  .strictObject({
    ...invitationSchema.shape,
    link: z.string().describe("What the person opens. Shown in this answer only."),
    mailed: z.boolean().describe("Whether it is on its way by mail too."),
  })
  .meta({ id: "InvitationWithLink" });

export const createInvitationSchema = z
  .strictObject({ email: z.email().max(254), role: memberRoleSchema })
  .meta({ id: "CreateInvitation" });

export const invitationTokenSchema = z
  .strictObject({ token: z.string().min(1).max(100).describe("What the link holds after `token=`.") })
  .meta({ id: "InvitationToken" });

export const invitationPreviewSchema = z
  .strictObject({
    object: z.literal("invitation_preview"),
    workspace_name: z.string(),
    inviter_name: z.string().nullable(),
    expires_at: timeSchema,
  })
  .meta({ id: "InvitationPreview" });

export const membershipSchema = z
  .strictObject({
    object: z.literal("membership"),
    workspace_id: z.string(),
    workspace_name: z.string(),
    role: memberRoleSchema,
  })
  .meta({ id: "Membership" });

export const createAccessRequestSchema = z
  .strictObject({
    name: storableTextSchema(100).describe("Who asks."),
    company: storableTextSchema(200).describe("For whom."),
    use: storableTextSchema(2000).describe("What the models are wanted for."),
    expected_monthly_volume: storableTextSchema(200).describe("In requests, tokens or money, as one knows it."),
  })
  .meta({ id: "CreateAccessRequest" });

export const accessRequestSchema = z
  .strictObject({
    object: z.literal("access_request"),
    id: z.string(),
    workspace_id: z.string(),
    status: z.enum(["pending", "approved", "declined"]),
    name: z.string(),
    company: z.string(),
    email: z.string().describe("Of the person who asked."),
    use: z.string(),
    expected_monthly_volume: z.string(),
    note: z.string().describe("The operator's; empty without one."),
    decided_at: timeSchema.nullable(),
    created_at: timeSchema,
  })
  .meta({ id: "AccessRequest" });

export const workspaceAccessSchema = z
  .strictObject({
    object: z.literal("workspace_access"),
    pending: z.boolean().describe("Whether the workspace waits for approval."),
    request: accessRequestSchema.nullable().describe("The last one; null when none was sent."),
  })
  .meta({ id: "WorkspaceAccess" });

export type ShownMember = z.output<typeof memberSchema>;
export type ShownInvitation = z.output<typeof invitationSchema>;
export type ShownInvitationWithLink = z.output<typeof invitationWithLinkSchema>;
export type ShownInvitationPreview = z.output<typeof invitationPreviewSchema>;
export type ShownMembership = z.output<typeof membershipSchema>;
export type ShownAccessRequest = z.output<typeof accessRequestSchema>;
export type ShownWorkspaceAccess = z.output<typeof workspaceAccessSchema>;
