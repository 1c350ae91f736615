// Routes for invitations: those of a workspace for its administrators, and the link for whoever holds it.

import { listSchema, pageQuerySchema } from "../../contracts/control.ts";
import {
  createInvitationSchema,
  invitationPreviewSchema,
  invitationSchema,
  invitationTokenSchema,
  invitationWithLinkSchema,
  membershipSchema,
} from "../../contracts/control-members.ts";
import { asId, type InvitationId } from "../../contracts/ids.ts";
import type { Invitation } from "../../workspaces/invitation-records.ts";
import {
  acceptInvitation,
  invite,
  previewInvitation,
  resendInvitation,
  revokeInvitation,
  type InvitationWithLink,
} from "../../workspaces/invitations.ts";
import { acrossWorkspaces, administrators, personOf } from "./access.ts";
import { actingRole, inviterOf } from "./acting.ts";
import { controlRoute, noBody, noQuery, publicRoute, workspaceRoute } from "./declared-route.ts";
import { page } from "./pages.ts";
import type { ControlServices } from "./services.ts";
import { isoTime } from "./shown-values.ts";

const tag = "Invitations";

export const invitationRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/invitations",
    auth: administrators,
    tag,
    summary: "List invitations",
    description: "Newest first: those that were neither accepted nor revoked.",
    query: pageQuerySchema,
    body: noBody,
    status: 200,
    response: listSchema(invitationSchema),
    handle: ({ workspace, query, services }) =>
      page(
        query,
        (cursor, limit) => {
          const before = cursor === undefined ? undefined : asId<InvitationId>(cursor);
          return services.invitations.records.listOpen(workspace.id, { before, limit });
        },
        (invitation) => invitation.id,
        (invitations) => invitations.map((invitation) => showInvitation(services, invitation)),
      ),
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/invitations",
    auth: administrators,
    tag,
    summary: "Invite a person",
    description:
      "The answer holds the link: it works once, for seven days, for this address. Where mail is set up it is sent too. Only owners invite owners.",
    query: noQuery,
    body: createInvitationSchema,
    status: 201,
    response: invitationWithLinkSchema,
    errors: ["conflict"],
    handle: async ({ workspace, body, caller, role, services }) =>
      showWithLink(services, await invite(services.invitations, workspace, inviterOf(caller, role), body)),
  }),
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/invitations/:invitation/resend",
    auth: administrators,
    tag,
    summary: "Resend an invitation",
    description: "Makes a new link that is valid for seven days; the one from before ends.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: invitationWithLinkSchema,
    handle: async ({ workspace, param, caller, role, services }) => {
      const id = asId<InvitationId>(param("invitation"));
      const sent = await resendInvitation(services.invitations, workspace, inviterOf(caller, role), id);
      return showWithLink(services, sent);
    },
  }),
  workspaceRoute({
    method: "DELETE",
    path: "/api/workspaces/:workspace/invitations/:invitation",
    auth: administrators,
    tag,
    summary: "Revoke an invitation",
    query: noQuery,
    body: noBody,
    status: 200,
    response: invitationSchema.pick({ object: true, id: true }).meta({ id: "RevokedInvitation" }),
    handle: async ({ workspace, param, caller, role, services }) => {
      const id = asId<InvitationId>(param("invitation"));
      await revokeInvitation(services.invitations, workspace.id, actingRole(caller, role), id);
      return { object: "invitation" as const, id };
    },
  }),
  publicRoute({
    method: "POST",
    path: "/api/invitations/preview",
    audited: false,
    tag,
    summary: "Preview an invitation",
    description: "What a link leads to. In the body, so that the token stands in no log of addresses.",
    query: noQuery,
    body: invitationTokenSchema,
    status: 200,
    response: invitationPreviewSchema,
    errors: ["not_found"],
    handle: async ({ body, services }) => {
      const { workspaceName, inviterName, expiresAt } = await previewInvitation(services.invitations, body.token);
      return {
        object: "invitation_preview" as const,
        workspace_name: workspaceName,
        inviter_name: inviterName ?? null,
        expires_at: isoTime(expiresAt),
      };
    },
  }),
  controlRoute({
    method: "POST",
    path: "/api/invitations/accept",
    auth: acrossWorkspaces,
    tag,
    summary: "Accept an invitation",
    description: "For the person whose e-mail address was invited. Somebody who is a member already keeps the role.",
    query: noQuery,
    body: invitationTokenSchema,
    status: 200,
    response: membershipSchema,
    errors: ["not_found"],
    handle: async ({ body, caller, services }) => {
      const { id } = personOf(caller);
      const accepted = await acceptInvitation(services.invitations, body.token, personOf(caller));
      const { workspaceId, workspaceName, role } = accepted;
      return {
        object: "membership" as const,
        workspace_id: workspaceId,
        workspace_name: workspaceName,
        role: (await services.members.records.roleOf(workspaceId, id)) ?? role,
      };
    },
  }),
];

function showInvitation({ now }: Pick<ControlServices, "now">, invitation: Invitation) {
  const { id, email, role, expiresAt, createdAt } = invitation;
  return {
    object: "invitation" as const,
    id,
    email,
    role,
    status: expiresAt > now() ? ("open" as const) : ("expired" as const),
    expires_at: isoTime(expiresAt),
    created_at: isoTime(createdAt),
  };
}

function showWithLink(services: ControlServices, { invitation, link, mailed }: InvitationWithLink) {
  return { ...showInvitation(services, invitation), link, mailed };
}
