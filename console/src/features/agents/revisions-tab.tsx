// The revisions of a deployment: what ran when, why the others failed, and the way back.

import { useMemo, useState } from "react";
import type { z } from "zod";
import type { revisionsSchema } from "../../../../server/contracts/agents-deployments.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange, useItem } from "../../api/item.ts";
import { listOf } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import {
  deploymentPath,
  deploymentsPath,
  isComing,
  isRollingOut,
  isThere,
  reasonWords,
  revisionTones,
  revisionWords,
  type Deployment,
  type DeploymentRevision,
} from "./deployment.ts";

type Revisions = z.output<typeof revisionsSchema>;

const movingMs = 1_500;
const restingMs = 10_000;

export function RevisionsTab({ deployment }: { readonly deployment: Deployment }) {
  const { may } = useWorkspace();
  const path = `${deploymentPath(deployment.id)}/revisions`;
  const moves = useItem<Revisions>(path).item?.revisions.some(({ status }) => isComing(status)) ?? false;
  const refreshMs = moves || isRollingOut(deployment) ? movingMs : restingMs;
  const { item, ...state } = useItem<Revisions>(path, {}, { refreshMs });
  const [wanted, setWanted] = useState<number>();
  const mayChange = may("build") && isThere(deployment.status);
  const columns = useMemo(() => revisionColumns(mayChange ? setWanted : undefined), [mayChange]);
  return (
    <>
      <DataTable
        name="revisions"
        label="Revisions"
        columns={columns}
        list={listOf(item?.revisions, state)}
        rowId={({ revision }) => String(revision)}
        isMarked={({ revision }) => revision === deployment.serving_revision}
      />
      {wanted !== undefined && (
        <RollbackDialog deployment={deployment} revision={wanted} onClose={() => setWanted(undefined)} />
      )}
    </>
  );
}

function revisionColumns(
  onWanted: ((revision: number) => void) | undefined,
): readonly TableColumn<DeploymentRevision>[] {
  return [
    {
      id: "revision",
      title: "Revision",
      fixed: true,
      width: "6rem",
      cell: ({ revision }) => <span className="figures">{revision}</span>,
      text: ({ revision }) => String(revision),
    },
    {
      id: "status",
      title: "Status",
      width: "9rem",
      cell: ({ status }) => <Status tone={revisionTones[status]}>{revisionWords[status]}</Status>,
      text: ({ status }) => status,
    },
    {
      id: "reason",
      title: "Why",
      width: "minmax(12rem, 1.6fr)",
      cell: ({ reason, from_revision: from, failure }) => (
        <span className="block w-0 min-w-full truncate" title={failure?.message}>
          {reasonWords[reason]}
          {from !== null && (
            <span className="text-faint">
              {" "}
              to <span className="figures">{from}</span>
            </span>
          )}
          {failure !== null && <span className="text-faint"> · {failure.message}</span>}
        </span>
      ),
      text: ({ reason, failure }) => (failure === null ? reason : `${reason}: ${failure.message}`),
    },
    {
      id: "build",
      title: "Build",
      width: "8rem",
      cell: ({ build_id: build }) => <span className="figures">{build}</span>,
      text: ({ build_id: build }) => build,
    },
    {
      id: "by",
      title: "By",
      width: "minmax(9rem, 1fr)",
      cell: ({ created_by: by }) => (
        <span className="truncate" title={by}>
          {by}
        </span>
      ),
      text: ({ created_by: by }) => by,
    },
    ...timeColumns,
    ...(onWanted === undefined ? [] : [backColumn(onWanted)]),
  ];
}

const timeColumns: readonly TableColumn<DeploymentRevision>[] = [
  {
    id: "created",
    title: "Asked for",
    width: "8rem",
    cell: ({ created_at: at }) => <Time at={at} />,
    text: ({ created_at: at }) => at,
  },
  {
    id: "served",
    title: "Served from",
    width: "8rem",
    cell: ({ serving_from: at }) => <Time at={at} never="Never" />,
    text: ({ serving_from: at }) => at ?? "",
  },
];

function backColumn(onWanted: (revision: number) => void): TableColumn<DeploymentRevision> {
  return {
    id: "acts",
    title: "",
    fixed: true,
    width: "7rem",
    align: "right",
    cell: ({ revision, status }) =>
      status === "replaced" && (
        <Button size="small" onClick={() => onWanted(revision)}>
          Roll back
          <span className="sr-only"> to revision {revision}</span>
        </Button>
      ),
  };
}

type RollbackDialogProps = {
  readonly deployment: Deployment;
  readonly revision: number;
  readonly onClose: () => void;
};

function RollbackDialog({ deployment, revision, onClose }: RollbackDialogProps) {
  const rollback = useChange(
    () => fetchApi<unknown>("POST", `${deploymentPath(deployment.id)}/rollback`, { body: { revision } }),
    [deploymentsPath],
    () => {
      toast.done(`Revision ${revision} is being brought back.`);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      danger={false}
      onClose={onClose}
      title={`Roll back to revision ${revision}?`}
      verb="Roll back"
      onConfirm={() => rollback.mutate(undefined)}
      pending={rollback.isPending}
      problem={rollback.problem}
    >
      <p>Its build and values become a new revision. The one that serves now goes on until the new one is healthy.</p>
    </ConfirmDialog>
  );
}
