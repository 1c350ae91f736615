// What can be done with a request: send it again, under this stack or another, copy it, share its address.

import { Link2, Play, TerminalSquare } from "lucide-react";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";
import { ButtonLink, Button } from "../../ui/button.tsx";
import { useCopy } from "../../ui/copy-button.tsx";
import { Menu, MenuItem, MenuLabel } from "../../ui/menu.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import { useNavigate } from "@tanstack/react-router";
import { curlOf } from "./curl.ts";

type Stack = { readonly slug: string; readonly name: string };

export function TraceActs({ detail }: { readonly detail: TraceDetail }) {
  const { trace } = detail;
  const { prompt, request_id: requestId } = trace;
  const { id: workspaceId, may } = useWorkspace();
  const link = useCopy(window.location.href);
  const curl = useCopy(curlOf(trace, window.location.origin));
  return (
    <>
      {may("build") &&
        (prompt === undefined ? (
          <Tooltip text="The stack does not store prompts, so there is nothing to send again.">
            <span>
              <Button disabled icon={<Play aria-hidden />}>
                Replay
              </Button>
            </span>
          </Tooltip>
        ) : (
          <>
            <ButtonLink
              to="/w/$workspaceId/playground"
              params={{ workspaceId }}
              search={{ from: requestId, ...(trace.stack && { stack: trace.stack.slug }) }}
              icon={<Play aria-hidden />}
            >
              Replay
            </ButtonLink>
            <OtherStacks requestId={requestId} own={trace.stack?.slug} />
          </>
        ))}
      {prompt !== undefined && (
        <Button onClick={curl.copy} icon={<TerminalSquare aria-hidden />}>
          {curl.copied ? "Copied" : "Copy as curl"}
        </Button>
      )}
      <Button onClick={link.copy} icon={<Link2 aria-hidden />}>
        {link.copied ? "Copied" : "Copy link"}
      </Button>
    </>
  );
}

function OtherStacks({ requestId, own }: { readonly requestId: string; readonly own: string | undefined }) {
  const { id: workspaceId, path } = useWorkspace();
  const { items = [] } = useList<Stack>(`${path}/stacks`);
  const navigate = useNavigate();
  const replay = (stack: string): void =>
    void navigate({ to: "/w/$workspaceId/playground", params: { workspaceId }, search: { from: requestId, stack } });
  return (
    <Menu trigger={<Button>Replay under…</Button>}>
      <MenuLabel>Another stack</MenuLabel>
      {items
        .filter(({ slug }) => slug !== own)
        .map(({ slug, name }) => (
          <MenuItem key={slug} onSelect={() => replay(slug)}>
            {name}
          </MenuItem>
        ))}
    </Menu>
  );
}
