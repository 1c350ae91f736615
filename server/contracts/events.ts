// What a workspace can be told: the types of events and the data of each, for its feed and its webhooks.

import { z } from "zod";
import { timeSchema, usdSchema } from "./control.ts";
import type { EventId, WorkspaceId } from "./ids.ts";
import type { JsonObject } from "./json.ts";

const budgetData = z.strictObject({
  owner: z.enum(["workspace", "key", "stack"]).describe("Whose budget it is: `workspace`, `key` or `stack`."),
  owner_id: z.string().describe("Id of the workspace, key or stack."),
  period: z
    .enum(["daily", "monthly", "lifetime"])
    .describe("`daily`, `monthly` or `lifetime`, which is a key's spend limit."),
  period_name: z.string().nullable().describe("The UTC day or month, such as `2026-11-22`; null for a lifetime."),
  resets_at: timeSchema.nullable().describe("When the budget starts anew; null for a lifetime."),
  spent_usd: usdSchema.describe("Spent in the period."),
  limit_usd: usdSchema.describe("What requests are held to: the budget's hard stop."),
});

const paymentData = {
  payment_id: z.string().describe("The payment."),
  kind: z.enum(["checkout", "top_up"]).describe("`checkout`, or `top_up` for an automatic payment."),
  amount_usd: usdSchema.describe("The pack that was bought."),
};

const owed = usdSchema.describe("What was spent already and could not be taken back; later credits pay it first.");

const accessDecisionData = z.strictObject({
  request_id: z.string().describe("The access request."),
  note: z.string().describe("The operator's; empty without one."),
});

const outcomeData = {
  agent: z.string().describe("What the deployment is called."),
  deployment_id: z.string().describe("The deployment."),
  blueprint: z.string().describe("The blueprint it runs."),
  build_id: z.string().describe("The build that the revision runs."),
  revision: z.number().int().describe("The revision."),
};

const endpointId = z.string().describe("The webhook endpoint.");

type EventKind = { readonly summary: string; readonly data: z.ZodObject };

/** Every type of event, in the order of the reference page. */
export const eventKinds = {
  "credits.low": {
    summary: "The balance fell below the workspace's low-balance threshold. Told again when it falls below it again.",
    data: z.strictObject({
      balance_usd: usdSchema.describe("The balance after the debit."),
      threshold_usd: usdSchema.describe("The threshold it fell below."),
    }),
  },
  "budget.warning": {
    summary: "Spending passed a budget's `warnPercent`. Told once in a period for each limit.",
    data: budgetData,
  },
  "budget.reached": {
    summary:
      "A budget is spent: nothing is left of its limit, or so little past the warning that it refused a request. Told once in a period for each limit.",
    data: budgetData,
  },
  "payment.succeeded": {
    summary: "A payment arrived, and its credits are in the ledger.",
    data: z.strictObject(paymentData),
  },
  "payment.failed": {
    summary: "A payment did not go through. Nothing was taken.",
    data: z.strictObject({ ...paymentData, reason: z.string().describe("Why, in words.") }),
  },
  "payment.refunded": {
    summary: "Money was given back for a payment, and its credits were taken back. Told for each new sum.",
    data: z.strictObject({
      ...paymentData,
      refunded_usd: usdSchema.describe("Given back so far."),
      owed_usd: owed,
    }),
  },
  "payment.disputed": {
    summary: "The customer's bank disputes a payment, or has decided about it.",
    data: z.strictObject({
      ...paymentData,
      dispute_id: z.string().describe("The dispute's id at Stripe."),
      disputed_usd: usdSchema.describe("What is disputed."),
      state: z.enum(["open", "won", "lost"]).describe("`open`, `won` or `lost`."),
      withheld_usd: usdSchema.describe("What the bank holds back or has taken; zero while it only asks, and when won."),
      owed_usd: owed,
    }),
  },
  "topup.disabled": {
    summary: "Automatic top-ups were switched off: payments failed three times in a row, or the card was removed.",
    data: z.strictObject({
      reason: z.string().describe("Why, in words."),
      failures: z.number().int().describe("Payments that failed in a row."),
    }),
  },
  "topup.capped": {
    summary:
      "The balance is below the threshold, but the month's cap of automatic top-ups is reached. Told once a month.",
    data: z.strictObject({
      month: z.string().describe("The UTC month, such as `2026-11`."),
      monthly_cap_usd: usdSchema.describe("The cap."),
    }),
  },
  "deployment.live": {
    summary: "A revision of a deployment came up and serves. Told once for each revision.",
    data: z.strictObject({
      ...outcomeData,
      replaced_revision: z.number().int().nullable().describe("The one that served before it; null for the first."),
    }),
  },
  "deployment.failed": {
    summary:
      "A revision of a deployment did not come up. One that served before serves on. Told once for each revision.",
    data: z.strictObject({
      ...outcomeData,
      code: z.string().describe("A word for programs, such as `unhealthy`, `exited`, `timed_out` or `unavailable`."),
      reason: z.string().describe("Why, in words."),
      serving_revision: z.number().int().nullable().describe("The one that serves on; null when none does."),
    }),
  },
  "access.requested": {
    summary: "The workspace asked for access, where operators review it.",
    data: z.strictObject({ request_id: z.string().describe("The access request.") }),
  },
  "access.approved": {
    summary: "An operator approved the access request: the workspace's keys work from then on.",
    data: accessDecisionData,
  },
  "access.declined": {
    summary: "An operator declined the access request. Another one can be sent.",
    data: accessDecisionData,
  },
  "workspace.suspended": {
    summary: "The workspace was suspended: its keys answer 403.",
    data: z.strictObject({ reason: z.string().describe("Why, in words.") }),
  },
  "workspace.resumed": {
    summary: "The workspace was resumed: its keys work again.",
    data: z.strictObject({}),
  },
  "webhook.disabled": {
    summary: "A webhook endpoint failed for five days, or answered 410, and gets no more deliveries.",
    data: z.strictObject({
      endpoint_id: endpointId,
      url: z.string().describe("Where it sent to."),
      reason: z.enum(["failing", "gone"]).describe("`failing`, or `gone` after an answer of 410."),
    }),
  },
  "webhook.test": {
    summary: "Sent to one endpoint on request, to try it out.",
    data: z.strictObject({ endpoint_id: endpointId }),
  },
} as const satisfies { readonly [type: string]: EventKind };

export type EventType = keyof typeof eventKinds;

export const eventTypes: readonly EventType[] = Object.keys(eventKinds).filter(isEventType);

export const eventTypeSchema = z.enum(eventTypes);

function isEventType(name: string): name is EventType {
  return Object.hasOwn(eventKinds, name);
}

/** @throws Error for a word that names no type: it was written by a newer version, or by hand. */
export function eventTypeOf(name: string): EventType {
  if (!isEventType(name)) throw new Error(`"${name}" is not a type of event`);
  return name;
}

/** Something that happened in a workspace. */
export type WorkspaceEvent = {
  readonly id: EventId;
  readonly workspaceId: WorkspaceId;
  readonly type: EventType;
  /** As `eventKinds` says for the type. */
  readonly data: JsonObject;
  /** Unix milliseconds. */
  readonly createdAt: number;
};

export type NewEvent = WorkspaceEvent & {
  /** Names what is told only once: a second event of the same name is not written. Undefined: may be told again. */
  readonly once: string | undefined;
};
