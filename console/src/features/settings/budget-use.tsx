// How much of each period's budget is spent and held.

import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { Money } from "../../ui/money.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Time } from "../../ui/time.tsx";
import type { BudgetStatus } from "./workspace-facts.ts";

type Period = BudgetStatus["periods"][number];

const periodNames: Readonly<Record<Period["period"], string>> = {
  daily: "Today",
  monthly: "This month",
  lifetime: "For ever",
};

export function BudgetUse() {
  const { path } = useWorkspace();
  const { item, error, retry } = useItem<BudgetStatus>(`${path}/budget`);
  if (item?.periods.length === 0) return null;
  return (
    <Section title="Spent so far">
      {error !== undefined && item === undefined ? (
        <ErrorState error={error} onRetry={retry} />
      ) : item === undefined ? (
        <Skeleton className="h-16 w-full" />
      ) : (
        <ul className="flex flex-col gap-4">
          {item.periods.map((period) => (
            <PeriodUse key={period.period} use={period} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function PeriodUse({ use }: { readonly use: Period }) {
  const share = Math.min(100, (Number(use.spent_usd) / Number(use.limit_usd)) * 100);
  return (
    <li className="flex flex-col gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-2 text-base">
        <span>{periodNames[use.period]}</span>
        <span>
          <Money usd={use.spent_usd} /> of <Money usd={use.limit_usd} />
          {Number(use.held_usd) > 0 && (
            <span className="text-muted">
              {" "}
              and up to <Money usd={use.held_usd} /> held
            </span>
          )}
        </span>
      </div>
      <div aria-hidden className="h-2 overflow-hidden rounded-sm bg-sunken">
        <div className={share >= 100 ? "h-full bg-bad" : "h-full bg-brass-strong"} style={{ width: `${share}%` }} />
      </div>
      {use.resets_at !== null && (
        <p className="text-sm text-faint">
          Starts anew <Time at={use.resets_at} />
        </p>
      )}
    </li>
  );
}
