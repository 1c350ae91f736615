// The members of a workspace: who is in it, with which role, and who is invited.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useMemo, useState } from "react";
import type { ShownMember } from "../../../../server/contracts/control-members.ts";
import { useList } from "../../api/list.ts";
import { useMe } from "../../api/me.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { useCommands } from "../../app/commands.ts";
import { Button } from "../../ui/button.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { KeyValue } from "../../ui/key-value.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Section } from "../../ui/section.tsx";
import { ChangeRoleDialog } from "./change-role-dialog.tsx";
import { InvitationsSection } from "./invitations-section.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { memberColumns, type MemberAct } from "./member-columns.tsx";
import { LeaveDialog, RemoveMemberDialog } from "./remove-member-dialog.tsx";
import { roleNames, roles, roleWords } from "./roles.ts";

export function MembersPage() {
  const { path, may, role } = useWorkspace();
  const me = useMe();
  const { dialog } = useSearch({ from: "/signed-in/w/$workspaceId/members" });
  const navigate = useNavigate({ from: "/w/$workspaceId/members" });
  const members = useList<ShownMember>(`${path}/members`, { limit: 200 });
  const [act, setAct] = useState<MemberAct>();
  const mayManage = may("administer");
  const isOwner = role === "owner" || me.is_operator;
  const columns = useMemo(
    () => memberColumns({ me: me.id, mayManage, isOwner, onAct: setAct }),
    [me.id, mayManage, isOwner],
  );
  const show = (next: "invite" | undefined): void => void navigate({ search: { dialog: next }, replace: true });
  useCommands(mayManage ? [{ title: "Invite a person", group: "Members", run: () => show("invite") }] : []);
  const close = (): void => setAct(undefined);
  return (
    <>
      <PageHeader
        title="Members"
        description="Who works in this workspace, and what they may do."
        actions={
          mayManage && (
            <Button look="primary" icon={<UserPlus aria-hidden />} onClick={() => show("invite")}>
              Invite a person
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-6">
        <DataTable name="members" label="Members" columns={columns} list={members} rowId={({ id }) => id} />
        {mayManage && <InvitationsSection isOwner={isOwner} />}
        <Section title="What each role may do">
          <KeyValue facts={roles.map((name) => ({ name: roleNames[name], value: roleWords[name] }))} />
        </Section>
      </div>
      <InviteDialog open={dialog === "invite" && mayManage} isOwner={isOwner} onClose={() => show(undefined)} />
      {act?.kind === "role" && <ChangeRoleDialog member={act.member} isOwner={isOwner} onClose={close} />}
      {act?.kind === "remove" && <RemoveMemberDialog member={act.member} onClose={close} />}
      {act?.kind === "leave" && <LeaveDialog onClose={close} />}
    </>
  );
}
