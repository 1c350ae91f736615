// What happened with the account lately: sign-ins, refused ones among them, and changes of how its person signs in.

import { ShieldAlert, ShieldCheck } from "lucide-react";
import type { ShownAuditEvent } from "../../../../server/contracts/control-audit.ts";
import { useList } from "../../api/list.ts";
import { actionInWords } from "../../ui/action-words.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Time } from "../../ui/time.tsx";
import { deviceName } from "./device-name.ts";
import { accountPaths } from "./own-change.ts";

const shownAtOnce = 10;

export function RecentEventsSection() {
  const list = useList<ShownAuditEvent>(accountPaths.events, { limit: shownAtOnce });
  const { items: events, error, retry, hasMore, loadingMore, loadMore } = list;
  return (
    <Section
      title="Recent activity"
      description="Was a password or code refused, and it was not you? Change your password, end the other sessions, and revoke access tokens."
    >
      {error !== undefined && <ErrorState error={error} onRetry={retry} />}
      {events === undefined && error === undefined && <Skeleton className="h-10 w-full" />}
      {events?.length === 0 && <p className="text-muted">Nothing yet.</p>}
      <ul className="flex flex-col">
        {events?.map((event) => (
          <RecentEvent key={event.id} event={event} />
        ))}
      </ul>
      {hasMore && (
        <Button look="quiet" size="small" pending={loadingMore} onClick={loadMore}>
          Show older
        </Button>
      )}
    </Section>
  );
}

function RecentEvent({ event }: { readonly event: ShownAuditEvent }) {
  const { action, outcome, address, user_agent: agent, created_at: at } = event;
  return (
    <li className="flex items-center gap-3 border-b border-line py-2 last:border-b-0">
      {outcome === "done" ? (
        <ShieldCheck aria-hidden className="size-4 shrink-0 text-faint" />
      ) : (
        <ShieldAlert aria-hidden className="size-4 shrink-0 text-bad" />
      )}
      <div className="min-w-0 flex-1">
        <p className="truncate">{actionInWords(action)}</p>
        <p className="truncate text-sm text-muted">
          {address !== null && <span className="figures">{address} · </span>}
          {agent !== null && `${deviceName(agent)} · `}
          <Time at={at} />
        </p>
      </div>
    </li>
  );
}
