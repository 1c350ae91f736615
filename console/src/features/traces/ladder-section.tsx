// The ladder as a profiler shows it: a bar a rung, where it began and how long it took.

import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";
import { cx } from "../../ui/class-names.ts";
import { Section } from "../../ui/section.tsx";
import { ladderMs, ladderOf, shortDuration, type Rung } from "./ladder.ts";

const bars = { plain: "bg-line-strong", good: "bg-good", bad: "bg-bad" } as const;
const ticks = [0, 0.25, 0.5, 0.75, 1];

export function LadderSection({ detail }: { readonly detail: TraceDetail }) {
  const rungs = ladderOf(detail);
  const whole = ladderMs(rungs);
  return (
    <Section title="The ladder" description={`What happened in ${shortDuration(whole)}, rung by rung.`}>
      {detail.trace.steps.length === 0 ? (
        <p className="text-base text-muted">This stack keeps no traces, so only the billing records are left.</p>
      ) : (
        <ol aria-label="Rungs" className="min-w-0">
          <li aria-hidden className="mb-1 hidden grid-cols-[13rem_minmax(0,1fr)_5rem] gap-3 sm:grid">
            <span />
            <span className="flex justify-between text-xs text-faint">
              {ticks.map((part) => (
                <span key={part} className="figures">
                  {shortDuration(whole * part)}
                </span>
              ))}
            </span>
          </li>
          {rungs.map((rung) => (
            <RungLine key={rung.id} rung={rung} whole={whole} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function RungLine({ rung, whole }: { readonly rung: Rung; readonly whole: number }) {
  const { name, about, startMs, ms, kind, tone, firstByteMs } = rung;
  const percent = (part: number): string => `${((part / whole) * 100).toFixed(3)}%`;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_5rem] items-center gap-x-3 border-t border-line py-1 sm:grid-cols-[13rem_minmax(0,1fr)_5rem]">
      <span className={cx("min-w-0 truncate text-sm", kind === "attempt" && "pl-4 text-muted")} title={about}>
        {name}
        <span className="sr-only">
          , {about}, from {shortDuration(startMs)}
        </span>
      </span>
      <span className="figures text-right text-sm sm:order-3">{shortDuration(ms)}</span>
      <span
        aria-hidden
        className="relative h-3 rounded-sm bg-sunken max-sm:col-span-2 sm:order-2"
        title={`From ${shortDuration(startMs)} to ${shortDuration(startMs + ms)}`}
      >
        <span
          className={cx("absolute inset-y-0 min-w-0.5 rounded-sm", bars[tone], kind === "attempt" && "opacity-80")}
          style={{ left: `min(${percent(startMs)}, calc(100% - 2px))`, width: percent(ms) }}
        />
        {firstByteMs !== undefined && (
          <span
            className="absolute inset-y-0 w-0.5 bg-brass-strong"
            style={{ left: `min(${percent(firstByteMs)}, calc(100% - 2px))` }}
            title={`First byte at ${shortDuration(firstByteMs)}`}
          />
        )}
      </span>
    </li>
  );
}
