// The API keys of a workspace.

import { useWorkspace } from "../../api/workspace.ts";
import { PageHeader } from "../../ui/page-header.tsx";

export function KeysPage() {
  const { name } = useWorkspace();
  return <PageHeader title="Keys" description={name} />;
}
