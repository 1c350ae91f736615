// The way to the first request: the steps, and the one that is next.

import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { gatewayAddress } from "../../api/base.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Section } from "../../ui/section.tsx";
import { firstRequestSamples } from "./samples.ts";
import type { Step, StepName } from "./steps.ts";

export function QuickStart({ steps, next }: { readonly steps: readonly Step[]; readonly next: Step }) {
  return (
    <div className="grid gap-6 lg:grid-cols-[14rem_minmax(0,1fr)]">
      <ol className="flex flex-col gap-1" aria-label="First steps">
        {steps.map((step, at) => (
          <StepLine key={step.name} step={step} number={at + 1} current={step === next} />
        ))}
      </ol>
      {nextParts[next.name]()}
    </div>
  );
}

const nextParts: Readonly<Record<StepName, () => ReactNode>> = {
  fund: () => <FundStep />,
  key: () => <KeyStep />,
  request: () => <RequestStep />,
};

function StepLine({
  step,
  number,
  current,
}: {
  readonly step: Step;
  readonly number: number;
  readonly current: boolean;
}) {
  return (
    <li
      aria-current={current ? "step" : undefined}
      className={cx(
        "flex h-10 items-center gap-3 rounded-md border px-3 text-base",
        current ? "border-brass-strong/50 bg-brass-soft font-medium" : "border-transparent text-muted",
      )}
    >
      <span
        aria-hidden
        className={cx(
          "figures flex size-5 shrink-0 items-center justify-center rounded-full border text-xs",
          step.done ? "border-good text-good" : current ? "border-brass-strong text-brass" : "border-line-strong",
        )}
      >
        {step.done ? <Check className="size-3" strokeWidth={3} /> : number}
      </span>
      {step.title}
      {step.done && <span className="sr-only"> (done)</span>}
    </li>
  );
}

/** Registered by the billing pages. */
const billingPage: string = "/w/$workspaceId/billing";

function FundStep() {
  const { id, may } = useWorkspace();
  return (
    <Section
      title="Add credits"
      description="Requests spend only what was paid in before. There is no bill afterwards."
    >
      {may("pay") ? (
        <ButtonLink to={billingPage} params={{ workspaceId: id }} look="primary">
          Choose a pack
        </ButtonLink>
      ) : (
        <p className="text-base text-muted">
          Ask an owner, an admin or the billing member of this workspace to add some.
        </p>
      )}
    </Section>
  );
}

function KeyStep() {
  const { id, may } = useWorkspace();
  return (
    <Section title="Create a key" description="Your program sends it with each request. A test key costs nothing.">
      {may("build") ? (
        <ButtonLink to="/w/$workspaceId/keys" params={{ workspaceId: id }} search={{ dialog: "new" }} look="primary">
          Create a key
        </ButtonLink>
      ) : (
        <p className="text-base text-muted">Ask an owner, an admin or a developer of this workspace for one.</p>
      )}
    </Section>
  );
}

function RequestStep() {
  return (
    <Section
      title="Send a first request"
      description="Put a key into ASTROLABE_API_KEY and run one of these. Any OpenAI client works with this address."
    >
      <div className="flex flex-col gap-4">
        <p className="flex flex-wrap items-center gap-2 text-base">
          <span className="text-muted">Base URL</span>
          <code className="figures text-sm break-all">{gatewayAddress}</code>
          <CopyButton text={gatewayAddress} label="Copy the base URL" />
        </p>
        <CodeBlock label="A first request" samples={firstRequestSamples()} />
        <p role="status" className="flex items-center gap-3 text-base text-muted">
          <span aria-hidden className="breathe size-2 shrink-0 rounded-full bg-brass-strong" />
          Waiting for your first request. It appears here as soon as it arrives.
        </p>
      </div>
    </Section>
  );
}
