// Deployments as the agents' API shows and accepts them: templates, what runs and ran, logs. Where the published `ast`
// program reads a field, its name is that program's.

import { z } from "zod";
import { timeSchema } from "./control.ts";

/** What a deployment is doing. While a later revision comes up, the one before it goes on serving. */
export const deploymentStatuses = [
  "pending",
  "provisioning",
  "active",
  "failed",
  "scaled_down",
  "stopped",
  "suspended",
  "undeploying",
  "undeployed",
] as const;
export const deploymentStatusSchema = z
  .enum(deploymentStatuses)
  .describe(
    "`pending`: waits for its turn. `provisioning`: its containers are being brought up. `active`: a revision serves. " +
      "`failed`: none serves, the last one failed. `scaled_down`: it should serve, but something outside took its " +
      "containers away; waking it brings them back. `stopped`: paused by hand. `suspended`: the workspace is " +
      "suspended. `undeploying`, `undeployed`: on its way out, gone.",
  );

/** What became of one revision. */
export const revisionStatuses = ["pending", "provisioning", "active", "replaced", "failed", "superseded"] as const;
export const revisionStatusSchema = z
  .enum(revisionStatuses)
  .describe(
    "`active`: serves. `replaced`: served until a later one took over. `superseded`: a later one was asked for before " +
      "it came up.",
  );

/** Why there is a revision. */
export const revisionReasons = ["deploy", "redeploy", "rollback", "key_rotation"] as const;

export const adapterSchema = z.enum(["web", "slack"]);
/** How the agent is reached from outside. */
export const interfacesSchema = z
  .strictObject({
    adapters: z.array(adapterSchema).max(2).describe("Empty: it is reached from nowhere."),
    auth: z
      .strictObject({
        web: z
          .strictObject({ type: z.enum(["oidc", "none"]).optional() })
          .optional()
          .describe("`oidc`: only members of the workspace who are signed in. Absent or `none`: everybody."),
      })
      .optional(),
  })
  .meta({ id: "AgentInterfaces" });

export const variableNamePattern = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const variableNameSchema = z.string().regex(variableNamePattern, "letters, digits and `_`, not a digit first");
const longestValue = 32_768;
export const givenVariableSchema = z
  .strictObject({
    value: z.string().max(longestValue).optional(),
    ref: variableNameSchema.optional().describe("Name in the account's vault, read anew at every rollout."),
  })
  .refine(({ value, ref }) => value === undefined || ref === undefined, "either `value` or `ref`")
  .describe("Neither is an empty value.");

const entryNameSchema = z.string().min(1).max(128);
const mostEntries = 200;
function bounded<Value extends z.ZodType>(names: z.ZodString, value: Value) {
  return z
    .record(names, value)
    .refine((entries) => Object.keys(entries).length <= mostEntries, `at most ${mostEntries} entries`);
}

export const displayNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(63)
  .regex(/^[^\p{Cc}\p{Surrogate}]*$/u, "text without control characters");

export const templateRequestSchema = z
  .strictObject({
    build: z.string().min(1).max(64).optional().describe("Absent: the newest; on a redeploy also the newest."),
    deployment_id: z.string().max(64).optional().describe("The deployment to change; absent makes a new one."),
    revision: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe("With `deployment_id`: go back to what this revision ran, build and values."),
    account: z.string().max(64).optional().describe("Where to deploy to; absent: the account of the path."),
    interfaces: interfacesSchema.optional().describe("Absent: as before; for a new deployment `web` for members."),
    variables: bounded(variableNameSchema, givenVariableSchema.nullable())
      .optional()
      .describe("What is not given stays as it was; null takes a value away."),
    models: bounded(entryNameSchema, z.string().min(1).max(200))
      .optional()
      .describe("The choice for each `provider: gateway` entry."),
    schedules: bounded(entryNameSchema, z.string().min(1).max(200))
      .optional()
      .describe("A cron of five fields, in UTC, for each job with a schedule."),
    finalize: z.boolean().optional().describe("Whether to sign the template when it is valid."),
  })
  .meta({ id: "DeploymentTemplateRequest" });

const templateVariableSchema = z.union([
  z.strictObject({ value: z.string().max(longestValue) }),
  z.strictObject({ ref: variableNameSchema }),
  z.strictObject({ kept: z.literal(true).describe("As in the revision that `based_on` names.") }),
]);

export const deploymentTemplateSchema = z
  .strictObject({
    version: z.literal(1),
    target: z
      .strictObject({ display_name: displayNameSchema.describe("May be changed before it is sent: not signed.") })
      .describe("What the deployment is called."),
    account_id: z.string().describe("The workspace it is deployed into."),
    blueprint: z.strictObject({ id: z.string(), account: z.string(), name: z.string() }),
    build_id: z.string(),
    deployment_id: z.string().nullable(),
    based_on: z.number().int().nullable().describe("The revision that kept values come from."),
    reason: z.enum(["deploy", "redeploy", "rollback"]),
    interfaces: interfacesSchema,
    variables: z.record(z.string(), templateVariableSchema),
    models: z.record(z.string(), z.string()),
    schedules: z.record(z.string(), z.string()),
    issued_at: timeSchema.describe("It can be deployed for an hour from then on."),
  })
  .meta({ id: "DeploymentTemplate" });

