// The calls that were made, each with its usage or its failure.

import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";
import { Section } from "../../ui/section.tsx";
import { Badge, Status } from "../../ui/status.tsx";
import { failureInWords, outcomeInWords, readable } from "../../words/reasons.ts";
import { shortDuration } from "./ladder.ts";

type Attempt = TraceDetail["trace"]["attempts"][number];

export function AttemptsSection({ detail }: { readonly detail: TraceDetail }) {
  const { attempts } = detail.trace;
  return (
    <Section title="Attempts" flush={attempts.length > 0}>
      {attempts.length === 0 ? (
        <p className="text-base text-muted">No provider was called.</p>
      ) : (
        <ol>
          {attempts.map((attempt) => (
            <li key={attempt.number} className="border-t border-line px-4 py-3">
              <AttemptLines attempt={attempt} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function AttemptLines({ attempt }: { readonly attempt: Attempt }) {
  const { number, model, provider, upstream_model: upstream, outcome, error, passed_through: passed } = attempt;
  const took = attempt.ended_ms === undefined ? undefined : attempt.ended_ms - (attempt.started_ms ?? 0);
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="figures text-faint">{number}</span>
        <span className="text-base font-medium break-all">{model}</span>
        <span className="text-sm text-muted">
          by {provider}
          {upstream === model ? "" : `, there called ${upstream}`}
        </span>
        <Status tone={outcome === "answered" ? "good" : "bad"}>{outcomeInWords(outcome)}</Status>
        {passed !== undefined && <Badge>{passed ? "passed through" : "translated"}</Badge>}
      </div>
      <p className="mt-1 text-sm text-muted">
        {usageInWords(attempt.usage)}
        {took !== undefined && ` · ${shortDuration(took)}`}
      </p>
      {error && (
        <p className="mt-1 text-sm break-words text-bad">
          {failureInWords(error.kind)}
          {error.status === undefined ? "" : ` (${error.status})`}: {error.message}
        </p>
      )}
    </>
  );
}

function usageInWords(usage: Attempt["usage"]): string {
  if (usage.kind === "unknown") return "Usage unknown";
  const tokens = (count: number | undefined, name: string) =>
    count === undefined || count === 0 ? [] : [`${count.toLocaleString("en-US")} ${name}`];
  const parts = [
    ...tokens(usage.input_tokens, "in"),
    ...tokens(usage.cached_input_tokens, "of it cached"),
    ...tokens(usage.output_tokens, "out"),
    ...tokens(usage.reasoning_tokens, "of it reasoning"),
  ];
  return `${usage.kind === "at_least" ? "At least " : ""}${parts.join(", ")} tokens`;
}

export function VerificationSection({ detail }: { readonly detail: TraceDetail }) {
  const { verification } = detail.trace;
  if (!verification) return null;
  const { status, mode, confidence, checks } = verification;
  return (
    <Section
      title="Verification"
      description={`${readable(status)}, in the mode “${readable(mode).toLowerCase()}”${confidence === undefined ? "" : `, with confidence ${confidence} of 5`}.`}
    >
      {checks.length === 0 ? (
        <p className="text-base text-muted">No check was run.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {checks.map(({ name, passed, not_run: skipped, detail: more }) => (
            <li key={name} className="flex flex-wrap items-baseline gap-x-3">
              <Status tone={skipped ? "plain" : passed ? "good" : "bad"}>{readable(name)}</Status>
              <span className="text-sm text-muted">
                {skipped ? "not run" : passed ? "passed" : "failed"}
                {more === undefined ? "" : `: ${more}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
