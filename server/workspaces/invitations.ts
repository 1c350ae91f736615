// Invitations: a link that lets one e-mail address in, once, within seven days. Whoever invites sees the link once, so
// that it works without mail; where mail is set up it is sent too.

import { GatewayError } from "../contracts/errors.ts";
import { newId, type InvitationId, type WorkspaceId } from "../contracts/ids.ts";
import type { Invitation, InvitationPreview, InvitationRecords } from "./invitation-records.ts";
import { requireOwnerFor, type ActingRole } from "./manage-members.ts";
import type { MemberRecords } from "./member-records.ts";
import type { Notifier } from "./notify.ts";
import type { Founder } from "./found-workspace.ts";
import type { MemberRole, Workspace } from "./workspace.ts";

export type InvitationServices = {
  readonly records: InvitationRecords;
  readonly members: Pick<MemberRecords, "hasEmail">;
  readonly notifier: Notifier;
  /** `deriveKey(master, "invitations")`. */
  readonly hashKey: Uint8Array;
  readonly random: (count: number) => Uint8Array;
  /** The server's public address, without a trailing slash. */
  readonly publicUrl: string;
  /** Unix milliseconds. */
  readonly now: () => number;
};

/** Who invites: their role, and what the mail calls them. */
export type Inviter = { readonly role: ActingRole; readonly id: string; readonly name: string };

/** Nobody can ask for the link again; a new one can be made. */
export type InvitationWithLink = { readonly invitation: Invitation; readonly link: string; readonly mailed: boolean };

const validMs = 7 * 86_400_000;
const mostOpen = 200;

/** @throws GatewayError forbidden when an admin invites an owner; conflict for members, open invitations and too many */
export async function invite(
  services: InvitationServices,
  workspace: Workspace,
  inviter: Inviter,
  { email: address, role }: { readonly email: string; readonly role: MemberRole },
): Promise<InvitationWithLink> {
  requireOwnerFor([role], inviter.role);
  const email = address.toLowerCase();
  if (await services.members.hasEmail(workspace.id, email)) {
    throw new GatewayError("conflict", `${email} is a member already.`, { param: "email" });
  }
  if ((await services.records.countOpen(workspace.id)) >= mostOpen) {
    throw new GatewayError("conflict", `A workspace has at most ${mostOpen} open invitations: revoke some first.`);
  }
  const createdAt = services.now();
  const { token, hash } = makeToken(services);
  const about = { workspaceId: workspace.id, email, role, invitedBy: inviter.id };
  const invitation = { id: newId("inv"), ...about, createdAt, expiresAt: createdAt + validMs };
  if (!(await services.records.insert(invitation, hash))) {
    throw new GatewayError("conflict", `${email} has an invitation already: send it again, or revoke it.`, {
      param: "email",
    });
  }
  return deliver(services, workspace, inviter, invitation, token);
}

/** Makes a new link that is valid for seven days again. @throws GatewayError not_found, forbidden */
export async function resendInvitation(
  services: InvitationServices,
  workspace: Workspace,
  inviter: Inviter,
  id: InvitationId,
): Promise<InvitationWithLink> {
  const found = await getInvitation(services, workspace.id, id);
  requireOwnerFor([found.role], inviter.role);
  const { token, hash } = makeToken(services);
  const invitation = { ...found, expiresAt: services.now() + validMs };
  if (!(await services.records.renew(id, hash, invitation.expiresAt))) throw noInvitation(id);
  return deliver(services, workspace, inviter, invitation, token);
}

/** @throws GatewayError not_found, forbidden */
export async function revokeInvitation(
  services: InvitationServices,
  workspaceId: WorkspaceId,
  by: ActingRole,
  id: InvitationId,
): Promise<void> {
  const found = await getInvitation(services, workspaceId, id);
  requireOwnerFor([found.role], by);
  if (!(await services.records.revoke(id, services.now()))) throw noInvitation(id);
}

/** What a link leads to. @throws GatewayError not_found for links that are wrong, used, revoked or over, all alike */
export async function previewInvitation(services: InvitationServices, token: string): Promise<InvitationPreview> {
  const found = await services.records.findByToken(hashOf(services, token), services.now());
  if (found === undefined) {
    throw new GatewayError("not_found", "This invitation was used, revoked or is over. Ask for a new one.");
  }
  return found;
}

/** @throws GatewayError not_found; forbidden when another address was invited than the person's */
export async function acceptInvitation(
  services: InvitationServices,
  token: string,
  person: Pick<Founder, "id" | "email">,
): Promise<InvitationPreview> {
  const invitation = await previewInvitation(services, token);
  if (invitation.email !== person.email.toLowerCase()) {
    throw new GatewayError("forbidden", "This invitation is for another e-mail address: sign in with the one invited.");
  }
  if (!(await services.records.accept(invitation, person.id, services.now()))) throw noInvitation(invitation.id);
  return invitation;
}

async function getInvitation(
  services: InvitationServices,
  workspaceId: WorkspaceId,
  id: InvitationId,
): Promise<Invitation> {
  const invitation = await services.records.findOpen(workspaceId, id);
  if (invitation === undefined) throw noInvitation(id);
  return invitation;
}

function noInvitation(id: InvitationId): GatewayError {
  return new GatewayError("not_found", `There is no open invitation ${id}.`);
}

function deliver(
  { notifier, publicUrl }: InvitationServices,
  workspace: Workspace,
  inviter: Inviter,
  invitation: Invitation,
  token: string,
): InvitationWithLink {
  const link = `${publicUrl}/invitation?token=${token}`;
  const mailed = notifier.mail({
    to: invitation.email,
    subject: `Join ${workspace.name} on Astrolabe`,
    paragraphs: [
      `${inviter.name} invites you to the workspace ${workspace.name} as ${invitation.role}.`,
      "Accept it within seven days, signed in with this e-mail address.",
    ],
    action: { label: "See the invitation", url: link },
    footnote: "If you do not know what this is about, do nothing.",
  });
  return { invitation, link, mailed };
}

function makeToken(services: InvitationServices): { readonly token: string; readonly hash: string } {
  const token = Buffer.from(services.random(32)).toString("base64url");
  return { token, hash: hashOf(services, token) };
}

function hashOf({ hashKey }: InvitationServices, token: string): string {
  return new Bun.CryptoHasher("sha256", hashKey).update(token).digest("hex");
}
