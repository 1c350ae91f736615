// Runs of the playground: a request, and further ones while tools are called and have an answer to give.

import { useCallback, useEffect, useRef, useState } from "react";
import type { JsonObject } from "./json-text.ts";
import type { PlaygroundRequest } from "./playground-request.ts";
import { runRound, type Round } from "./run-round.ts";
import { mostRounds, nextRound } from "./tool-rounds.ts";
import { readTools } from "./tools.ts";

export type Run = { readonly request: PlaygroundRequest; readonly rounds: readonly Round[]; readonly running: boolean };

export type RunControl = {
  readonly run: Run | undefined;
  readonly start: (request: PlaygroundRequest, body: JsonObject) => void;
  readonly stop: () => void;
};

/** Leaving the page stops what runs; the gateway then debits what was used. */
export function useRun(workspacePath: string): RunControl {
  const [run, setRun] = useState<Run>();
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);
  const start = useCallback(
    (request: PlaygroundRequest, body: JsonObject) => {
      controller.current?.abort();
      const mine = new AbortController();
      controller.current = mine;
      const tell = (rounds: readonly Round[], running: boolean): void => {
        if (controller.current === mine) setRun({ request, rounds, running });
      };
      void runRounds({ workspacePath, request, body, signal: mine.signal }, tell);
    },
    [workspacePath],
  );
  const stop = useCallback(() => controller.current?.abort(), []);
  return { run, start, stop };
}

type RoundsOf = {
  readonly workspacePath: string;
  readonly request: PlaygroundRequest;
  readonly body: JsonObject;
  readonly signal: AbortSignal;
};

async function runRounds(
  { workspacePath, request, body, signal }: RoundsOf,
  tell: (rounds: readonly Round[], running: boolean) => void,
): Promise<void> {
  const { protocol, mode, confirmed } = request;
  const tools = readTools(request.raw === "" ? request.tools : "");
  let rounds: readonly Round[] = [];
  for (let next: JsonObject | undefined = body; next !== undefined;) {
    const before = rounds;
    const round = await runRound({ workspacePath, protocol, mode, confirmed, body: next, signal }, (now) =>
      tell([...before, now], true),
    );
    rounds = [...before, round];
    const goesOn = round.status === "done" && rounds.length < mostRounds && "value" in tools;
    next = goesOn ? nextRound(protocol, next, round.answer, tools.value) : undefined;
  }
  tell(rounds, false);
}
