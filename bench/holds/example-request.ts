// One request as the ledger sees it: its hold, its settle and the record written with it, as large as those of a real
// request through the default stack.

import { asId, newId, type KeyId, type RequestId, type WorkspaceId } from "../../server/contracts/ids.ts";
import type { EntryLine, HoldOperation, SettleOperation } from "../../server/ledger/operations.ts";
import type { RequestRecord } from "../../server/ledger/request-record.ts";
import { noMoney, picodollars } from "../../server/money/picodollars.ts";
import type { StoredTrace } from "../../server/traces/stored-trace.ts";

const model = "deepseek/deepseek-v4-flash";
const provider = "openrouter";
const priceVersion = "2026-11-22";
const usage = { kind: "exact", inputTokens: 240, outputTokens: 128 } as const;
const ceiling = picodollars(4_728_500_000n);
const keyId = asId<KeyId>("key_01a20444af8c7690a8984e64661517b1");
const holdMs = 960_000;
const retentionMs = 30 * 86_400_000;

/** What every request costs. */
export const lines: readonly EntryLine[] = [
  {
    model,
    provider,
    unit: "input_token",
    count: usage.inputTokens,
    unitPrice: picodollars(140_000n),
    amount: picodollars(33_600_000n),
  },
  {
    model,
    provider,
    unit: "output_token",
    count: usage.outputTokens,
    unitPrice: picodollars(280_000n),
    amount: picodollars(35_840_000n),
  },
];
export const cost = picodollars(69_440_000n);

export function holdOf(workspaceId: WorkspaceId, requestId: RequestId): HoldOperation {
  return {
    type: "hold",
    requestId,
    workspaceId,
    keyId,
    amount: ceiling,
    ceiling,
    floor: picodollars(1_000_000_000_000n),
    expiresAt: Date.now() + holdMs,
    caps: [],
  };
}

export function settleOf(workspaceId: WorkspaceId, requestId: RequestId): SettleOperation {
  return { type: "settle", requestId, workspaceId, entryId: newId("ent"), lines, priceVersion, at: Date.now() };
}

export function recordOf(workspaceId: WorkspaceId, requestId: RequestId): RequestRecord {
  const createdAt = Date.now();
  return {
    usage: {
      requestId,
      workspaceId,
      keyId,
      createdAt,
      protocol: "chat-completions",
      requestedModel: "astrolabe/auto",
      stackSlug: "default-optimizer",
      stackVersion: 1,
      model,
      provider,
      unbillableReason: undefined,
      httpStatus: 200,
      usage,
      hold: ceiling,
      ceiling,
      debit: noMoney,
      entrySequence: undefined,
      priceVersion,
      firstByteMs: 35,
      totalMs: 36,
      category: "summarization",
      baseline: picodollars(84_560_000n),
      savings: noMoney,
    },
    calls: [
      {
        attempt: 1,
        model,
        provider,
        upstreamModel: model,
        outcome: "answered",
        failure: undefined,
        upstreamStatus: undefined,
        usage,
        cost,
        firstByteMs: 35,
        totalMs: 8,
      },
    ],
    trace: { json: JSON.stringify(trace), expiresAt: createdAt + retentionMs },
    text: undefined,
    kept: undefined,
  };
}

/** As stored for a request of the throughput run. */
const trace: StoredTrace = {
  form: 1,
  key: "astrolabe_live_niYfaM2g",
  stream: false,
  stack: ["stk_managed_default-optimizer", "default"],
  class: ["summarization", "simple", "casual_chat", 5, [], ["word:summarise", "word:next", "word:which"]],
  plan: {
    decision: "virtual_model",
    reason: "lane cheap: deepseek/deepseek-v4-flash by openrouter, lowest cost for its quality",
    lane: "cheap",
    quality: "standard",
    cost: "balanced",
    fallback: "next_candidate",
    verification: "auto",
    catalogue: "2026-11-22",
    candidates: [
      [model, provider, 84_560_000, 4_728_500_000, 800, 65, ["lowest cost for its quality", "lane default"]],
      ["google/gemma-4-31b-it", provider, 100_120_000, 6_356_830_000, 600, 60, ["lane default"]],
      ["x-ai/grok-4.1-fast", provider, 138_800_000, 8_393_400_000, 700, 64, ["lane default"]],
    ],
    spare: [
      ["mistralai/mistral-small-2603", provider, 144_600_000],
      ["openai/gpt-5.4-nano", provider, 273_800_000],
      ["minimax/minimax-m2.7", provider, 289_200_000],
    ],
    rejected: [],
    baseline: [model, 84_560_000],
    savings: 0,
  },
  attempts: [[true, 26.767, 35.167, 35.167]],
  verification: [
    "passed",
    "auto",
    5,
    [
      ["not_empty", true],
      ["refusal", true],
      ["complete", true],
    ],
  ],
  steps: [
    ["authenticate", 2.451],
    ["limit-rate", 0.001],
    ["read-body", 2.227],
    ["resolve-stack", 11.47],
    ["plan-route", 0.036],
    ["reserve-credits", 6.601],
    ["call-provider", 12.384],
    ["verify-answer", 0.003],
  ],
};
