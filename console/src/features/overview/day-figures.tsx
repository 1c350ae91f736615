// The figures of the day and of the purse, side by side.

import type { UsageSeries, Credits } from "./facts.ts";
import type { ItemState } from "../../api/item.ts";
import { Figure } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import { Card } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { duration } from "../../ui/time-format.ts";
import type { ReactNode } from "react";

export type DayFiguresProps = { readonly today: ItemState<UsageSeries>; readonly credits: ItemState<Credits> };

export function DayFigures({ today, credits }: DayFiguresProps) {
  const total = today.item?.total;
  const purse = credits.item;
  const share = total === undefined || total.requests === 0 ? undefined : (100 * total.errors) / total.requests;
  return (
    <div className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-4">
      <Cell
        name="Available"
        value={purse && <Money usd={purse.available_usd} />}
        note={
          purse && (
            <>
              <Money usd={purse.balance_usd} /> balance, <Money usd={purse.held_usd} /> held
            </>
          )
        }
        failed={credits.error !== undefined}
      />
      <Cell
        name="Cost today"
        value={total && <Money usd={total.cost_usd} />}
        note={
          total && (
            <>
              <Money usd={total.savings_usd} /> less than the strongest model
            </>
          )
        }
        failed={today.error !== undefined}
      />
      <Cell
        name="Requests today"
        value={total?.requests.toLocaleString("en")}
        note={total && (share === undefined ? "None yet" : `${total.errors} refused or failed, ${share.toFixed(1)} %`)}
        failed={today.error !== undefined}
      />
      <Cell
        name="Typical answer"
        value={total && (total.latency_p50_ms === null ? "–" : duration(total.latency_p50_ms))}
        note={total && total.latency_p95_ms !== null && `95 of 100 within ${duration(total.latency_p95_ms)}`}
        failed={today.error !== undefined}
      />
    </div>
  );
}

type CellProps = {
  readonly name: string;
  /** Undefined until it is there. */
  readonly value: ReactNode;
  readonly note: ReactNode;
  readonly failed: boolean;
};

function Cell({ name, value, note, failed }: CellProps) {
  const missing = failed ? (
    <span className="text-base text-faint">Not available now</span>
  ) : (
    <Skeleton className="h-7 w-24" />
  );
  return (
    <Card className="rounded-none border-0">
      <Figure name={name} value={value ?? missing} note={note} />
    </Card>
  );
}
