// What a workload writes, as it writes it.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { apiUrl } from "../../api/fetch-api.ts";
import { parseJson } from "../../api/parse-json.ts";
import { cx } from "../../ui/class-names.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Select } from "../../ui/select.tsx";
import { Status } from "../../ui/status.tsx";
import { exactTime } from "../../ui/time-format.ts";
import { deploymentPath, workloadOfJob, type Deployment, type DeploymentStatus, type LogLine } from "./deployment.ts";

const mostLines = 2_000;

export type LogsTabProps = {
  readonly deployment: Deployment;
  readonly workload: string;
  readonly onWorkload: (workload: string) => void;
};

export function LogsTab({ deployment, workload, onWorkload }: LogsTabProps) {
  const running = deployment.workloads.map(({ name }) => name);
  const names = [...new Set(["agent", workload, ...running, ...deployment.jobs.map(workloadOfJob)])];
  const choice = (
    <Select
      aria-label="Workload"
      className="w-56"
      value={workload}
      choices={names.map((name) => ({ value: name, label: name }))}
      onValue={onWorkload}
    />
  );
  return (
    <Lines
      key={`${deployment.id} ${workload}`}
      path={deploymentPath(deployment.id)}
      workload={workload}
      choice={choice}
    />
  );
}

type LinesProps = { readonly path: string; readonly workload: string; readonly choice: ReactNode };

function Lines({ path, workload, choice }: LinesProps) {
  const { lines, state } = useLogStream(apiUrl(`${path}/logs/stream`, { workload }));
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  useEffect(() => {
    if (follows && lines.length > 0 && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, follows]);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {choice}
        <p role="status">
          <Status tone={state.tone}>{state.words}</Status>
        </p>
      </div>
      <div
        ref={box}
        tabIndex={0}
        role="log"
        aria-label={`Log of ${workload}`}
        className="h-[max(20rem,calc(100dvh-23rem))] sm:h-[max(20rem,calc(100dvh-19rem))] overflow-auto rounded-lg border border-line bg-sunken p-3 text-sm leading-5 -outline-offset-2"
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
      </div>
    </div>
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
    const live: StreamState = { tone: "good", words: "Live" };
    // Each connection begins with the last lines again.
    source.addEventListener("open", () => setLines([]));
    source.addEventListener("ready", () => setState(live));
    source.addEventListener("status", (event) => {
      const { status, message } = parseJson<{ status?: DeploymentStatus; message?: string }>(said(event)) ?? {};
      if (status === "active") setState(live);
      else if (message !== undefined && message !== "") setState({ tone: "brass", words: message });
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
