// One request, as a profiler would show it: how it went up the ladder, who could have answered, and where each cent went.

import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import type { TraceDetail } from "../../../../server/contracts/control-activity.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Id } from "../../ui/id.tsx";
import { Figure, KeyValue } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Card, Section } from "../../ui/section.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Badge, Status } from "../../ui/status.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { duration } from "../../ui/time-format.ts";
import { Time } from "../../ui/time.tsx";
import { categoryInWords, readable, unbilledInWords } from "../../words/reasons.ts";
import { AlternativesSection } from "./alternatives-section.tsx";
import { AttemptsSection, VerificationSection } from "./attempts-section.tsx";
import { CandidatesSection } from "./candidates-section.tsx";
import { LadderSection } from "./ladder-section.tsx";
import { MoneySection } from "./money-section.tsx";
import type { TraceSearch } from "./routes.ts";
import { TraceActs } from "./trace-acts.tsx";
import { statusTone } from "./trace-columns.tsx";

export function TracePage() {
  const { id: workspaceId, path } = useWorkspace();
  const { requestId } = useParams({ from: "/signed-in/w/$workspaceId/traces/$requestId" });
  const { item: detail, error, retry } = useItem<TraceDetail>(`${path}/traces/${encodeURIComponent(requestId)}`);
  const trail = (
    <Link to="/w/$workspaceId/traces" params={{ workspaceId }}>
      Traces
    </Link>
  );
  if (error) {
    return (
      <>
        <PageHeader title="Trace" trail={trail} />
        <ErrorState error={error} onRetry={retry} />
      </>
    );
  }
  if (!detail) return <PageSkeleton />;
  const { trace } = detail;
  return (
    <>
      <PageHeader
        title={trace.attempts.at(-1)?.model ?? trace.requested_model}
        trail={trail}
        mark={
          <Status tone={statusTone(trace.status)}>
            <span className="figures">{trace.status}</span> {trace.status < 400 ? "answered" : "not answered"}
          </Status>
        }
        description={<Id id={trace.request_id} of="request" full />}
        actions={<TraceActs detail={detail} />}
      />
      <Summary detail={detail} />
      <Views detail={detail} />
    </>
  );
}

function Summary({ detail }: { readonly detail: TraceDetail }) {
  const { trace, first_byte_ms: firstByte, total_ms: total } = detail;
  const { billing, plan, classification } = trace;
  const category = classification?.["category"];
  const refused = trace.error_code ?? (trace.status >= 400 ? billing.reason : undefined);
  return (
    <div className="mb-6 flex flex-col gap-4">
      {refused !== undefined && (
        <Notice tone="bad" title={`${unbilledInWords(refused)}.`}>
          The answer was {trace.status} <code className="figures">{refused}</code>.
        </Notice>
      )}
      <Card className="grid grid-cols-2 gap-4 md:grid-cols-5">
        <Figure
          name="Cost"
          value={<Money usd={billing.debit_usd} />}
          note={billing.status === "billed" ? "debited" : "not billed"}
        />
        <Figure
          name="Saved"
          value={<Money usd={plan?.estimated_savings_usd} />}
          note={plan?.baseline ? `against ${plan.baseline.model}` : "nothing to compare with"}
        />
        <Figure
          name="Took"
          value={duration(total)}
          note={firstByte === null ? "" : `first byte ${duration(firstByte)}`}
        />
        <Figure
          name="Stack"
          value={<span className="text-lg">{trace.stack?.slug ?? "–"}</span>}
          note={trace.stack ? `version ${trace.stack.version}` : "none was resolved"}
        />
        <Figure
          name="Category"
          value={<span className="text-lg">{typeof category === "string" ? categoryInWords(category) : "–"}</span>}
          note={plan ? `lane ${plan.lane}` : ""}
        />
      </Card>
    </div>
  );
}

