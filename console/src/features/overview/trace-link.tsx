// A button that leads to the trace of a request.

import type { ReactNode } from "react";
import { useWorkspace } from "../../api/workspace.ts";
import { ButtonLink } from "../../ui/button.tsx";

/** Where the pages of traces show a request. */
export function tracePath(workspaceId: string, requestId: string): string {
  return `/w/${workspaceId}/traces/${requestId}`;
}

export function TraceLink({ requestId, children }: { readonly requestId: string; readonly children: ReactNode }) {
  const { id } = useWorkspace();
  return (
    <ButtonLink to={tracePath(id, requestId)} look="primary">
      {children}
    </ButtonLink>
  );
}
