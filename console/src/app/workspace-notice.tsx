// Says above every page when the workspace is suspended or waits for its access review.

import { useLocation, useParams } from "@tanstack/react-router";
import type { z } from "zod";
import type { workspaceSchema } from "../../../server/contracts/control-workspaces.ts";
import { useItem } from "../api/item.ts";
import { useMe } from "../api/me.ts";
import { ButtonLink } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";

export function WorkspaceNotice() {
  const { workspaceId } = useParams({ strict: false });
  const { pathname } = useLocation();
  const status = useMe().workspaces.find(({ id }) => id === workspaceId)?.status;
  if (workspaceId === undefined || status === undefined || status === "active") return null;
  if (status === "access_pending" && pathname.endsWith("/access")) return null;
  return (
    <div className="mb-6">
      {status === "suspended" ? <Suspended workspaceId={workspaceId} /> : <Pending workspaceId={workspaceId} />}
    </div>
  );
}

function Suspended({ workspaceId }: { readonly workspaceId: string }) {
  const { item } = useItem<z.output<typeof workspaceSchema>>(`/api/workspaces/${workspaceId}`);
  return (
    <Notice tone="bad" title="This workspace is suspended">
      {item?.status_reason != null && <p>{item.status_reason}</p>}
      <p>Its keys are refused with 403. Ask whoever runs this server to resume it.</p>
    </Notice>
  );
}

function Pending({ workspaceId }: { readonly workspaceId: string }) {
  return (
    <Notice
      tone="brass"
      title="This workspace waits for its access review"
      action={
        <ButtonLink to="/w/$workspaceId/access" params={{ workspaceId }}>
          See the access request
        </ButtonLink>
      }
    >
      Its keys answer 403 until an operator approves the access request.
    </Notice>
  );
}
