// The first page of a workspace: the next step until a first request has arrived, the day's figures afterwards.

import { useState } from "react";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Card } from "../../ui/section.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { DayFigures } from "./day-figures.tsx";
import { useOverviewFacts, useToday, type OverviewFacts } from "./facts.ts";
import { FirstArrival } from "./first-arrival.tsx";
import { QuickStart } from "./quick-start.tsx";
import { RecentRequests } from "./recent-requests.tsx";
import { nextStep, stepsOf } from "./steps.ts";

export function OverviewPage() {
  const { id } = useWorkspace();
  // What was seen of one workspace says nothing of another.
  return <Overview key={id} />;
}

function Overview() {
  const { path } = useWorkspace();
  const [waiting, setWaiting] = useState(false);
  const [watched, setWatched] = useState(false);
  const facts = useOverviewFacts(path, waiting);
  const steps = stepsOf(facts);
  const next = nextStep(steps);
  const starting = next !== undefined;
  const waits = next?.name === "request";
  // Known only after reading; the next reading follows the new pace.
  if (waiting !== starting) setWaiting(starting);
  // Only whoever saw the page wait is shown the arrival.
  if (waits && !watched) setWatched(true);
  const failure = facts.credits.error ?? facts.keys.error ?? facts.requests.error;
  if (steps === undefined && failure !== undefined) {
    return (
      <>
        <PageHeader title="Overview" />
        <Card>
          <ErrorState error={failure} onRetry={() => retryAll(facts)} />
        </Card>
      </>
    );
  }
  if (steps === undefined) return <PageSkeleton />;
  const first = watched && next === undefined ? facts.requests.items?.at(-1) : undefined;
  if (first !== undefined) {
    return (
      <>
        <PageHeader title="Overview" />
        <FirstArrival request={first} onDone={() => setWatched(false)} />
      </>
    );
  }
  if (next !== undefined && !hasRequests(facts)) {
    return (
      <>
        <PageHeader title="First steps" description="Three steps to an answer that explains itself." />
        <QuickStart steps={steps} next={next} />
      </>
    );
  }
  return <DayPage facts={facts} />;
}

function DayPage({ facts }: { readonly facts: OverviewFacts }) {
  const { path } = useWorkspace();
  const today = useToday(path);
  return (
    <>
      <PageHeader title="Overview" description="Today by the calendar of UTC." />
      <div className="flex flex-col gap-6">
        <DayFigures today={today} credits={facts.credits} />
        <RecentRequests requests={facts.requests} />
      </div>
    </>
  );
}

function hasRequests({ requests }: OverviewFacts): boolean {
  return (requests.items?.length ?? 0) > 0;
}

function retryAll({ credits, keys, requests }: OverviewFacts): void {
  for (const { retry } of [credits, keys, requests]) retry();
}