export const requestedVariableSchema = z
  .strictObject({
    name: z.string(),
    secret: z.boolean(),
    datatype: z.string(),
    optional: z.boolean(),
    default: z.string().nullable(),
    options: z.array(z.string()),
    description: z.string().nullable(),
    display_as: z.string().nullable(),
    containers: z.array(z.string()).describe("The workloads that get it."),
    given: z.enum(["value", "ref", "kept", "default"]).nullable().describe("Where its value comes from; null: none."),
  })
  .meta({ id: "RequestedVariable" });

export const templateAnswerSchema = z
  .strictObject({
    template: deploymentTemplateSchema,
    validation: z.strictObject({
      valid: z.boolean(),
      errors: z.array(z.strictObject({ field: z.string(), message: z.string() })),
      warnings: z.array(z.strictObject({ field: z.string(), message: z.string() })),
    }),
    requested: z
      .strictObject({
        variables: z.array(requestedVariableSchema),
        models: z.array(z.strictObject({ name: z.string(), options: z.array(z.string()), chosen: z.string() })),
        schedules: z.array(z.string()).describe("Jobs that need a cron."),
      })
      .describe("What a form would ask for."),
    variables: z
      .record(
        z.string(),
        z.strictObject({
          targets: z.array(z.string()).describe("The workloads that get it."),
          secret: z.boolean(),
          optional: z.boolean(),
          default: z.string().optional(),
          description: z.string().optional(),
        }),
      )
      .describe("The requested variables by name, in the short form that the published `ast` program prints."),
    signature: z
      .string()
      .optional()
      .describe("With `finalize` and a valid template: send it as `X-Template-Signature` to `POST /api/v1/deploy`."),
  })
  .meta({ id: "DeploymentTemplateAnswer" });

export const deployAnswerSchema = z
  .strictObject({
    status: deploymentStatusSchema,
    deployment_id: z.string(),
    name: z.string().describe("The blueprint's."),
    build_id: z.string(),
    revision: z.number().int(),
    workspace_id: z.string().describe("The account that it was deployed into."),
  })
  .meta({ id: "DeployAnswer" });

export const failureSchema = z
  .strictObject({
    code: z.string().describe("A word for programs: `key_not_minted`, `missing_values`, `unhealthy`, `timed_out` ..."),
    message: z.string(),
    hint: z.string(),
    workload: z.string().nullable(),
    log_lines: z.array(z.string()).describe("The last lines of the container that failed."),
  })
  .meta({ id: "RolloutFailure" });

export const rolloutStepSchema = z
  .strictObject({
    at: timeSchema,
    kind: z.string().describe("What was done: `preparing`, `pulling`, `starting`, `healthy`, `switched` ..."),
    workload: z.string().nullable(),
    message: z.string(),
  })
  .meta({ id: "RolloutStep" });

export const revisionSchema = z
  .strictObject({
    revision: z.number().int().min(1),
    build_id: z.string(),
    status: revisionStatusSchema,
    reason: z.enum(revisionReasons),
    from_revision: z.number().int().nullable().describe("For rollbacks: the revision whose template it runs."),
    failure: failureSchema.nullable(),
    created_at: timeSchema,
    created_by: z.string().describe("Email of who asked for it, or `operator`."),
    serving_from: timeSchema.nullable(),
    serving_to: timeSchema.nullable().describe("Null while it serves, and when it never did."),
    interfaces: interfacesSchema,
    models: z.record(z.string(), z.string()),
    schedules: z.record(z.string(), z.string()),
    variables: z
      .record(z.string(), z.strictObject({ ref: z.string().nullable() }))
      .describe("The names that were given, and the vault's name where one was referred to. Never values."),
  })
  .meta({ id: "DeploymentRevision" });

export const revisionsSchema = z.strictObject({ revisions: z.array(revisionSchema), count: z.number().int() });

export const workloadSchema = z
  .strictObject({
    name: z.string().describe("`agent`, `knowledge-x`, `ingestion-x` ..."),
    component: z.string().describe("`agent`, `model`, `knowledge`, `integration`, `ingestion` or `messaging`."),
    pod_name: z.string().describe("The container's or pod's name; empty while there is none."),
    containers: z.array(z.strictObject({ name: z.string() })),
    state: z.enum(["running", "starting", "stopped", "failed"]),
    message: z.string().nullable(),
    restarts: z.number().int(),
  })
  .meta({ id: "DeploymentWorkload" });

export const externalUrlSchema = z
  .strictObject({
    name: z.string(),
    url: z.string(),
    type: z.enum(["frontend", "messaging"]),
    ready: z.boolean(),
    message: z.string().describe("Why it is not ready yet; empty when it is."),
  })
  .meta({ id: "ExternalUrl" });

