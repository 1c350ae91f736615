// The columns of the audit log.

import type { ShownAuditEvent } from "../../../../server/contracts/control-audit.ts";
import { Id } from "../../ui/id.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { actionInWords } from "./action-words.ts";

const actorNames: Readonly<Record<ShownAuditEvent["actor"]["kind"], string>> = {
  user: "A user",
  operator_token: "Operator token",
  key: "A key",
  nobody: "Nobody signed in",
};

const actorOf = ({ actor }: ShownAuditEvent): string => actor.name ?? actor.id ?? actorNames[actor.kind];
const targetsOf = ({ targets }: ShownAuditEvent): string => targets.map(({ type, id }) => `${type} ${id}`).join(", ");

export const auditColumns: readonly TableColumn<ShownAuditEvent>[] = [
  {
    id: "time",
    title: "When",
    fixed: true,
    width: "7.5rem",
    cell: ({ created_at: at }) => <Time at={at} />,
    text: ({ created_at: at }) => at,
  },
  {
    id: "actor",
    title: "Who",
    width: "13rem",
    cell: (event) => (
      <span className="truncate" title={event.actor.id ?? undefined}>
        {actorOf(event)}
      </span>
    ),
    text: actorOf,
  },
  {
    id: "action",
    title: "What",
    width: "minmax(12rem, 1fr)",
    cell: ({ action }) => (
      <span className="truncate" title={action}>
        {actionInWords(action)}
      </span>
    ),
    text: ({ action }) => action,
  },
  {
    id: "outcome",
    title: "Outcome",
    width: "6.5rem",
    cell: ({ outcome }) => (
      <Status tone={outcome === "done" ? "good" : "bad"}>{outcome === "done" ? "Done" : "Refused"}</Status>
    ),
    text: ({ outcome }) => outcome,
  },
  {
    id: "targets",
    title: "Which",
    width: "12rem",
    cell: (event) => (
      <span className="figures truncate text-sm" title={targetsOf(event)}>
        {targetsOf(event) || "–"}
      </span>
    ),
    text: targetsOf,
  },
  {
    id: "fields",
    title: "Fields sent",
    width: "10rem",
    cell: ({ fields }) => (
      <span className="truncate text-sm text-muted" title={fields.join(", ")}>
        {fields.join(", ") || "–"}
      </span>
    ),
    text: ({ fields }) => fields.join(" "),
  },
  {
    id: "address",
    title: "From",
    width: "8rem",
    cell: ({ address, user_agent: agent }) => (
      <span className="figures truncate text-sm" title={agent ?? undefined}>
        {address ?? "–"}
      </span>
    ),
    text: ({ address }) => address ?? "",
  },
  {
    id: "agent",
    title: "Program",
    width: "16rem",
    hidden: true,
    cell: ({ user_agent: agent }) => <span className="truncate text-sm">{agent ?? "–"}</span>,
    text: ({ user_agent: agent }) => agent ?? "",
  },
  {
    id: "request",
    title: "Request",
    hidden: true,
    width: "13rem",
    cell: ({ request_id: id }) => (id === null ? "–" : <Id id={id} of="request" />),
    text: ({ request_id: id }) => id ?? "",
  },
];

export const workspaceColumn: TableColumn<ShownAuditEvent> = {
  id: "workspace",
  title: "Workspace",
  width: "13rem",
  cell: ({ workspace_id: id }) => (id === null ? "–" : <Id id={id} of="workspace" />),
  text: ({ workspace_id: id }) => id ?? "",
};
