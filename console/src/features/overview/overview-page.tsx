// The first page of a workspace.

import { useWorkspace } from "../../api/workspace.ts";
import { PageHeader } from "../../ui/page-header.tsx";

export function OverviewPage() {
  const { name } = useWorkspace();
  return <PageHeader title="Overview" description={name} />;
}
