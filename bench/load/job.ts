// What the load generator is asked to do and what it answers: one JSON document each way over its stdin and stdout.

import { z } from "zod";
import { protocols } from "../prompt.ts";

/** The server to load. */
const serverSchema = z.object({
  port: z.number(),
  /** Whose processor time and memory are read. */
  pid: z.number(),
  /** The model name its callers send. */
  model: z.string(),
  /** Sent with every request, on top of those HTTP needs. */
  headers: z.record(z.string(), z.string()),
});
export type LoadedServer = z.infer<typeof serverSchema>;

const throughputJobSchema = z.object({
  kind: z.literal("throughput"),
  protocol: z.enum(protocols),
  server: serverSchema,
  /** Connections, each with one request in flight at any time. */
  callers: z.number(),
  warmUpMs: z.number(),
  measureMs: z.number(),
});
export type ThroughputJob = z.infer<typeof throughputJobSchema>;

const streamsJobSchema = z.object({
  kind: z.literal("streams"),
  protocol: z.enum(protocols),
  server: serverSchema,
  streams: z.number(),
  frames: z.number(),
  paceMs: z.number(),
  /** Streams still open after this long are broken off, and their missing frames count as lost. */
  limitMs: z.number(),
});
export type StreamsJob = z.infer<typeof streamsJobSchema>;

const soakJobSchema = z.object({
  kind: z.literal("soak"),
  protocol: z.enum(protocols),
  server: serverSchema,
  callers: z.number(),
  durationMs: z.number(),
  /** Share of requests, 0 to 1, whose caller hangs up in the middle of the stream. */
  hangUpShare: z.number(),
  /** Makes the mix of requests the same in every run. */
  seed: z.number(),
});
export type SoakJob = z.infer<typeof soakJobSchema>;

export const jobSchema = z.discriminatedUnion("kind", [throughputJobSchema, streamsJobSchema, soakJobSchema]);
export type LoadJob = z.infer<typeof jobSchema>;

/** Requests that did not end with 200 and a complete answer, and what the first of them met. */
const failureFields = { failures: z.number(), firstFailure: z.string().optional() };

export const throughputResultSchema = z.object({
  requests: z.number(),
  requestsPerSecond: z.number(),
  /** Absent when no request succeeded. */
  p50Ms: z.number().optional(),
  p99Ms: z.number().optional(),
  /** Absent where the system does not tell. */
  cpuMicrosecondsPerRequest: z.number().optional(),
  residentBytes: z.number().optional(),
  ...failureFields,
});
export type ThroughputResult = z.infer<typeof throughputResultSchema>;

export const streamsResultSchema = z.object({
  frames: z.number(),
  lost: z.number(),
  disordered: z.number(),
  altered: z.number(),
  badEndings: z.number(),
  /** Absent when no stream began. */
  firstByteP50Ms: z.number().optional(),
  firstByteP99Ms: z.number().optional(),
  /** The longest time any stream went without a byte after its first. */
  longestGapMs: z.number(),
  durationMs: z.number(),
  peakResidentBytes: z.number().optional(),
  ...failureFields,
});
export type StreamsResult = z.infer<typeof streamsResultSchema>;

export const soakResultSchema = z.object({
  answers: z.number(),
  streams: z.number(),
  hangUps: z.number(),
  ...failureFields,
});
export type SoakResult = z.infer<typeof soakResultSchema>;
