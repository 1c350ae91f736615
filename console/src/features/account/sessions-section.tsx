// Where the person is signed in: browsers and programs, each of which can be ended.

import { Monitor, Terminal } from "lucide-react";
import type { z } from "zod";
import type { sessionSchema } from "../../../../server/contracts/control-me.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useList } from "../../api/list.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Badge } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { ProblemNotice } from "../../ui/problem-notice.tsx";
import { deviceName } from "./device-name.ts";
import { accountPaths, useOwnChange } from "./own-change.ts";

type Session = z.output<typeof sessionSchema>;

export function SessionsSection() {
  const { items: sessions, error, retry } = useList<Session>(accountPaths.sessions);
  const end = useOwnChange(
    (id: string) => fetchApi("DELETE", `${accountPaths.sessions}/${id}`),
    () => toast.done("The session has ended."),
  );
  const endOthers = useOwnChange(
    () => fetchApi("DELETE", accountPaths.sessions),
    () => toast.done("All other sessions have ended."),
  );
  return (
    <Section
      title="Sessions"
      description="A session ends seven days after its last use."
      actions={
        <Button disabled={(sessions?.length ?? 0) < 2} pending={endOthers.isPending} onClick={() => endOthers.mutate()}>
          End all others
        </Button>
      }
    >
      {error !== undefined && <ErrorState error={error} onRetry={retry} />}
      {sessions === undefined && error === undefined && <Skeleton className="h-10 w-full" />}
      <ul className="flex flex-col">
        {sessions?.map((session) => (
          <li key={session.id} className="flex items-center gap-3 border-b border-line py-2 last:border-b-0">
            {session.user_agent.startsWith("Mozilla/") ? (
              <Monitor aria-hidden className="size-4 shrink-0 text-faint" />
            ) : (
              <Terminal aria-hidden className="size-4 shrink-0 text-faint" />
            )}
            <div className="min-w-0 flex-1">
              <p className="flex items-center gap-2">
                <span className="truncate">{deviceName(session.user_agent)}</span>
                {session.current && <Badge tone="brass">This one</Badge>}
              </p>
              <p className="truncate text-sm text-muted">
                {session.address !== "" && <span className="figures">{session.address} · </span>}
                opened <Time at={session.created_at} />
              </p>
            </div>
            {!session.current && (
              <Button
                look="quiet"
                size="small"
                aria-label={`End the session of ${deviceName(session.user_agent)}`}
                pending={end.isPending && end.variables === session.id}
                onClick={() => end.mutate(session.id)}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ProblemNotice problem={end.problem ?? endOthers.problem} />
    </Section>
  );
}
