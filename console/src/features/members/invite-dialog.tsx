// Invites a person by e-mail address, then shows the link once.

import { useState } from "react";
import type { ShownInvitationWithLink } from "../../../../server/contracts/control-members.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import type { Role } from "../../api/me.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { InvitationLink } from "./invitation-link.tsx";
import { RoleField } from "./role-field.tsx";

export type InviteDialogProps = {
  readonly open: boolean;
  readonly isOwner: boolean;
  readonly onClose: () => void;
};

export function InviteDialog({ open, isOwner, onClose }: InviteDialogProps) {
  const { path } = useWorkspace();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("developer");
  const invite = useChange(
    () => fetchApi<ShownInvitationWithLink>("POST", `${path}/invitations`, { body: { email: email.trim(), role } }),
    [`${path}/invitations`],
  );
  const close = (): void => {
    setEmail("");
    // The link leaves the page's memory with the dialog.
    invite.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={invite.data === undefined ? "Invite a person" : "The invitation is made"}
    >
      {invite.data !== undefined ? (
        <InvitationLink invitation={invite.data} onDone={close} />
      ) : (
        <Form
          problem={invite.problem}
          onSubmit={() => invite.mutate(undefined)}
          actions={
            <>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" look="primary" pending={invite.isPending} disabled={email.trim() === ""}>
                Invite
              </Button>
            </>
          }
        >
          <Field label="E-mail" name="email" required hint="Only a person with this address can accept the invitation.">
            <Input
              type="email"
              autoComplete="off"
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </Field>
          <RoleField role={role} onRole={setRole} isOwner={isOwner} />
        </Form>
      )}
    </Dialog>
  );
}
