// Closed-loop load on a ledger: each caller opens a hold, settles it with its record, and begins anew. Only what
// completes between the end of the warm-up and the end of the run is counted.

import { newId, type RequestId, type WorkspaceId } from "../../server/contracts/ids.ts";
import type { HoldOperation, OperationResult, SettleOperation } from "../../server/ledger/operations.ts";
import type { RequestRecord } from "../../server/ledger/request-record.ts";
import { Histogram } from "../load/histogram.ts";
import { holdOf, recordOf, settleOf } from "./example-request.ts";
import type { HoldJob, HoldResult } from "./job.ts";

/** What is measured: committed when it resolves. */
export type MeasuredLedger = {
  readonly hold: (operation: HoldOperation) => Promise<OperationResult>;
  readonly settle: (operation: SettleOperation, record: RequestRecord) => Promise<OperationResult>;
};

type Phase = "warming-up" | "measuring" | "over";

/** @throws Error when a hold or a settle is refused: figures of a ledger that refuses would be worth nothing. */
export async function loadPairs(ledger: MeasuredLedger, workspaceId: WorkspaceId, job: HoldJob): Promise<HoldResult> {
  const holds = new Histogram();
  const pairs = new Histogram();
  let settled = 0;
  let phase: Phase = "warming-up";

  const pair = async (requestId: RequestId): Promise<void> => {
    const began = Bun.nanoseconds();
    accepted(await ledger.hold(holdOf(workspaceId, requestId)));
    const held = Bun.nanoseconds();
    accepted(await ledger.settle(settleOf(workspaceId, requestId), recordOf(workspaceId, requestId)));
    settled += 1;
    if (phase !== "measuring") return;
    holds.record(held - began);
    pairs.record(Bun.nanoseconds() - began);
  };
  const caller = async (): Promise<void> => {
    while (phase !== "over") await pair(newId("req"));
  };

  await Bun.sleep(Math.max(0, job.startAt - Date.now()));
  const callers = Promise.all(Array.from({ length: job.callers }, caller));
  await Promise.race([Bun.sleep(job.warmUpMs), callers]);
  const cpuBefore = process.cpuUsage();
  const measuredFrom = Bun.nanoseconds();
  phase = "measuring";
  await Promise.race([Bun.sleep(job.measureMs), callers]);
  phase = "over";
  const measuredNanoseconds = Bun.nanoseconds() - measuredFrom;
  const cpu = process.cpuUsage(cpuBefore);
  await callers;
  return {
    settled,
    pairsPerSecond: (pairs.count * 1e9) / measuredNanoseconds,
    holdP50Ms: holds.percentileMs(0.5),
    holdP99Ms: holds.percentileMs(0.99),
    pairP50Ms: pairs.percentileMs(0.5),
    pairP99Ms: pairs.percentileMs(0.99),
    cpuMicrosecondsPerPair: (cpu.user + cpu.system) / Math.max(1, pairs.count),
  };
}

function accepted(result: OperationResult): void {
  if (!result.ok) throw new Error(`the ledger refused: ${result.refusal.reason}`);
}
