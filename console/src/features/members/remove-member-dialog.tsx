// Ends a membership: somebody else's, or one's own.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ShownMember } from "../../../../server/contracts/control-members.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { meQuery } from "../../api/me.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { toast } from "../../ui/toast.tsx";

export type RemoveMemberDialogProps = { readonly member: ShownMember; readonly onClose: () => void };

export function RemoveMemberDialog({ member, onClose }: RemoveMemberDialogProps) {
  const { path, name } = useWorkspace();
  const remove = useChange(
    () => fetchApi("DELETE", `${path}/members/${member.id}`, { body: {} }),
    [`${path}/members`],
    () => {
      toast.done(`${member.email} is no longer a member.`);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Remove ${member.email}?`}
      verb="Remove"
      onConfirm={() => remove.mutate(undefined)}
      pending={remove.isPending}
      problem={remove.problem}
    >
      <p>They lose access to {name} at once. Keys that they made go on working: revoke those that they know.</p>
    </ConfirmDialog>
  );
}

export function LeaveDialog({ onClose }: { readonly onClose: () => void }) {
  const { path, name } = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = useChange(
    () => fetchApi("POST", `${path}/leave`, { body: {} }),
    [],
    () => {
      toast.done(`You have left ${name}.`);
      void client.invalidateQueries(meQuery).then(() => navigate({ to: "/" }));
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Leave ${name}?`}
      verb="Leave the workspace"
      onConfirm={() => leave.mutate(undefined)}
      pending={leave.isPending}
      problem={leave.problem}
    >
      <p>You lose access at once. To come back you need a new invitation.</p>
    </ConfirmDialog>
  );
}
