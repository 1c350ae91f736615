// What the request would probably cost and who would answer it; or why it would be refused.

import { Money } from "../../ui/money.tsx";
import type { Mode } from "./playground-request.ts";
import type { DryRun } from "./use-estimate.ts";

export type EstimateLineProps = {
  readonly estimate: DryRun | undefined;
  readonly mode: Mode;
  /** Whether there is anything to estimate. */
  readonly asking: boolean;
};

export function EstimateLine({ estimate, mode, asking }: EstimateLineProps) {
  if (estimate === undefined) {
    const words = asking ? "Estimating the cost." : "An estimate appears here once there is something to ask.";
    return <p className="text-sm text-faint">{words}</p>;
  }
  const first = estimate.plan?.candidates[0];
  if (estimate.refusal !== null) {
    return (
      <p role="status" className="text-sm text-bad">
        Would be refused: {estimate.refusal.message} <span className="text-muted">{estimate.refusal.hint}</span>
      </p>
    );
  }
  if (first === undefined) return null;
  return (
    <p role="status" className="text-sm text-muted">
      {mode === "test" ? "Costs nothing in test mode. Live: about " : "About "}
      <Money usd={first.expected_cost_usd} /> , at most{" "}
      <Money usd={estimate.hold?.ceiling_usd ?? first.worst_cost_usd} />, from{" "}
      <span className="text-ink">{first.name}</span> under {estimate.stack?.slug ?? "the default stack"}.
    </p>
  );
}
