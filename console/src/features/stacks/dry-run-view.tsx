// What a dry run found: the outcome, how the request was read, who would answer, what is held and checked.

import type { ReactNode } from "react";
import { KeyValue } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Badge } from "../../ui/status.tsx";
import { CandidateTable } from "./candidate-table.tsx";
import { Marked } from "../../ui/marked.tsx";
import { sentenceCase } from "./field-words.ts";
import { RejectedList } from "./rejected-list.tsx";
import type { DryRunResult } from "./stacks-api.ts";

export function DryRunView({ run }: { readonly run: DryRunResult }) {
  const { plan, refusal, warnings } = run;
  return (
    <div aria-live="polite" className="flex flex-col gap-4">
      <Outcome run={run} />
      {run.classification !== null && <Reading run={run} />}
      {plan !== null && plan.candidates.length > 0 && (
        <Part title="Candidates, in the order they would be tried">
          <CandidateTable candidates={plan.candidates} needed={plan.quality_needed} />
          {plan.spare.length > 0 && (
            <p className="mt-2 text-sm text-muted">
              Accepted too, beyond the number of attempts: {plan.spare.map(({ name }) => name).join(", ")}.
            </p>
          )}
        </Part>
      )}
      {plan !== null && plan.rejected.length > 0 && <RejectedList rejected={plan.rejected} />}
      {refusal === null && <Afterwards run={run} />}
      {run.budgets.length > 0 && <Budgets budgets={run.budgets} />}
      {warnings.length > 0 && (
        <Part title="Warnings">
          <ul className="text-sm text-muted">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2 text-sm font-medium">{title}</h3>
      {children}
    </section>
  );
}

function Outcome({ run: { refusal, plan, hold } }: { readonly run: DryRunResult }) {
  if (refusal !== null) {
    return (
      <Notice tone="bad" title={`It would be refused with ${refusal.status} ${refusal.code}`}>
        <p>
          <Marked text={refusal.message} />
        </p>
        <p className="text-muted">
          <Marked text={refusal.hint} />
        </p>
      </Notice>
    );
  }
  const [first] = plan?.candidates ?? [];
  const saved = plan?.estimated_savings_usd ?? null;
  return (
    <Notice
      tone="good"
      title={first === undefined ? "It would be accepted" : `${first.name} by ${first.provider} would be asked`}
    >
      <p>{plan?.reason}</p>
      {first !== undefined && (
        <p className="mt-1 flex flex-wrap gap-x-6 text-muted">
          <span>
            Expected <Money usd={first.expected_cost_usd} />
          </span>
          {hold !== null && (
            <span>
              Held <Money usd={hold.amount_usd} />, at most <Money usd={hold.ceiling_usd} />
            </span>
          )}
          {plan?.baseline && saved !== null && !saved.startsWith("-") && (
            <span>
              Saves <Money usd={saved} /> against {plan.baseline.model}
            </span>
          )}
        </p>
      )}
    </Notice>
  );
}

function Reading({ run: { classification: found, plan, stack } }: { readonly run: DryRunResult }) {
  if (found === null) return null;
  const version = stack?.version === null ? "as it stands on this page" : `version ${stack?.version}`;
  return (
    <Part title="How the request is read">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <Badge tone="brass">{sentenceCase(found.category)}</Badge>
        <Badge>{`${sentenceCase(found.complexity)} work`}</Badge>
        <Badge>{sentenceCase(found.action_class)}</Badge>
        {plan !== null && <Badge>{plan.lane === "pinned" ? "A model by name" : `Lane ${plan.lane}`}</Badge>}
        {found.modifiers.map((modifier) => (
          <Badge key={modifier}>{sentenceCase(modifier)}</Badge>
        ))}
      </p>
      <p className="mt-1 text-sm text-muted">
        Confidence <span className="figures">{found.confidence}</span> of 5
        {found.signals.length > 0 && <>, by {found.signals.join(", ")}</>}. Under {stack?.slug}, {version}.
      </p>
    </Part>
  );
}

const streams = {
  not_streamed: "The answer is checked before it is delivered.",
  held: "The stream is held back until it is checked.",
  not_verified: "The stream is passed on as it comes, without these checks.",
} as const;

function Afterwards({ run: { verification } }: { readonly run: DryRunResult }) {
  if (verification === null) return null;
  const { mode, checks, stream, confidence_needed: needed } = verification;
  return (
    <Part title="How the answer would be checked">
      {checks.length === 0 ? (
        <p className="text-sm text-muted">It would not be checked: the mode is {mode}.</p>
      ) : (
        <>
          <p className="mb-1 text-sm text-muted">
            Mode {mode}. {streams[stream]} It needs a confidence of {needed} out of 5.
          </p>
          <KeyValue
            facts={checks.map(({ name, description }) => ({
              name: sentenceCase(name),
              value: <Marked text={description} />,
            }))}
          />
        </>
      )}
    </Part>
  );
}

function Budgets({ budgets }: { readonly budgets: DryRunResult["budgets"] }) {
  return (
    <Part title="Budgets">
      <KeyValue
        facts={budgets.map((budget) => ({
          name: `The ${budget.owner}'s ${budget.period} limit`,
          value: (
            <span className="flex flex-wrap items-center gap-x-4">
              <span>
                <Money usd={budget.left_usd} /> left of <Money usd={budget.limit_usd} />
              </span>
              {budget.fits ? <Badge tone="good">Fits</Badge> : <Badge tone="bad">Too little</Badge>}
            </span>
          ),
        }))}
      />
    </Part>
  );
}
