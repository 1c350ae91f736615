// One answer: what was said, tools that were called, and the figures: time, tokens, money to the last digit, its trace.

import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CodeBlock } from "../../ui/code-block.tsx";
import { cx } from "../../ui/class-names.ts";
import { Money } from "../../ui/money.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Status } from "../../ui/status.tsx";
import type { Answer, ToolCall } from "./answer.ts";
import { textAt } from "./json-text.ts";
import type { Round } from "./run-round.ts";
import { useNewRow } from "./use-trace.ts";

export type RoundViewProps = {
  readonly round: Round;
  /** Of several; undefined: there is one. */
  readonly number: number | undefined;
  readonly workspacePath: string;
};

export function RoundView({ round, number, workspacePath }: RoundViewProps) {
  const { answer, error, status } = round;
  return (
    <article aria-label={number === undefined ? "Answer" : `Answer ${number}`} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        {number !== undefined && <h3 className="eyebrow">Round {number}</h3>}
        <RoundStatus round={round} />
      </div>
      {error !== undefined && (
        <Notice tone="bad" role="alert" title={error.message}>
          {error.hint}
          <p className="figures text-sm text-muted">
            {error.code}
            {error.requestId !== undefined && ` · ${error.requestId}`}
          </p>
        </Notice>
      )}
      {answer.failure !== undefined && (
        <Notice tone="bad" role="alert" title={answer.failure.message}>
          <p className="figures text-sm text-muted">{answer.failure.code}</p>
        </Notice>
      )}
      <Said answer={answer} running={status === "running"} />
      <Figures round={round} workspacePath={workspacePath} />
    </article>
  );
}

function RoundStatus({ round: { status, answer, headers } }: { readonly round: Round }) {
  const model = headers.get("x-astrolabe-model");
  if (status === "running") return <Status tone="brass">{model === undefined ? "Routing" : `${model} answers`}</Status>;
  if (status === "stopped") return <Status tone="plain">Stopped; what was used until then is debited</Status>;
  if (status === "failed") return <Status tone="bad">Failed</Status>;
  return <Status tone="good">{answer.finish ?? "Done"}</Status>;
}

function Said({ answer, running }: { readonly answer: Answer; readonly running: boolean }) {
  const { text, reasoning, refusal, toolCalls, vectors } = answer;
  return (
    <>
      {reasoning !== "" && (
        <details className="rounded-md border border-line bg-sunken px-3 py-2">
          <summary className="text-sm text-muted">Reasoning</summary>
          <p className="mt-2 text-sm break-words whitespace-pre-wrap text-muted">{reasoning}</p>
        </details>
      )}
      {(text !== "" || running) && (
        <div
          data-answer
          aria-live="polite"
          aria-busy={running}
          className="min-h-16 rounded-md border border-line bg-sunken px-3 py-2 text-base break-words whitespace-pre-wrap"
        >
          {text}
          {running && (
            <span aria-hidden className="breathe ml-px inline-block h-4 w-2 bg-brass-strong align-text-bottom" />
          )}
        </div>
      )}
      {refusal !== "" && <Notice title="The model declined">{refusal}</Notice>}
      {toolCalls.map((call) => (
        <ToolCallView key={call.id} call={call} />
      ))}
      {vectors !== undefined && (
        <p className="text-base">
          {vectors.count === 1 ? "1 vector" : `${vectors.count} vectors`} of{" "}
          <span className="figures">{vectors.dimensions}</span> numbers, beginning{" "}
          <span className="figures text-sm break-words text-muted">
            {vectors.beginning.map((one) => one.toFixed(4)).join(", ")}
          </span>
        </p>
      )}
    </>
  );
}

function ToolCallView({ call }: { readonly call: ToolCall }) {
  return (
    <div className="flex flex-col gap-1">
      <p className="text-sm text-muted">
        Calls <span className="figures text-ink">{call.name}</span>
      </p>
      <CodeBlock label={`Arguments of ${call.name}`} samples={[{ language: "Arguments", code: call.arguments }]} />
    </div>
  );
}

function Figures({ round, workspacePath }: { readonly round: Round; readonly workspacePath: string }) {
  const { headers, answer, firstTokenMs, totalMs, status } = round;
  const requestId = headers.get("x-astrolabe-cloud-request-id");
  const { workspaceId = "" } = useParams({ strict: false });
  const row = useNewRow(workspacePath, status === "running" ? undefined : requestId);
  const { usage } = answer;
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
        <Fact name="First token">{milliseconds(firstTokenMs)}</Fact>
        <Fact name="Whole answer">{milliseconds(totalMs)}</Fact>
        <Fact name="Tokens">
          {usage?.input === undefined ? "–" : `${usage.input} in`}
          {usage?.output !== undefined && `, ${usage.output} out`}
        </Fact>
        <Fact name="Debited" brass>
          <span data-debit>
            <Money usd={row?.debit_usd ?? textAt(answer.facts, "cost_usd")} exact />
          </span>
          {row?.unbillable_reason != null && (
            <span className="block text-xs text-faint">{row.unbillable_reason.replaceAll("_", " ")}</span>
          )}
        </Fact>
      </dl>
      {requestId !== undefined && row !== undefined && (
        <p>
          <Link
            to="/w/$workspaceId/traces/$requestId"
            params={{ workspaceId, requestId }}
            className="text-base underline underline-offset-2"
          >
            See the trace
          </Link>
          <span className="figures ml-3 text-sm break-all text-faint">{requestId}</span>
        </p>
      )}
    </>
  );
}

function Fact({
  name,
  brass = false,
  children,
}: {
  readonly name: string;
  readonly brass?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className={cx("figures text-base break-words", brass && "font-medium text-brass")}>{children}</dd>
    </div>
  );
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? "–" : `${Math.round(ms).toLocaleString("en-US")} ms`;
}
