// What a workload writes, as it writes it.

import { useEffect, useRef, useState } from "react";
import { apiUrl } from "../../api/fetch-api.ts";
import { parseJson } from "../../api/parse-json.ts";
import { cx } from "../../ui/class-names.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Select } from "../../ui/select.tsx";
import { Status } from "../../ui/status.tsx";
import { exactTime } from "../../ui/time-format.ts";
import { deploymentPath, type Deployment, type LogLine } from "./deployment.ts";

const mostLines = 2_000;

export type LogsTabProps = {
  readonly deployment: Deployment;
  readonly workload: string;
  readonly onWorkload: (workload: string) => void;
};

export function LogsTab({ deployment, workload, onWorkload }: LogsTabProps) {
  const names = [...new Set(["agent", workload, ...deployment.workloads.map(({ name }) => name)])];
  return (
    <div className="flex flex-col gap-3">
      <Select
        aria-label="Workload"
        className="w-56"
        value={workload}
        choices={names.map((name) => ({ value: name, label: name }))}
        onValue={onWorkload}
      />
      <Lines key={`${deployment.id} ${workload}`} path={deploymentPath(deployment.id)} workload={workload} />
    </div>
  );
}

function Lines({ path, workload }: { readonly path: string; readonly workload: string }) {
  const { lines, state } = useLogStream(apiUrl(`${path}/logs/stream`, { workload }));
  const end = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  useEffect(() => {
    if (follows && lines.length > 0) end.current?.scrollIntoView({ block: "nearest" });
  }, [lines, follows]);
  return (
    <>
      <p role="status">
        <Status tone={state.tone}>{state.words}</Status>
      </p>
      <div
        tabIndex={0}
        role="log"
        aria-label={`Log of ${workload}`}
        className="h-[max(20rem,calc(100dvh-22rem))] overflow-auto rounded-lg border border-line bg-sunken p-3 text-sm leading-5 -outline-offset-2"
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          setFollows(scrollHeight - scrollTop - clientHeight < 40)
        }
      >
        {lines.length === 0 && <EmptyState title="No lines in the last 15 minutes">New ones appear here.</EmptyState>}
        {lines.map(({ timestamp, message, stream }, index) => (
          <p key={index} className="figures flex gap-3 whitespace-pre-wrap break-all">
            <span className="shrink-0 text-faint select-none max-sm:hidden" title={exactTime(Date.parse(timestamp))}>
              {timestamp.slice(11, 19)}
            </span>
            <span className={cx("min-w-0", stream === "stderr" && "text-bad")}>{message}</span>
          </p>
        ))}
        <div ref={end} />
      </div>
    </>
  );
}

type StreamState = { readonly tone: "good" | "brass" | "bad"; readonly words: string };

/** Server-sent events: lines, and the named ones that tell how the stream is. The browser connects again by itself. */
function useLogStream(address: string): { readonly lines: readonly LogLine[]; readonly state: StreamState } {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [state, setState] = useState<StreamState>({ tone: "brass", words: "Connecting" });
  useEffect(() => {
    const source = new EventSource(address);
    const said = (event: Event): string => (event instanceof MessageEvent ? String(event.data) : "");
    source.addEventListener("ready", () => setState({ tone: "good", words: "Live" }));
    source.addEventListener("status", (event) => {
      const { message } = parseJson<{ message?: string }>(said(event)) ?? {};
      if (message !== undefined && message !== "") setState({ tone: "brass", words: message });
    });
    source.addEventListener("error", (event) => {
      const { error } = parseJson<{ error?: string }>(said(event)) ?? {};
      setState({ tone: "bad", words: error ?? "The connection broke; trying again" });
    });
    source.addEventListener("message", ({ data }) => {
      const line = parseJson<LogLine>(String(data));
      if (line !== undefined) setLines((before) => [...before, line].slice(-mostLines));
    });
    return () => source.close();
  }, [address]);
  return { lines, state };
}
