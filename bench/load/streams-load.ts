// Many paced streams at the same time: all connections are opened first, then all requests are sent at once, and every
// frame of every stream is checked as it arrives.

import { readProcessUsage } from "../process-usage.ts";
import { Connection } from "./connection.ts";
import { Failures } from "./failures.ts";
import { Histogram } from "./histogram.ts";
import type { StreamsJob, StreamsResult } from "./job.ts";
import { requestBytes } from "./request-bytes.ts";
import { StreamCheck, type StreamFaults } from "./stream-check.ts";

const memorySampleEveryMs = 200;

/** What the streams of one run have in common. */
type Observed = { readonly firstBytes: Histogram; readonly failures: Failures; longestGapNanoseconds: number };

export async function runStreamsLoad(job: StreamsJob): Promise<StreamsResult> {
  const observed: Observed = { firstBytes: new Histogram(), failures: new Failures(), longestGapNanoseconds: 0 };
  const connections = await Promise.all(Array.from({ length: job.streams }, () => Connection.open(job.server.port)));
  const memory = watchMemory(job.server.pid);
  const startedAt = Bun.nanoseconds();
  const limit = setTimeout(() => connections.forEach((connection) => connection.hangUp()), job.limitMs);
  const faults = await Promise.all(
    connections.map((connection, stream) => readStream(job, connection, stream, observed)),
  );
  const durationMs = (Bun.nanoseconds() - startedAt) / 1e6;
  clearTimeout(limit);
  return {
    frames: job.streams * job.frames,
    ...sumOf(faults),
    firstByteP50Ms: observed.firstBytes.percentileMs(0.5),
    firstByteP99Ms: observed.firstBytes.percentileMs(0.99),
    longestGapMs: observed.longestGapNanoseconds / 1e6,
    durationMs,
    peakResidentBytes: memory.stop(),
    ...observed.failures.summary(),
  };
}

async function readStream(
  job: StreamsJob,
  connection: Connection,
  stream: number,
  observed: Observed,
): Promise<StreamFaults> {
  const order = { stream, frames: job.frames, paceMs: job.paceMs };
  const check = new StreamCheck(job.protocol, order);
  const sentAt = Bun.nanoseconds();
  let lastByteAt: number | undefined;
  const exchange = connection.exchange(requestBytes(job.server, job.protocol, order), (bytes) => {
    const now = Bun.nanoseconds();
    if (lastByteAt === undefined) observed.firstBytes.record(now - sentAt);
    else observed.longestGapNanoseconds = Math.max(observed.longestGapNanoseconds, now - lastByteAt);
    lastByteAt = now;
    check.push(bytes);
  });
  try {
    const status = await exchange;
    if (status !== 200) observed.failures.add(`HTTP ${status}`);
  } catch (error) {
    observed.failures.add(error);
  }
  return check.finish();
}

function sumOf(faults: readonly StreamFaults[]): StreamFaults {
  const total = (name: keyof StreamFaults) => faults.reduce((sum, fault) => sum + fault[name], 0);
  return {
    lost: total("lost"),
    disordered: total("disordered"),
    altered: total("altered"),
    badEndings: total("badEndings"),
  };
}

/** Samples a process's memory until stopped; the peak is undefined where the system does not tell. */
function watchMemory(pid: number): { stop: () => number | undefined } {
  let peak: number | undefined;
  const sample = () => {
    const usage = readProcessUsage(pid);
    if (usage) peak = Math.max(peak ?? 0, usage.residentBytes);
  };
  const timer = setInterval(sample, memorySampleEveryMs);
  return {
    stop: () => {
      clearInterval(timer);
      sample();
      return peak;
    },
  };
}
