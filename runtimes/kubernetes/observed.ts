// What the API tells about running things, read with tolerance: only the fields that the runtime looks at.

import { z } from "zod";

const text = z.string().catch("");
const count = z.number().catch(0);
const words = z.record(z.string(), z.string()).catch({});

const metadata = z.object({
  name: text,
  uid: text,
  labels: words,
  annotations: words,
  generation: count,
  creationTimestamp: text,
  deletionTimestamp: z.string().optional().catch(undefined),
});

const condition = z.object({ type: text, status: text, reason: text, message: text });
const conditions = z.array(condition).catch([]);

export const anyObject = z.object({ kind: text, metadata });
export type AnyObject = z.infer<typeof anyObject>;

/** Deployments and stateful sets. */
export const serverObject = z.object({
  metadata,
  spec: z.object({ replicas: z.number().catch(1) }),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      /** Stateful sets tell it from version 1.22 on. */
      availableReplicas: z.number().optional().catch(undefined),
      updateRevision: text,
      currentRevision: text,
      conditions,
    })
    .catch({
      observedGeneration: 0,
      replicas: 0,
      updatedReplicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
      updateRevision: "",
      currentRevision: "",
      conditions: [],
    }),
});
export type ServerObject = z.infer<typeof serverObject>;

/** A deployment or stateful set as what it starts. */
export const templateObject = z.object({
  metadata,
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: text })).catch([]) }) }),
  }),
});
export type TemplateObject = z.infer<typeof templateObject>;

const terminated = z.object({ exitCode: count, reason: text, message: text }).optional().catch(undefined);

const containerStatus = z.object({
  name: text,
  ready: z.boolean().catch(false),
  restartCount: count,
  state: z
    .object({
      waiting: z.object({ reason: text, message: text }).optional().catch(undefined),
      running: z.object({ startedAt: text }).optional().catch(undefined),
      terminated,
    })
    .catch({}),
  lastState: z.object({ terminated }).catch({}),
});
export type ContainerStatus = z.infer<typeof containerStatus>;

export const podObject = z.object({
  metadata,
  spec: z.object({ containers: z.array(z.object({ image: text })).catch([]) }).catch({ containers: [] }),
  status: z
    .object({
      phase: text,
      reason: text,
      message: text,
      conditions,
      containerStatuses: z.array(containerStatus).catch([]),
    })
    .catch({ phase: "Pending", reason: "", message: "", conditions: [], containerStatuses: [] }),
});
export type PodObject = z.infer<typeof podObject>;

export const jobObject = z.object({
  metadata,
  status: z
    .object({ conditions, active: count, succeeded: count, failed: count })
    .catch({ conditions: [], active: 0, succeeded: 0, failed: 0 }),
});
export type JobObject = z.infer<typeof jobObject>;

export const cronJobObject = z.object({
  metadata,
  spec: z.object({
    suspend: z.boolean().catch(false),
    jobTemplate: z.object({
      metadata: z.object({ labels: words, annotations: words }).catch({ labels: {}, annotations: {} }),
      spec: z.looseObject({
        template: z.looseObject({
          spec: z.looseObject({ containers: z.array(z.looseObject({ image: text })).catch([]) }),
        }),
      }),
    }),
  }),
});
export type CronJobObject = z.infer<typeof cronJobObject>;

export const secretObject = z.object({ metadata, data: words });
export type SecretObject = z.infer<typeof secretObject>;

/** Whether a job came to its end, well or not. */
export function isFinished(job: JobObject): boolean {
  return job.status.conditions.some(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
}

export function conditionOf(
  conditions: readonly z.infer<typeof condition>[],
  type: string,
): z.infer<typeof condition> | undefined {
  return conditions.find((item) => item.type === type);
}

/** Items that are not of the form are left out. */
export function readAll<Schema extends z.ZodType>(schema: Schema, items: readonly unknown[]): z.infer<Schema>[] {
  return items.flatMap((item) => {
    const read = schema.safeParse(item);
    return read.success ? [read.data] : [];
  });
}
