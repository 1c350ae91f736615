// The columns of the table of members.

import { Ellipsis } from "lucide-react";
import type { ShownMember } from "../../../../server/contracts/control-members.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Badge } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { roleNames } from "./roles.ts";

export type MemberAct = { readonly kind: "role" | "remove"; readonly member: ShownMember } | { readonly kind: "leave" };

export type MemberColumnOptions = {
  /** The reader's own id. */
  readonly me: string;
  readonly mayManage: boolean;
  readonly isOwner: boolean;
  readonly onAct: (act: MemberAct) => void;
};

export function memberColumns(options: MemberColumnOptions): readonly TableColumn<ShownMember>[] {
  return [
    {
      id: "person",
      title: "Person",
      fixed: true,
      width: "minmax(11rem, 1fr)",
      cell: ({ id, name, email }) => (
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{name === "" ? email : name}</span>
          {id === options.me && <Badge>You</Badge>}
        </span>
      ),
      text: ({ name }) => name,
    },
    {
      id: "role",
      title: "Role",
      width: "8rem",
      cell: ({ role }) => roleNames[role],
      text: ({ role }) => role,
    },
    {
      id: "email",
      title: "E-mail",
      width: "minmax(14rem, 1fr)",
      cell: ({ email }) => <span className="truncate text-muted">{email}</span>,
      text: ({ email }) => email,
    },
    {
      id: "joined",
      title: "Joined",
      width: "8rem",
      cell: ({ joined_at: at }) => <Time at={at} />,
      text: ({ joined_at: at }) => at,
    },
    actsColumn(options),
  ];
}

function actsColumn({ me, mayManage, isOwner, onAct }: MemberColumnOptions): TableColumn<ShownMember> {
  return {
    id: "acts",
    title: "",
    fixed: true,
    width: "3rem",
    align: "right",
    cell: (member) => {
      const manages = mayManage && (isOwner || member.role !== "owner");
      if (!manages && member.id !== me) return null;
      return (
        <Menu trigger={<IconButton label={`Acts on ${member.email}`} size="small" icon={<Ellipsis aria-hidden />} />}>
          {manages && <MenuItem onSelect={() => onAct({ kind: "role", member })}>Change the role</MenuItem>}
          {member.id === me ? (
            <MenuItem danger onSelect={() => onAct({ kind: "leave" })}>
              Leave the workspace
            </MenuItem>
          ) : (
            <MenuItem danger onSelect={() => onAct({ kind: "remove", member })}>
              Remove
            </MenuItem>
          )}
        </Menu>
      );
    },
  };
}
