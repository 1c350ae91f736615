// What the same tokens would have cost with the other models.

import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";
import { cx } from "../../ui/class-names.ts";
import { Money } from "../../ui/money.tsx";
import { Section } from "../../ui/section.tsx";
import { shareOf } from "./shares.ts";

const roles = {
  answered: "Answered",
  candidate: "Candidate",
  spare: "In reserve",
  baseline: "Strongest allowed",
} as const;

export function AlternativesSection({ detail }: { readonly detail: TraceDetail }) {
  const { alternatives } = detail;
  if (alternatives.length < 2) return null;
  const most = alternatives.reduce((top, { cost_usd: cost }) => (cost !== null && cost > top ? cost : top), "");
  return (
    <Section
      title="What the alternatives would have cost"
      description="The tokens of this answer at the prices of its day. Tokenizers differ, so this compares prices."
      flush
    >
      <ul aria-label="Alternatives">
        {alternatives.map(({ model, provider, role, cost_usd: cost, difference_usd: difference }) => (
          <li
            key={`${model} ${provider} ${role}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2"
          >
            <span className={cx("min-w-0 text-sm break-words", role === "answered" && "font-medium")}>{model}</span>
            <span className="text-right text-sm">
              <Money usd={cost} />
            </span>
            <span aria-hidden className="col-span-2 h-1 rounded-sm bg-sunken">
              <span
                className={cx(
                  "block h-1 min-w-px rounded-sm",
                  role === "answered" ? "bg-brass-strong" : "bg-line-strong",
                )}
                style={{ width: `${shareOf(cost ?? undefined, most) * 100}%` }}
              />
            </span>
            <span className="text-sm text-faint">{roles[role]}</span>
            <span className="text-right text-sm text-muted">
              {role === "answered" ? "" : <Difference usd={difference} />}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Difference({ usd }: { readonly usd: string | null }) {
  if (usd === null) return <span className="text-faint">no price</span>;
  if (/^-?[0.]+$/.test(usd)) return <>the same</>;
  return usd.startsWith("-") ? (
    <>
      <Money usd={usd.slice(1)} /> less
    </>
  ) : (
    <>
      <Money usd={usd} /> more
    </>
  );
}
