// The columns of the table of users.

import { Ellipsis } from "lucide-react";
import type { ShownUser } from "../../../../server/contracts/control-operator.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Id } from "../../ui/id.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Badge, Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";

export type SimpleUserAct = "enable" | "make-operator" | "unmake-operator" | "sign-out";
export type UserAct = { readonly kind: SimpleUserAct | "disable"; readonly user: ShownUser };

/** @param me the reader's own id: nobody changes themselves here. */
export function userColumns(me: string, onAct: (act: UserAct) => void): readonly TableColumn<ShownUser>[] {
  return [
    {
      id: "person",
      title: "Person",
      fixed: true,
      width: "minmax(11rem, 1fr)",
      cell: ({ id, name, email, is_operator: isOperator }) => (
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{name === "" ? email : name}</span>
          {isOperator && <Badge tone="brass">Operator</Badge>}
          {id === me && <Badge>You</Badge>}
        </span>
      ),
      text: ({ name }) => name,
    },
    {
      id: "email",
      title: "E-mail",
      width: "minmax(14rem, 1fr)",
      cell: ({ email }) => <span className="truncate text-muted">{email}</span>,
      text: ({ email }) => email,
    },
    {
      id: "status",
      title: "Status",
      width: "8rem",
      cell: ({ disabled_reason: reason }) =>
        reason === null ? (
          <Status tone="good">Active</Status>
        ) : (
          <span title={reason}>
            <Status tone="bad">Shut out</Status>
          </span>
        ),
      text: ({ disabled_reason: reason }) => (reason === null ? "active" : "shut out"),
    },
    {
      id: "workspaces",
      title: "Workspaces",
      align: "right",
      width: "7rem",
      cell: ({ workspace_count: count }) => <span className="figures">{count}</span>,
      text: ({ workspace_count: count }) => String(count),
    },
    {
      id: "created",
      title: "Since",
      width: "8rem",
      cell: ({ created_at: at }) => <Time at={at} />,
      text: ({ created_at: at }) => at,
    },
    {
      id: "id",
      title: "Id",
      hidden: true,
      width: "13rem",
      cell: ({ id }) => <Id id={id} of="user" />,
      text: ({ id }) => id,
    },
    {
      id: "acts",
      title: "",
      fixed: true,
      width: "3rem",
      align: "right",
      cell: (user) => (user.id === me ? null : <UserMenu user={user} onAct={onAct} />),
    },
  ];
}

function UserMenu({ user, onAct }: { readonly user: ShownUser; readonly onAct: (act: UserAct) => void }) {
  const { is_operator: isOperator, disabled_reason: reason } = user;
  return (
    <Menu trigger={<IconButton label={`Acts on ${user.email}`} size="small" icon={<Ellipsis aria-hidden />} />}>
      {reason === null && (
        <MenuItem onSelect={() => onAct({ kind: isOperator ? "unmake-operator" : "make-operator", user })}>
          {isOperator ? "Take the operator's right" : "Make an operator"}
        </MenuItem>
      )}
      <MenuItem onSelect={() => onAct({ kind: "sign-out", user })}>Sign out everywhere</MenuItem>
      {reason !== null && <MenuItem onSelect={() => onAct({ kind: "enable", user })}>Let in again</MenuItem>}
      {reason === null && !isOperator && (
        <MenuItem danger onSelect={() => onAct({ kind: "disable", user })}>
          Shut out
        </MenuItem>
      )}
    </Menu>
  );
}
