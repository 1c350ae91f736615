// What somebody sees who belongs to no workspace.

import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Card } from "../ui/section.tsx";

export function NoWorkspacePage() {
  return (
    <>
      <PageHeader title="Workspaces" />
      <Card>
        <EmptyState title="You belong to no workspace yet">
          Open the invitation that was sent to you, or ask a colleague to invite you.
        </EmptyState>
      </Card>
    </>
  );
}
