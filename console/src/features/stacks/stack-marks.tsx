// How a stack is: the version that serves, and whether the draft is saved.

import { Badge, Status } from "../../ui/status.tsx";
import type { Stack } from "./stacks-api.ts";

export function StackMarks({ stack, unsaved }: { readonly stack: Stack; readonly unsaved: boolean }) {
  const { status, active_version: version } = stack;
  return (
    <>
      <span className="figures text-sm text-faint">{stack.slug}</span>
      {status === "archived" && <Badge>Archived</Badge>}
      {version === null ? (
        <Status tone="plain">Draft only</Status>
      ) : (
        <Status tone="good">{`Version ${version} serves`}</Status>
      )}
      {unsaved && <Status tone="brass">Unsaved changes</Status>}
    </>
  );
}
