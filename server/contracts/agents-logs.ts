// What the containers of a deployment write, and what it used of the gateway, as the agents' API shows them.

import { z } from "zod";
import { deploymentStatusSchema } from "./agents-deployments.ts";
import { timeSchema, usdSchema } from "./control.ts";

export const logLineSchema = z
  .strictObject({
    timestamp: timeSchema,
    level: z.string().describe("As the line says by itself, else `INFO`, for standard error `ERROR`."),
    message: z.string(),
    workload: z.string(),
    stream: z.enum(["stdout", "stderr"]),
  })
  .meta({ id: "LogLine" });
export const logLinesSchema = z.array(logLineSchema);
export const logQuerySchema = z.strictObject({
  workload: z.string().max(128).optional().describe("Absent or empty: the agent."),
  container: z.string().max(128).optional().describe("Accepted for older clients; a workload is one container."),
  since: z
    .union([z.literal(""), z.iso.datetime({ offset: true })])
    .optional()
    .describe("Absent: 15 minutes ago; no earlier counts."),
  tail: z.coerce.number().int().min(1).max(5_000).optional().describe("Only the last so many lines; 1,000 if absent."),
});

/** The named events of a stream of logs; every other event of it is a log line. */
export const logStreamEvents = {
  ready: z.strictObject({ workload: z.string() }),
  status: z.strictObject({ status: deploymentStatusSchema, message: z.string() }),
  heartbeat: z.strictObject({ at: timeSchema }),
  error: z.strictObject({ error: z.string(), error_code: z.string() }),
} as const;

export const deploymentUsageQuerySchema = z.strictObject({
  from: z.iso.datetime({ offset: true }).optional().describe("Absent: 30 days before `to`."),
  to: z.iso.datetime({ offset: true }).optional().describe("Absent: now."),
});

export const deploymentUsageSchema = z
  .strictObject({
    deployment_id: z.string(),
    from: timeSchema,
    to: timeSchema,
    requests: z.number().int(),
    failed: z.number().int(),
    input_tokens: z.number().int(),
    output_tokens: z.number().int(),
    cost_usd: usdSchema,
    by_revision: z.array(
      z.strictObject({ revision: z.number().int(), requests: z.number().int(), cost_usd: usdSchema }),
    ),
  })
  .meta({ id: "DeploymentUsage" });
