// One blueprint: its builds, its description, its file, and deploying it.

import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useItem } from "../../api/item.ts";
import { listOf } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Marked } from "../../ui/marked.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Badge, Status } from "../../ui/status.tsx";
import type { TableColumn } from "../../ui/table-column.ts";
import { Tabs } from "../../ui/tabs.tsx";
import { Time } from "../../ui/time.tsx";
import { blueprintPath, type Blueprint, type Build, type BuildDetail, type Builds } from "./blueprint.ts";
import { DeployDialog } from "./deploy-dialog.tsx";
import type { BlueprintSearch } from "./routes.ts";

export function BlueprintPage() {
  const { id: workspaceId } = useWorkspace();
  const { blueprint: name } = useParams({ from: "/signed-in/w/$workspaceId/agents/blueprints/$blueprint" });
  const { item, error, retry } = useItem<Blueprint>(blueprintPath(workspaceId, name));
  if (item !== undefined) return <Shown blueprint={item} />;
  if (error === undefined) return <PageSkeleton />;
  return (
    <>
      <PageHeader title={name} trail={<Trail />} />
      <ErrorState error={error} onRetry={retry} />
    </>
  );
}

function Trail() {
  const { id: workspaceId } = useWorkspace();
  return (
    <Link
      to="/w/$workspaceId/agents"
      params={{ workspaceId }}
      search={{ tab: "blueprints" }}
      className="hover:text-ink hover:underline"
    >
      Blueprints
    </Link>
  );
}

function Shown({ blueprint }: { readonly blueprint: Blueprint }) {
  const { may } = useWorkspace();
  const search: BlueprintSearch = useSearch({ from: "/signed-in/w/$workspaceId/agents/blueprints/$blueprint" });
  const navigate = useNavigate({ from: "/w/$workspaceId/agents/blueprints/$blueprint" });
  const change = (next: BlueprintSearch): void => void navigate({ search: next, replace: true });
  const { tab = "builds" } = search;
  const [newest] = blueprint.versions;
  const build = search.build ?? newest?.build_id;
  return (
    <>
      <PageHeader
        title={blueprint.name}
        trail={<Trail />}
        mark={blueprint.visibility === "public" && <Badge tone="brass">Public</Badge>}
        description={
          newest === undefined ? (
            "No build has been pushed."
          ) : (
            <>
              Build <span className="figures">{newest.build_id}</span> was pushed <Time at={newest.published_at} />.
            </>
          )
        }
        actions={
          may("build") &&
          newest !== undefined && (
            <Button look="primary" onClick={() => change({ ...search, dialog: "deploy" })}>
              Deploy
            </Button>
          )
        }
      />
      <Tabs
        label="Views of the blueprint"
        value={tab}
        onValue={(next) => change(next === "builds" ? {} : { tab: next })}
        tabs={[
          { value: "builds", label: "Builds", content: <BuildsTab name={blueprint.name} /> },
          {
            value: "readme",
            label: "AGENT.md",
            content: newest?.readme ? (
              <CodeBlock label="AGENT.md" tall samples={[{ language: "Markdown", code: newest.readme }]} />
            ) : (
              <EmptyState title="No description">
                Write an AGENT.md beside astropods.yml: the next push brings it here.
              </EmptyState>
            ),
          },
          {
            value: "file",
            label: "astropods.yml",
            content:
              build === undefined ? (
                <EmptyState title="No build yet" />
              ) : (
                <FileTab name={blueprint.name} build={build} />
              ),
          },
        ]}
      />
      {search.dialog === "deploy" && (
        <DeployDialog blueprint={blueprint.name} onClose={() => change({ tab, build: search.build })} />
      )}
    </>
  );
}

function BuildsTab({ name }: { readonly name: string }) {
  const { id: workspaceId } = useWorkspace();
  const { item, ...state } = useItem<Builds>(`${blueprintPath(workspaceId, name)}/builds`);

  return (
    <DataTable
      name="builds"
      label="Builds"
      columns={buildColumns}
      list={listOf(item?.builds, state)}
      rowId={({ build_id: id }) => id}
      rowLink={({ build_id: build }) => ({
        to: "/w/$workspaceId/agents/blueprints/$blueprint",
        params: { workspaceId, blueprint: name },
        search: { tab: "file", build },
      })}
      empty={<EmptyState title="No build has been pushed" />}
    />
  );
}

const buildColumns: readonly TableColumn<Build>[] = [
  {
    id: "build",
    title: "Build",
    fixed: true,
    width: "10rem",
    cell: ({ build_id: id }) => <span className="figures font-medium">{id}</span>,
    text: ({ build_id: id }) => id,
  },
  {
    id: "deployed",
    title: "Deployed",
    width: "8rem",
    cell: ({ deployed }) => (deployed ? <Status tone="good">In use</Status> : <span className="text-faint">–</span>),
    text: ({ deployed }) => String(deployed),
  },
  {
    id: "pushed",
    title: "Pushed",
    width: "8rem",
    cell: ({ published_at: at }) => <Time at={at} />,
    text: ({ published_at: at }) => at,
  },
  {
    id: "by",
    title: "By",
    width: "minmax(10rem, 1fr)",
    cell: ({ published_by: by }) => by,
    text: ({ published_by: by }) => by,
  },
  {
    id: "warnings",
    title: "Warnings",
    align: "right",
    width: "7rem",
    cell: ({ validation_warnings: warnings }) => <span className="figures">{warnings.length}</span>,
    text: ({ validation_warnings: warnings }) => String(warnings.length),
  },
];

function FileTab({ name, build }: { readonly name: string; readonly build: string }) {
  const { id: workspaceId } = useWorkspace();
  const { item, error, retry } = useItem<BuildDetail>(
    `${blueprintPath(workspaceId, name)}/builds/${encodeURIComponent(build)}`,
  );
  if (item === undefined) return error ? <ErrorState error={error} onRetry={retry} /> : <PageSkeleton />;
  return (
    <div className="flex flex-col gap-4">
      {item.validation_warnings.map(({ line, path, message, hint }) => (
        <Notice key={`${line} ${path} ${message}`} tone="brass" title={<Marked text={`Line ${line}: ${message}`} />}>
          {hint && <Marked text={hint} />}
        </Notice>
      ))}
      <CodeBlock
        label={`astropods.yml of build ${build}`}
        tall
        samples={[{ language: "YAML", code: item.spec_content }]}
      />
    </div>
  );
}
