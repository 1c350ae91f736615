// The request in the form: begun from the address, a trace or what was kept; every change is kept.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import type { ApiError } from "../../api/api-error.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { compact } from "../../app/search.ts";
import { isJsonObject, objectAt } from "./json-text.ts";
import { keepRequest, keptRequest } from "./kept-request.ts";
import type { PlaygroundRequest } from "./playground-request.ts";
import { bodyOf } from "./request-body.ts";
import { protocolNamed, requestOfBody } from "./request-of-body.ts";
import type { PlaygroundSearch, View } from "./routes.ts";
import { useTrace, type TraceDetail } from "./use-trace.ts";

export type Playground = {
  readonly request: PlaygroundRequest;
  readonly setRequest: (request: PlaygroundRequest) => void;
  readonly view: View;
  readonly setView: (view: View) => void;
  /** Of a replay: the request id, and why it could not be filled in. */
  readonly replayed: string | undefined;
  readonly replayProblem: string | ApiError | undefined;
};

export function usePlayground(): Playground {
  const workspace = useWorkspace();
  const search: PlaygroundSearch = useSearch({ strict: false });
  // As the page was opened; later the address follows the form.
  const [asked] = useState(search);
  const navigate = useNavigate();
  const [request, setOwn] = useState(() => withAddress(keptRequest(workspace.id), search));
  const [edited, setEdited] = useState(false);
  const setRequest = useCallback(
    (next: PlaygroundRequest) => {
      setOwn(next);
      setEdited(true);
      keepRequest(workspace.id, next);
    },
    [workspace.id],
  );
  const { from, view = "answer" } = search;
  const { protocol, mode } = request;
  const named = request.raw === "" ? { model: request.model, stack: request.overrides.stack } : {};
  const { model, stack } = named;
  // The address always names what is being asked, so that a copy of it asks the same model.
  useEffect(() => {
    const search = { protocol, mode, model, stack, from: edited ? undefined : from, view: shownView(view) };
    void navigate({ to: ".", search: compact(search), replace: true });
  }, [navigate, protocol, mode, model, stack, from, view, edited]);
  const { item: trace, error } = useTrace(workspace.path, from);
  const [filledFrom, setFilledFrom] = useState<string>();
  const replay = trace === undefined ? undefined : replayOf(trace);
  if (from !== undefined && from !== filledFrom && replay !== undefined) {
    setFilledFrom(from);
    if (typeof replay !== "string") setOwn(underStack(replay, asked.stack));
  }
  return {
    request,
    setRequest,
    view,
    setView: (next) => void navigate({ to: ".", search: compact({ ...search, view: shownView(next) }), replace: true }),
    replayed: from,
    replayProblem: error ?? (typeof replay === "string" ? replay : undefined),
  };
}

/** The usual view goes without saying. */
function shownView(view: View): View | undefined {
  return view === "answer" ? undefined : view;
}

function withAddress(kept: PlaygroundRequest, { protocol, mode, model, stack }: PlaygroundSearch): PlaygroundRequest {
  return {
    ...kept,
    protocol: protocol ?? kept.protocol,
    mode: mode ?? kept.mode,
    model: model ?? kept.model,
    overrides: stack === undefined ? kept.overrides : { ...kept.overrides, stack },
    // What the address names is not what a body kept as JSON says.
    raw: model === undefined ? kept.raw : "",
  };
}

/** The same request under a stack that was asked for, whichever it named itself. */
function underStack(request: PlaygroundRequest, stack: string | undefined): PlaygroundRequest {
  if (stack === undefined) return request;
  const body = bodyOf(request);
  if (request.raw === "" || "problem" in body) return { ...request, overrides: { ...request.overrides, stack } };
  const metadata = objectAt(body.value, "metadata");
  const astrolabe = { ...objectAt(metadata, "astrolabe"), stack };
  return { ...request, raw: JSON.stringify({ ...body.value, metadata: { ...metadata, astrolabe } }, undefined, 2) };
}

/** The request of a trace, or why there is none. */
function replayOf({ trace }: TraceDetail): PlaygroundRequest | string {
  const { prompt } = trace;
  if (!isJsonObject(prompt)) return "The stack of this request keeps no prompts, so there is nothing to fill in.";
  return requestOfBody(protocolNamed(typeof trace["protocol"] === "string" ? trace["protocol"] : undefined), prompt);
}
