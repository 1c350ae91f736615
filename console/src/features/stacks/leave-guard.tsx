// Asks before a page with unsaved changes is left.

import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

export function LeaveGuard({ unsaved }: { readonly unsaved: boolean }) {
  const blocker = useBlocker({
    // Tabs and filters of this page are in the address too.
    shouldBlockFn: ({ current, next }) => unsaved && current.pathname !== next.pathname,
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  const blocked = blocker.status === "blocked";
  return (
    <ConfirmDialog
      open={blocked}
      onClose={() => void (blocked && blocker.reset())}
      title="Leave without saving?"
      verb="Leave"
      onConfirm={() => void (blocked && blocker.proceed())}
      pending={false}
      problem={undefined}
    >
      What you changed in this draft is lost.
    </ConfirmDialog>
  );
}
