// Says above every page when the workspace is suspended or waits for its access review.

import { useWorkspace } from "../api/workspace.ts";
import { Notice } from "../ui/notice.tsx";

export function WorkspaceNotice() {
  const { status } = useWorkspace();
  if (status === "active") return null;
  return (
    <div className="mb-6">
      {status === "suspended" ? (
        <Notice tone="bad" title="This workspace is suspended">
          Its keys are refused with 403. Ask whoever runs this server to resume it.
        </Notice>
      ) : (
        <Notice tone="brass" title="This workspace waits for its access review">
          Its keys answer 403 until an operator approves the access request.
        </Notice>
      )}
    </div>
  );
}
