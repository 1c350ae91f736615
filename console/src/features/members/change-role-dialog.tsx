// Changes what a member may do. It counts from their next step on.

import { useState } from "react";
import type { ShownMember } from "../../../../server/contracts/control-members.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import type { Role } from "../../api/me.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/form.tsx";
import { toast } from "../../ui/toast.tsx";
import { RoleField } from "./role-field.tsx";

export type ChangeRoleDialogProps = {
  readonly member: ShownMember;
  readonly isOwner: boolean;
  readonly onClose: () => void;
};

/** Mount it anew for each member. */
export function ChangeRoleDialog({ member, isOwner, onClose }: ChangeRoleDialogProps) {
  const { path } = useWorkspace();
  const [role, setRole] = useState<Role>(member.role);
  const save = useChange(
    () => fetchApi<ShownMember>("PATCH", `${path}/members/${member.id}`, { body: { role } }),
    [`${path}/members`],
    () => {
      toast.done(`${member.email} has the role ${role} now.`);
      onClose();
    },
  );
  return (
    <Dialog open onClose={onClose} title="Change the role" description={member.email} width="small">
      <Form
        problem={save.problem}
        onSubmit={() => save.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={save.isPending} disabled={role === member.role}>
              Change the role
            </Button>
          </>
        }
      >
        <RoleField role={role} onRole={setRole} isOwner={isOwner} />
      </Form>
    </Dialog>
  );
}
