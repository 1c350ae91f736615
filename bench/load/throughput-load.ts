// Closed-loop load: each caller sends its next request when the answer to the last one is complete. Only what completes
// between the end of the warm-up and the end of the run is counted.

import { readProcessUsage } from "../process-usage.ts";
import { Connection } from "./connection.ts";
import { Failures } from "./failures.ts";
import { Histogram } from "./histogram.ts";
import type { ThroughputJob, ThroughputResult } from "./job.ts";
import { requestBytes } from "./request-bytes.ts";

type Phase = "warming-up" | "measuring" | "over";

export async function runThroughputLoad(job: ThroughputJob): Promise<ThroughputResult> {
  const request = requestBytes(job.server, job.protocol);
  const connections = await Promise.all(Array.from({ length: job.callers }, () => Connection.open(job.server.port)));
  const latencies = new Histogram();
  const failures = new Failures();
  let phase: Phase = "warming-up";

  const callers = connections.map(async (connection) => {
    while (phase !== "over") {
      const sentAt = Bun.nanoseconds();
      const status = await connection.exchange(request);
      if (status !== 200) failures.add(`HTTP ${status}`);
      else if (phase === "measuring") latencies.record(Bun.nanoseconds() - sentAt);
    }
  });
  // A caller whose connection broke stops; the others go on, and the run fails at the end.
  const settled = Promise.all(callers.map((caller) => caller.catch((error: unknown) => failures.add(error))));

  await Bun.sleep(job.warmUpMs);
  const usageBefore = readProcessUsage(job.server.pid);
  const measuredFrom = Bun.nanoseconds();
  phase = "measuring";
  await Promise.race([Bun.sleep(job.measureMs), settled]);
  phase = "over";
  const measuredNanoseconds = Bun.nanoseconds() - measuredFrom;
  const usageAfter = readProcessUsage(job.server.pid);
  for (const connection of connections) connection.hangUp();

  const requests = latencies.count;
  const cpuMicroseconds = usageBefore && usageAfter && usageAfter.cpuMicroseconds - usageBefore.cpuMicroseconds;
  return {
    requests,
    requestsPerSecond: (requests * 1e9) / measuredNanoseconds,
    p50Ms: latencies.percentileMs(0.5),
    p99Ms: latencies.percentileMs(0.99),
    cpuMicrosecondsPerRequest: cpuMicroseconds === undefined || requests === 0 ? undefined : cpuMicroseconds / requests,
    residentBytes: usageAfter?.residentBytes,
    ...failures.summary(),
  };
}
