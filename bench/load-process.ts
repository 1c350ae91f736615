// Runs one job in a load generator of its own and reads the result back.

import { join } from "node:path";
import type { z } from "zod";
import { parseJson } from "../server/contracts/json.ts";
import type { LoadJob } from "./load/job.ts";
import type { Surroundings } from "./servers/surroundings.ts";

/** What starting the generator and closing its connections may take on top of the load itself. */
const overheadMs = 30_000;

/**
 * @param expectedMs how long the load is meant to take.
 * @throws Error when the generator fails or does not end in time.
 */
export async function runLoad<Result>(
  surroundings: Surroundings,
  job: LoadJob,
  resultSchema: z.ZodType<Result>,
  expectedMs: number,
): Promise<Result> {
  const command = [
    ...surroundings.placement.others,
    surroundings.bun,
    join(surroundings.projectRoot, "bench/load/main.ts"),
  ];
  const limitMs = expectedMs + overheadMs;
  const output = await surroundings.processes.run(command, surroundings.environment, JSON.stringify(job), limitMs);
  return resultSchema.parse(parseJson(output));
}
