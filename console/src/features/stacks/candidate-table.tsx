// The candidates of a plan: cost and quality as bars, so that they can be compared at a glance.

import { Money } from "../../ui/money.tsx";
import { duration } from "../../ui/time-format.ts";
import type { DryRunResult } from "./stacks-api.ts";

type Candidate = NonNullable<DryRunResult["plan"]>["candidates"][number];

export type CandidateTableProps = {
  readonly candidates: readonly Candidate[];
  /** The quality that the target asks for; null where none is asked for. */
  readonly needed: number | null;
};

export function CandidateTable({ candidates, needed }: CandidateTableProps) {
  const dearest = Math.max(...candidates.map(({ expected_cost_usd: cost }) => Number(cost)));
  return (
    <div
      className="relative overflow-x-auto rounded-md border border-line"
      role="region"
      aria-label="Candidates"
      tabIndex={0}
    >
      <table className="w-full min-w-[46rem] text-sm">
        <thead className="bg-sunken text-left text-muted">
          <tr>
            {["", "Model", "Expected cost", "At most", "First words", "Whole answer", "Quality", "Why"].map((title) => (
              <th key={title} scope="col" className="px-3 py-2 font-medium">
                {title === "" ? <span className="sr-only">Place</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {candidates.map((candidate, index) => (
            <tr key={`${candidate.model} ${candidate.provider}`} className="border-t border-line align-top">
              <td className="figures px-3 py-2 text-faint">{index + 1}</td>
              <td className="px-3 py-2">
                <p className={index === 0 ? "font-medium" : ""}>{candidate.name}</p>
                <p className="text-faint">{candidate.provider}</p>
              </td>
              <td className="px-3 py-2">
                <Money usd={candidate.expected_cost_usd} />
                <Bar share={dearest === 0 ? 0 : Number(candidate.expected_cost_usd) / dearest} look="bg-brass-strong" />
              </td>
              <td className="px-3 py-2">
                <Money usd={candidate.worst_cost_usd} />
              </td>
              <td className="figures px-3 py-2">{duration(candidate.expected_first_byte_ms)}</td>
              <td className="figures px-3 py-2">{duration(candidate.expected_total_ms)}</td>
              <td className="px-3 py-2">
                <span className="figures">{candidate.quality}</span>
                {needed !== null && <span className="text-faint"> of {needed} needed</span>}
                <Bar share={candidate.quality / 100} look="bg-good" />
              </td>
              <td className="px-3 py-2 text-muted">{candidate.reasons.join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Bar({ share, look }: { readonly share: number; readonly look: string }) {
  return (
    <span aria-hidden className="mt-1 block h-1 w-20 rounded-full bg-raised">
      <span
        className={`block h-1 rounded-full ${look}`}
        style={{ width: `${Math.max(2, Math.min(100, share * 100))}%` }}
      />
    </span>
  );
}
