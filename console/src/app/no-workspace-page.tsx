// What somebody sees who belongs to no workspace.

import { ButtonLink } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Card } from "../ui/section.tsx";

export function NoWorkspacePage() {
  return (
    <>
      <PageHeader title="Workspaces" />
      <Card>
        <EmptyState
          title="You belong to no workspace yet"
          action={
            <ButtonLink look="primary" to="/workspaces/new">
              Create a workspace
            </ButtonLink>
          }
        >
          Open the invitation that was sent to you, or ask a colleague to invite you.
        </EmptyState>
      </Card>
    </>
  );
}
