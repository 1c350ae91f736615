// Charts with their numbers behind them: the picture is loaded when it is needed, the table is always there to read.

import { lazy, Suspense, useState, type ReactNode } from "react";
import { Button } from "./button.tsx";
import { Section } from "./section.tsx";
import { Skeleton } from "./skeleton.tsx";

export type ChartSeries = { readonly key: string; readonly name: string };

export type ChartPoint = {
  /** What stands on the horizontal axis. */
  readonly label: string;
  /** By the series' key; absent: no value there. */
  readonly values: Readonly<Record<string, number>>;
};

export type ChartProps = {
  readonly title: string;
  readonly description?: ReactNode;
  readonly kind: "line" | "bar" | "stacked" | "stacked-bar";
  readonly series: readonly ChartSeries[];
  readonly points: readonly ChartPoint[];
  /** How a value is written, with its unit. */
  readonly format: (value: number) => string;
  readonly actions?: ReactNode;
};

const ChartPicture = lazy(async () => ({ default: (await import("./chart-picture.tsx")).ChartPicture }));

export function Chart(props: ChartProps) {
  const { title, description, actions, points } = props;
  const [asTable, setAsTable] = useState(false);
  return (
    <Section
      title={title}
      {...(description !== undefined && { description })}
      actions={
        <>
          {actions}
          <Button look="quiet" size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? "Show the chart" : "Show the numbers"}
          </Button>
        </>
      }
    >
      {points.length === 0 ? (
        <p className="flex h-56 items-center justify-center text-base text-faint">Nothing happened in this time.</p>
      ) : asTable ? (
        <ChartTable {...props} />
      ) : (
        <Suspense fallback={<Skeleton className="h-56 w-full" />}>
          <ChartPicture {...props} />
        </Suspense>
      )}
    </Section>
  );
}

function ChartTable({ title, series, points, format }: ChartProps) {
  return (
    <div tabIndex={0} role="region" aria-label={title} className="max-h-72 overflow-auto">
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-surface">
          <tr className="border-b border-line text-left">
            <th scope="col" className="eyebrow py-1 pr-3">
              {title}
            </th>
            {series.map(({ key, name }) => (
              <th key={key} scope="col" className="eyebrow py-1 pl-3 text-right">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map(({ label, values }) => (
            <tr key={label} className="border-b border-line">
              <th scope="row" className="py-1 pr-3 text-left font-normal whitespace-nowrap">
                {label}
              </th>
              {series.map(({ key }) => (
                <td key={key} className="figures py-1 pl-3 text-right whitespace-nowrap">
                  {values[key] === undefined ? "–" : format(values[key])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
