// The invitations that wait for their people: send again, or revoke.

import { Ellipsis } from "lucide-react";
import { useMemo, useState } from "react";
import type { ShownInvitation, ShownInvitationWithLink } from "../../../../server/contracts/control-members.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { InvitationLink } from "./invitation-link.tsx";
import { roleNames } from "./roles.ts";

type Act = { readonly kind: "resend" | "revoke"; readonly invitation: ShownInvitation };

/** @param isOwner whether the reader may touch invitations of owners. */
export function InvitationsSection({ isOwner }: { readonly isOwner: boolean }) {
  const { path } = useWorkspace();
  const list = useList<ShownInvitation>(`${path}/invitations`);
  const [act, setAct] = useState<Act>();
  const [link, setLink] = useState<ShownInvitationWithLink>();
  const columns = useMemo(() => invitationColumns(isOwner, setAct), [isOwner]);
  const close = (): void => setAct(undefined);
  return (
    <Section title="Invitations" description="Links that were made and not accepted yet." flush>
      <DataTable
        bare
        name="invitations"
        label="Invitations"
        columns={columns}
        list={list}
        rowId={({ id }) => id}
        empty={<EmptyState title="Nobody is invited at the moment" />}
      />
      {act?.kind === "resend" && (
        <ResendDialog
          invitation={act.invitation}
          onClose={close}
          onLink={(made) => {
            close();
            setLink(made);
          }}
        />
      )}
      {act?.kind === "revoke" && <RevokeDialog invitation={act.invitation} onClose={close} />}
      <Dialog open={link !== undefined} onClose={() => setLink(undefined)} title="The new link">
        {link !== undefined && <InvitationLink invitation={link} onDone={() => setLink(undefined)} />}
      </Dialog>
    </Section>
  );
}

function invitationColumns(isOwner: boolean, onAct: (act: Act) => void): readonly TableColumn<ShownInvitation>[] {
  return [
    {
      id: "email",
      title: "E-mail",
      width: "minmax(14rem, 1fr)",
      cell: ({ email }) => email,
      text: ({ email }) => email,
    },
    { id: "role", title: "Role", width: "8rem", cell: ({ role }) => roleNames[role], text: ({ role }) => role },
    {
      id: "status",
      title: "Status",
      width: "8rem",
      cell: ({ status }) => (
        <Status tone={status === "open" ? "brass" : "plain"}>{status === "open" ? "Waiting" : "Over"}</Status>
      ),
      text: ({ status }) => status,
    },
    {
      id: "expires",
      title: "Ends",
      width: "8rem",
      cell: ({ expires_at: at }) => <Time at={at} />,
      text: ({ expires_at: at }) => at,
    },
    {
      id: "acts",
      title: "",
      fixed: true,
      width: "3rem",
      align: "right",
      cell: (invitation) =>
        invitation.role === "owner" && !isOwner ? null : (
          <Menu
            trigger={
              <IconButton
                label={`Acts on the invitation of ${invitation.email}`}
                size="small"
                icon={<Ellipsis aria-hidden />}
              />
            }
          >
            <MenuItem onSelect={() => onAct({ kind: "resend", invitation })}>Make a new link</MenuItem>
            <MenuItem danger onSelect={() => onAct({ kind: "revoke", invitation })}>
              Revoke
            </MenuItem>
          </Menu>
        ),
    },
  ];
}

type ActDialogProps = { readonly invitation: ShownInvitation; readonly onClose: () => void };

function ResendDialog(props: ActDialogProps & { readonly onLink: (made: ShownInvitationWithLink) => void }) {
  const { invitation, onClose, onLink } = props;
  const { path } = useWorkspace();
  const resend = useChange(
    () => fetchApi<ShownInvitationWithLink>("POST", `${path}/invitations/${invitation.id}/resend`, { body: {} }),
    [`${path}/invitations`],
    onLink,
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Make a new link for ${invitation.email}?`}
      verb="Make a new link"
      danger={false}
      onConfirm={() => resend.mutate(undefined)}
      pending={resend.isPending}
      problem={resend.problem}
    >
      <p>It is valid for seven days. The link from before ends.</p>
    </ConfirmDialog>
  );
}

function RevokeDialog({ invitation, onClose }: ActDialogProps) {
  const { path } = useWorkspace();
  const revoke = useChange(
    () => fetchApi("DELETE", `${path}/invitations/${invitation.id}`, { body: {} }),
    [`${path}/invitations`],
    () => {
      toast.done(`The invitation of ${invitation.email} is revoked.`);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Revoke the invitation of ${invitation.email}?`}
      verb="Revoke"
      onConfirm={() => revoke.mutate(undefined)}
      pending={revoke.isPending}
      problem={revoke.problem}
    >
      <p>The link stops working. You can invite the same address again.</p>
    </ConfirmDialog>
  );
}
