// The picture of a chart, drawn by recharts. Loaded only by pages that show one.

import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { ResponsiveContainer } from "recharts";
import type { ReactElement } from "react";
import type { ChartProps, ChartSeries } from "./chart.tsx";

const heightPixels = 224;
/** Fewer values than this are marked, so that one alone is seen too. */
const mostDots = 12;
const colours = [1, 2, 3, 4, 5, 6].map((number) => `var(--chart-${number})`);
const axis = { stroke: "var(--line-strong)", tick: { fill: "var(--faint)", fontSize: 12 }, tickLine: false } as const;

export function ChartPicture(props: ChartProps) {
  return (
    // The table behind it says the same to those who do not see it.
    <div aria-hidden style={{ height: heightPixels }}>
      <ResponsiveContainer width="100%" height="100%">
        {pictureOf(props)}
      </ResponsiveContainer>
    </div>
  );
}

function pictureOf({ kind, series, points, format }: ChartProps): ReactElement {
  const data = points.map(({ label, values }) => ({ label, ...values }));
  const frame = [
    <CartesianGrid key="grid" vertical={false} stroke="var(--line)" />,
    <XAxis key="x" dataKey="label" minTickGap={24} {...axis} />,
    <YAxis key="y" width={72} tickFormatter={(value: number) => format(value)} {...axis} axisLine={false} />,
    <Tooltip
      key="tooltip"
      formatter={(value) => (typeof value === "number" ? format(value) : String(value))}
      contentStyle={{
        background: "var(--surface)",
        border: "1px solid var(--line-strong)",
        borderRadius: 5,
        fontSize: 13,
      }}
      cursor={{ stroke: "var(--line-strong)", fill: "var(--sunken)" }}
    />,
    ...(series.length > 1 ? [<Legend key="legend" iconType="plainline" wrapperStyle={{ fontSize: 12 }} />] : []),
  ];
  if (kind === "bar" || kind === "stacked-bar") {
    return (
      <BarChart data={data} accessibilityLayer={false}>
        {frame}
        {series.map((one, at) => (
          <Bar
            key={one.key}
            dataKey={one.key}
            name={one.name}
            fill={colourOf(at)}
            isAnimationActive={false}
            {...(kind === "stacked-bar" && { stackId: "all" })}
          />
        ))}
      </BarChart>
    );
  }
  if (kind === "stacked") return stackedPicture(data, series, frame);
  return (
    <LineChart data={data} accessibilityLayer={false}>
      {frame}
      {series.map((one, at) => (
        <Line
          key={one.key}
          dataKey={one.key}
          name={one.name}
          stroke={colourOf(at)}
          strokeWidth={1.5}
          dot={points.filter(({ values }) => values[one.key] !== undefined).length < mostDots}
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  );
}

function stackedPicture(data: object[], series: readonly ChartSeries[], frame: ReactElement[]): ReactElement {
  return (
    <AreaChart data={data} accessibilityLayer={false}>
      {frame}
      {series.map((one, at) => (
        <Area
          key={one.key}
          dataKey={one.key}
          name={one.name}
          stackId="all"
          stroke={colourOf(at)}
          fill={colourOf(at)}
          fillOpacity={0.25}
          isAnimationActive={false}
        />
      ))}
    </AreaChart>
  );
}

function colourOf(at: number): string {
  return colours[at % colours.length] ?? "var(--ink)";
}
