// What one process of the hold run is asked to do and what it answers: one JSON document each way over stdin and stdout.

import { z } from "zod";

/** Where the holds go: through the ledger in batches, or one transaction each. */
const ledgerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("sqlite"), file: z.string() }),
  z.object({ kind: z.literal("postgres"), url: z.string() }),
  z.object({ kind: z.literal("row-by-row"), url: z.string() }),
]);
export type HoldLedger = z.infer<typeof ledgerSchema>;

export const holdJobSchema = z.object({
  ledger: ledgerSchema,
  workspaceId: z.string(),
  /** Each has one hold or settle under way at any time. */
  callers: z.number(),
  /** Unix milliseconds: processes that share a database begin together. */
  startAt: z.number(),
  warmUpMs: z.number(),
  measureMs: z.number(),
});
export type HoldJob = z.infer<typeof holdJobSchema>;

export const holdResultSchema = z.object({
  /** Holds that were settled, from the first to the last, warm-up included. */
  settled: z.number(),
  /** Within the measured time: pairs of a hold and its settle. */
  pairsPerSecond: z.number(),
  /** Absent when no pair completed. */
  holdP50Ms: z.number().optional(),
  holdP99Ms: z.number().optional(),
  pairP50Ms: z.number().optional(),
  pairP99Ms: z.number().optional(),
  cpuMicrosecondsPerPair: z.number(),
});
export type HoldResult = z.infer<typeof holdResultSchema>;
