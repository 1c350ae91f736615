// What was used, over time: cost, requests, tokens, latency, savings and errors, all together or by group.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useCallback, useMemo } from "react";
import type { UsageSeries } from "../../../../server/contracts/control-activity.ts";
import { asApiError } from "../../api/api-error.ts";
import { apiUrl, getApi } from "../../api/fetch-api.ts";
import { itemKey } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { compact } from "../../app/search.ts";
import { ButtonAnchor } from "../../ui/button.tsx";
import { Chart } from "../../ui/chart.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Figure } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Card } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { duration } from "../../ui/time-format.ts";
import { useNow } from "../../ui/time.tsx";
import type { UsageSearch } from "./routes.ts";
import { chartOf, measures } from "./usage-charts.ts";
import { UsageFilters } from "./usage-filters.tsx";
import { exportQuery, seriesQuery } from "./usage-query.ts";
import { UsageTable } from "./usage-table.tsx";

const minuteMs = 60_000;

export function UsagePage() {
  const { path } = useWorkspace();
  const search: UsageSearch = useSearch({ from: "/signed-in/w/$workspaceId/usage" });
  const navigate = useNavigate({ from: "/w/$workspaceId/usage" });
  const change = useCallback((next: UsageSearch) => void navigate({ search: compact(next) }), [navigate]);
  const minute = Math.floor(useNow() / minuteMs) * minuteMs;
  const query = useMemo(() => seriesQuery(search, minute), [search, minute]);
  const address = `${path}/usage/series`;
  // The charts stay while the next ones are on their way.
  const { data, error, refetch } = useQuery({
    queryKey: itemKey(address, query),
    queryFn: ({ signal }) => getApi<UsageSeries>(address, query, signal),
    placeholderData: keepPreviousData,
  });
  const fileOf = (format: string): string => apiUrl(`${path}/usage/export`, { ...exportQuery(search, minute), format });
  return (
    <>
      <PageHeader
        title="Usage"
        description="What was used and what it cost, by the calendar of UTC."
        actions={
          <>
            <ButtonAnchor href={fileOf("csv")} download icon={<Download aria-hidden />}>
              Export CSV
            </ButtonAnchor>
            <ButtonAnchor href={fileOf("jsonl")} download look="quiet">
              JSON lines
            </ButtonAnchor>
          </>
        }
      />
      <UsageFilters search={search} onSearch={change} />
      {error !== null && data === undefined ? (
        <ErrorState error={asApiError(error)} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <Shown series={data} />
      )}
    </>
  );
}

function Shown({ series }: { readonly series: UsageSeries }) {
  const { total } = series;
  return (
    <div className="flex flex-col gap-4">
      <Card className="grid grid-cols-2 gap-4 md:grid-cols-3 xl:grid-cols-6">
        <Figure name="Cost" value={<Money usd={total.cost_usd} />} />
        <Figure
          name="Requests"
          value={total.requests.toLocaleString("en-US")}
          note={total.unbilled === 0 ? "all billed" : `${total.unbilled.toLocaleString("en-US")} not billed`}
        />
        <Figure
          name="Tokens"
          value={(total.input_tokens + total.output_tokens).toLocaleString("en-US")}
          note={`${total.output_tokens.toLocaleString("en-US")} of them out`}
        />
        <Figure
          name="Latency"
          value={total.latency_p50_ms === null ? "–" : duration(total.latency_p50_ms)}
          note={total.latency_p95_ms === null ? "" : `19 of 20 within ${duration(total.latency_p95_ms)}`}
        />
        <Figure name="Saved" value={<Money usd={total.savings_usd} />} note="expected" />
        <Figure name="Errors" value={total.errors.toLocaleString("en-US")} note={shareInWords(total)} />
      </Card>
      {total.requests === 0 ? (
        <EmptyState title="Nothing was used in this time">Choose a longer time, or take a filter away.</EmptyState>
      ) : (
        <>
          <div className="grid min-w-0 gap-4 xl:grid-cols-2">
            {measures.map((measure) => (
              <Chart
                key={measure.title}
                title={measure.title}
                {...(measure.description !== undefined && { description: measure.description })}
                kind={measure.kind}
                format={measure.format}
                {...chartOf(series, measure)}
              />
            ))}
          </div>
          <UsageTable series={series} />
        </>
      )}
    </div>
  );
}

function shareInWords({ errors, requests }: UsageSeries["total"]): string {
  return requests === 0 || errors === 0 ? "none" : `${((errors / requests) * 100).toFixed(1)}% of requests`;
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-24 w-full" />
      <div className="grid gap-4 xl:grid-cols-2">
        {measures.map(({ title }) => (
          <Skeleton key={title} className="h-72 w-full" />
        ))}
      </div>
    </div>
  );
}
