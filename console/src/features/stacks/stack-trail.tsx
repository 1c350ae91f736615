// The way back from a stack to the list.

import { Link } from "@tanstack/react-router";
import { useWorkspace } from "../../api/workspace.ts";

export function StackTrail() {
  const { id } = useWorkspace();
  return (
    <Link to="/w/$workspaceId/stacks" params={{ workspaceId: id }} className="hover:text-ink hover:underline">
      Stacks
    </Link>
  );
}