const summary = {
  id: z.string(),
  name: z.string().describe("The blueprint's."),
  display_name: z.string(),
  build_id: z.string().describe("Of the serving revision, else of the newest."),
  namespace: z.string().describe("What its containers are grouped under; also the first part of its host name."),
  status: deploymentStatusSchema,
  status_reason: z.string().nullable().describe("In words, where there is something to say."),
  created_at: timeSchema,
  updated_at: timeSchema,
  account: z.string().describe("The workspace's slug."),
  revision: z.number().int().describe("The newest."),
  serving_revision: z.number().int().nullable(),
  newest_status: revisionStatusSchema.describe(
    "What became of `revision`, the newest: `failed` beside a `serving_revision` tells that an older one goes on serving.",
  ),
  external_urls: z.array(externalUrlSchema),
};

export const deploymentSummarySchema = z.strictObject(summary).meta({ id: "DeploymentSummary" });
export const deploymentsSchema = z.strictObject({
  deployments: z.array(deploymentSummarySchema),
  count: z.number().int(),
});

export const jobRunSchema = z
  .strictObject({
    id: z.string(),
    job: z.string(),
    trigger: z.enum(["manual", "schedule", "startup"]),
    status: z.enum(["waiting", "running", "succeeded", "failed"]),
    exit_code: z.number().int().nullable(),
    message: z.string().nullable().describe("Why it failed."),
    created_at: timeSchema,
    started_at: timeSchema.nullable(),
    ended_at: timeSchema.nullable(),
  })
  .meta({ id: "JobRun" });
export const jobSchema = z
  .strictObject({
    name: z.string().describe("As in the blueprint's `ingestion`."),
    trigger: z.enum(["schedule", "startup", "manual", "webhook"]),
    schedule: z.string().nullable(),
    next_run_at: timeSchema.nullable().describe("Null where the cluster keeps the schedule, or there is none."),
    runs: z.array(jobRunSchema).describe("The last ten, newest first."),
  })
  .meta({ id: "DeploymentJob" });

export const deploymentSchema = z
  .strictObject({
    ...summary,
    created_by: z.string(),
    access: z.enum(["members", "public", "none"]).describe("Who may open its frontend."),
    messaging_available: z.boolean(),
    uses_gateway: z.boolean(),
    gateway_key: z
      .strictObject({ id: z.string(), prefix: z.string() })
      .nullable()
      .describe("The key its calls to the gateway are made with; null before it is minted."),
    workloads: z.array(workloadSchema),
    workloads_problem: z.string().nullable().describe("Why the workloads could not be asked for."),
    newest: revisionSchema.describe("The newest revision."),
    steps: z.array(rolloutStepSchema).describe("What the rollout of the newest revision did, oldest first."),
    jobs: z.array(jobSchema),
  })
  .meta({ id: "Deployment" });
export const deploymentAnswerSchema = z.strictObject({ deployment: deploymentSchema });

/** The revisions of every deployment of one blueprint in an account, newest first. */
export const deploymentHistorySchema = z
  .strictObject({
    deployments: z.array(
      z.strictObject({
        id: z.string(),
        agent_name: z.string(),
        display_name: z.string(),
        revision: z.number().int(),
        build_id: z.string(),
        status: revisionStatusSchema,
        deployed_at: timeSchema,
      }),
    ),
    count: z.number().int(),
  })
  .meta({ id: "DeploymentHistory" });

export const changedDeploymentSchema = z
  .strictObject({
    deployment_id: z.string(),
    status: deploymentStatusSchema,
    revision: z.number().int(),
    workspace_id: z.string(),
  })
  .meta({ id: "ChangedDeployment" });

export const revisionStepsSchema = z.strictObject({
  revision: revisionSchema,
  steps: z.array(rolloutStepSchema),
});

export const listDeploymentsQuerySchema = z.strictObject({
  account: z.string().min(1).max(64).describe("Slug or id of the account."),
});

export const rollbackRequestSchema = z
  .strictObject({
    revision: z.number().int().min(1).optional().describe("Absent: the one that served before the current one."),
  })
  .optional();
export const undeployRequestSchema = z.strictObject({ deployment_id: z.string().min(1).max(64) });
export const restartedSchema = z.strictObject({
  deployment_id: z.string(),
  workload: z.string(),
  status: z.literal("restarted"),
});

export type DeploymentTemplate = z.output<typeof deploymentTemplateSchema>;
export type TemplateRequest = z.output<typeof templateRequestSchema>;
export type AgentInterfaces = z.output<typeof interfacesSchema>;
export type RolloutFailure = z.output<typeof failureSchema>;
export type DeploymentStatus = (typeof deploymentStatuses)[number];
export type RevisionStatus = (typeof revisionStatuses)[number];
export type RevisionReason = (typeof revisionReasons)[number];