function Views({ detail }: { readonly detail: TraceDetail }) {
  const { view = "story" }: TraceSearch = useSearch({ from: "/signed-in/w/$workspaceId/traces/$requestId" });
  const navigate = useNavigate({ from: "/w/$workspaceId/traces/$requestId" });
  return (
    <Tabs
      label="Views of the trace"
      value={view}
      onValue={(next) => void navigate({ search: next === "story" ? {} : { view: next }, replace: true })}
      tabs={[
        { value: "story", label: "Story", content: <Story detail={detail} /> },
        { value: "headers", label: "Headers", content: <Headers detail={detail} /> },
        {
          value: "json",
          label: "JSON",
          content: (
            <CodeBlock
              label="The trace as JSON"
              tall
              samples={[{ language: "JSON", code: JSON.stringify(detail.trace, undefined, 2) }]}
            />
          ),
        },
      ]}
    />
  );
}

function Story({ detail }: { readonly detail: TraceDetail }) {
  return (
    <div className="grid min-w-0 gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        <LadderSection detail={detail} />
        <CandidatesSection detail={detail} />
        <AttemptsSection detail={detail} />
        <Facts detail={detail} />
        <Texts detail={detail} />
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <MoneySection detail={detail} />
        <AlternativesSection detail={detail} />
        <VerificationSection detail={detail} />
        <Warnings warnings={detail.trace.warnings} />
      </div>
    </div>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <Section title="Warnings">
      <ul className="flex list-disc flex-col gap-1 pl-4 text-base">
        {warnings.map((warning) => (
          <li key={warning} className="break-words">
            {warning}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Facts({ detail }: { readonly detail: TraceDetail }) {
  const { trace } = detail;
  const { plan, overrides } = trace;
  return (
    <Section title="The request">
      <KeyValue
        facts={[
          { name: "Arrived", value: <Time at={trace.created_at} exact /> },
          { name: "Key", value: detail.key_name ?? detail.key_id },
          ...(trace.agent ? agentFacts(trace.agent) : []),
          {
            name: "Protocol",
            value: (
              <>
                {trace.protocol} {trace.stream && <Badge>streamed</Badge>}
              </>
            ),
          },
          { name: "Asked for", value: trace.requested_model },
          ...(plan
            ? [
                { name: "Decision", value: readable(plan.decision) },
                {
                  name: "Quality and cost",
                  value: `${readable(plan.quality_target)}, ${readable(plan.cost_mode).toLowerCase()}`,
                },
                { name: "Fallback", value: readable(plan.fallback_mode) },
                { name: "Catalogue", value: <span className="figures">{plan.catalogue_version}</span> },
              ]
            : []),
          ...(overrides ? [{ name: "Overrides", value: <code>{JSON.stringify(overrides)}</code> }] : []),
          ...(trace.fingerprint
            ? [{ name: "Fingerprint", value: <Id id={trace.fingerprint} of="fingerprint" /> }]
            : []),
          { name: "Trace deleted", value: <Time at={detail.expires_at} exact never="not kept" /> },
        ]}
      />
    </Section>
  );
}

/** Which agent sent it, as the key tells. */
function agentFacts(agent: NonNullable<TraceDetail["trace"]["agent"]>) {
  if (agent.kind === "development") return [{ name: "Developed by", value: agent.user }];
  const { name, deployment, revision, build } = agent;
  const version = revision === undefined ? "no revision served then" : `revision ${revision}, build ${build ?? "–"}`;
  return [
    { name: "Agent", value: name },
    { name: "Deployment", value: deployment.name },
    { name: "Version", value: version },
  ];
}

/** Prompt and answer, where the stack stores them. */
function Texts({ detail }: { readonly detail: TraceDetail }) {
  const { prompt, output } = detail.trace;
  if (prompt === undefined && output === undefined) return null;
  return (
    <Section
      title="Prompt and answer"
      description="Stored because the stack says so, encrypted, until the trace is deleted."
    >
      <div className="flex flex-col gap-3">
        {prompt !== undefined && (
          <CodeBlock label="Prompt" samples={[{ language: "Prompt", code: JSON.stringify(prompt, undefined, 2) }]} />
        )}
        {output !== undefined && (
          <CodeBlock label="Answer" samples={[{ language: "Answer", code: JSON.stringify(output, undefined, 2) }]} />
        )}
      </div>
    </Section>
  );
}

function Headers({ detail }: { readonly detail: TraceDetail }) {
  return (
    <Section title="Response headers" description="Those that told the caller of this request.">
      <KeyValue
        facts={Object.entries(detail.headers).map(([name, value]) => ({
          name,
          value: <span className="figures break-all">{value}</span>,
        }))}
      />
    </Section>
  );
}
