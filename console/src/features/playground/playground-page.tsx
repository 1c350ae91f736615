// The playground: put a request together on the left, run it on the workspace's credits, read the answer on the right.

import { RotateCcw, Square } from "lucide-react";
import { useEffect, useRef } from "react";
import { useWorkspace } from "../../api/workspace.ts";
import { useCommands } from "../../app/commands.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { AnswerPanel } from "./answer-panel.tsx";
import { EstimateLine } from "./estimate-line.tsx";
import { isAsking, newRequest, type Mode } from "./playground-request.ts";
import { bodyOf } from "./request-body.ts";
import { RequestForm } from "./request-form.tsx";
import { useEstimate, type DryRun } from "./use-estimate.ts";
import { usePlayground, type Playground } from "./use-playground.ts";
import { useRun } from "./use-run.ts";

/** Where form and answer stand side by side. */
const wideScreen = matchMedia("(min-width: 64rem)");

export function PlaygroundPage() {
  const workspace = useWorkspace();
  const playground = usePlayground();
  const { request, setRequest } = playground;
  const { run, start, stop } = useRun(workspace.path);
  const read = bodyOf(request);
  const body = "value" in read ? read.value : undefined;
  const asking = isAsking(request) && body !== undefined;
  const estimate = useEstimate(workspace.path, request, asking ? body : undefined);
  const running = run?.running ?? false;
  const mayRun = workspace.may("build");
  const panel = useRef<HTMLDivElement>(null);
  const go = (): void => {
    if (!asking || !mayRun) return;
    start(request, body);
    if (!wideScreen.matches) panel.current?.scrollIntoView();
  };
  useCommands([
    { title: "Run the request", group: "Playground", run: go },
    { title: "Start over", group: "Playground", run: () => setRequest({ ...newRequest, mode: request.mode }) },
  ]);
  return (
    <>
      <PageHeader
        title="Playground"
        description="Runs under the workspace's playground key, by the same way as any request."
        actions={
          <Button icon={<RotateCcw aria-hidden />} onClick={() => setRequest({ ...newRequest, mode: request.mode })}>
            Start over
          </Button>
        }
      />
      <ReplayNotice playground={playground} />
      {!mayRun && (
        <div className="mb-4">
          <Notice>Your role lets you look. Owners, admins and developers can run requests.</Notice>
        </div>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-3">
          <RequestForm request={request} onRequest={setRequest} />
          {"problem" in read && (
            <Notice tone="bad" role="alert">
              {read.problem}
            </Notice>
          )}
          <RunBar
            estimate={estimate}
            mode={request.mode}
            running={running}
            asking={asking}
            ready={asking && mayRun}
            onRun={go}
            onStop={stop}
          />
        </div>
        <div ref={panel} className="min-w-0 scroll-mt-16 lg:sticky lg:top-6">
          <AnswerPanel
            run={run}
            request={request}
            body={body}
            view={playground.view}
            onView={playground.setView}
            workspacePath={workspace.path}
          />
        </div>
      </div>
    </>
  );
}

type RunBarProps = {
  readonly estimate: DryRun | undefined;
  readonly mode: Mode;
  readonly running: boolean;
  readonly asking: boolean;
  readonly ready: boolean;
  readonly onRun: () => void;
  readonly onStop: () => void;
};

/** Stays in sight below the form. Control and Enter run from anywhere. */
function RunBar({ estimate, mode, running, asking, ready, onRun, onStop }: RunBarProps) {
  useRunKey(onRun);
  return (
    <div className="sticky bottom-0 z-10 flex flex-wrap items-center gap-3 border-t border-line bg-paper py-3">
      <div className="min-w-0 flex-1">
        <EstimateLine estimate={estimate} mode={mode} asking={asking} />
      </div>
      {running ? (
        <Button icon={<Square aria-hidden />} onClick={onStop}>
          Stop
        </Button>
      ) : (
        <Button look="primary" disabled={!ready} onClick={onRun}>
          Run <kbd className="text-xs opacity-70 max-md:hidden">⌃↵</kbd>
        </Button>
      )}
    </div>
  );
}

function useRunKey(run: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
}

function ReplayNotice({ playground: { replayed, replayProblem } }: { readonly playground: Playground }) {
  if (replayProblem !== undefined) {
    return (
      <div className="mb-4">
        <Notice tone="bad" role="alert">
          {typeof replayProblem === "string" ? replayProblem : `${replayProblem.message} ${replayProblem.hint ?? ""}`}
        </Notice>
      </div>
    );
  }
  if (replayed === undefined) return null;
  return (
    <div className="mb-4">
      <Notice tone="brass" role="status">
        Filled in from request <span className="figures text-sm break-all">{replayed}</span>. Change what you like, then
        run it.
      </Notice>
    </div>
  );
}
