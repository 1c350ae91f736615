// What came back: the answer as it arrives, the gateway's headers, lines that send the same, and the raw JSON.

import { gatewayAddress } from "../../api/base.ts";
import { parseJson } from "../../api/parse-json.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { KeyValue } from "../../ui/key-value.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/section.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { RoundView } from "./round-view.tsx";
import { codeSamples, keyVariable } from "./code-samples.ts";
import { explainedHeaders } from "./explained-headers.ts";
import type { JsonObject, JsonValue } from "./json-text.ts";
import type { PlaygroundRequest } from "./playground-request.ts";
import type { View } from "./routes.ts";
import type { Run } from "./use-run.ts";

export type AnswerPanelProps = {
  readonly run: Run | undefined;
  readonly request: PlaygroundRequest;
  /** Undefined while the form cannot be read. */
  readonly body: JsonObject | undefined;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly workspacePath: string;
};

export function AnswerPanel(props: AnswerPanelProps) {
  const { view, onView } = props;
  return (
    <Section>
      <Tabs
        label="Answer"
        value={view}
        onValue={onView}
        tabs={[
          { value: "answer", label: "Answer", content: <Rounds {...props} /> },
          { value: "headers", label: "Headers", content: <Headers run={props.run} /> },
          { value: "code", label: "Code", content: <Code {...props} /> },
          { value: "raw", label: "Raw", content: <Raw {...props} /> },
        ]}
      />
    </Section>
  );
}

function Rounds({ run, workspacePath }: AnswerPanelProps) {
  if (run === undefined) {
    return (
      <EmptyState title="No answer yet">
        Run the request to see the answer as it arrives, what it cost to the last digit, and how it was routed.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      {run.rounds.map((round, at) => (
        <RoundView
          key={at}
          round={round}
          number={run.rounds.length > 1 ? at + 1 : undefined}
          workspacePath={workspacePath}
        />
      ))}
    </div>
  );
}

function Headers({ run }: { readonly run: Run | undefined }) {
  const round = run?.rounds.at(-1);
  const headers = round === undefined ? [] : explainedHeaders(round.headers);
  if (headers.length === 0) {
    return <EmptyState title="No headers yet">They come before the first byte of an answer.</EmptyState>;
  }
  return (
    <KeyValue
      facts={headers.map(({ name, value, meaning }) => ({
        name,
        value: (
          <>
            <span className="figures block text-sm break-all">{value}</span>
            <span className="block text-sm text-faint">{meaning}</span>
          </>
        ),
      }))}
    />
  );
}

function Code({ request, body }: AnswerPanelProps) {
  if (body === undefined) return <EmptyState title="The request cannot be read yet" />;
  const { protocol, mode, confirmed } = request;
  return (
    <div className="flex flex-col gap-3">
      <Notice>
        These lines send exactly what the form says. Put a {mode} key of this workspace into{" "}
        <code className="text-sm">{keyVariable(mode)}</code> first.
      </Notice>
      <CodeBlock
        label="Lines that send this request"
        tall
        samples={codeSamples({ protocol, mode, body, confirmed, baseUrl: gatewayAddress })}
      />
    </div>
  );
}

function Raw({ run, body }: AnswerPanelProps) {
  const round = run?.rounds.at(-1);
  const sent = round?.body ?? body;
  return (
    <div className="flex flex-col gap-4">
      {sent !== undefined && (
        <CodeBlock label="Body sent" samples={[{ language: "Request", code: JSON.stringify(sent, undefined, 2) }]} />
      )}
      {round !== undefined && round.raw !== "" && (
        <CodeBlock label="Body received" samples={[{ language: "Response", code: readable(round.raw) }]} />
      )}
    </div>
  );
}

/** JSON on lines of its own; a stream as it came. */
function readable(raw: string): string {
  const value = raw.startsWith("{") ? parseJson<JsonValue>(raw) : undefined;
  return value === undefined ? raw : JSON.stringify(value, undefined, 2);
}
