// One stack: a managed one to read and clone, or one's own to edit.

import { useParams } from "@tanstack/react-router";
import { lazy } from "react";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { ManagedStack } from "./managed-stack.tsx";
import type { Stack } from "./stacks-api.ts";
import { usePolicySchema } from "./use-policy-schema.ts";

/** With the text editor, which managed stacks do without. */
const StackEditor = lazy(async () => ({ default: (await import("./stack-editor.tsx")).StackEditor }));

export function StackPage() {
  const { path } = useWorkspace();
  const { stack: slug = "" } = useParams({ strict: false });
  const { item, error, retry } = useItem<Stack>(`${path}/stacks/${encodeURIComponent(slug)}`);
  const schema = usePolicySchema();
  if (error !== undefined && item === undefined) {
    return (
      <>
        <PageHeader title="Stack" />
        <ErrorState error={error} onRetry={retry} />
      </>
    );
  }
  if (item === undefined || schema === undefined) return <PageSkeleton />;
  if (item.kind === "managed") return <ManagedStack stack={item} schema={schema} />;
  return <StackEditor key={item.id} stack={item} schema={schema} />;
}
