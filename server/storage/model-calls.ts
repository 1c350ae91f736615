// The model calls of a request as the text of one column, and back.

import { parseJson, type Json } from "../contracts/json.ts";
import type { Usage } from "../conversation/usage.ts";
import type { ModelCallRow } from "../ledger/request-record.ts";
import { picodollars } from "../money/picodollars.ts";

/** A list with one list per call, fields in the order below; costs are picodollars as text, null is absent. */
export function formatModelCalls(calls: readonly ModelCallRow[]): string {
  return calls.length === 0 ? "[]" : JSON.stringify(calls.map(fieldsOf));
}

function fieldsOf(call: ModelCallRow): Json[] {
  const { usage } = call;
  const known = usage.kind === "unknown" ? undefined : usage;
  return [
    call.attempt,
    call.model,
    call.provider,
    call.upstreamModel,
    call.outcome,
    call.failure ?? null,
    call.upstreamStatus ?? null,
    call.cost.toString(),
    call.firstByteMs ?? null,
    call.totalMs,
    usage.kind,
    known?.inputTokens ?? null,
    known?.cachedInputTokens ?? null,
    known?.cacheWriteTokens ?? null,
    known?.outputTokens ?? null,
    known?.reasoningTokens ?? null,
  ];
}

/** @throws Error when the text is not what `formatModelCalls` writes. */
export function readModelCalls(text: string): ModelCallRow[] {
  const value = parseJson(text);
  if (!Array.isArray(value)) throw new Error("the model calls of a request are not a list");
  return value.map((fields) => {
    if (!Array.isArray(fields)) throw new Error("a model call is not a list");
    return readCall(fields);
  });
}

function readCall(fields: readonly Json[]): ModelCallRow {
  const [attempt, model, provider, upstreamModel, outcome, failure, upstreamStatus, cost, firstByteMs, totalMs] =
    fields;
  return {
    attempt: numberOf(attempt),
    model: textOf(model),
    provider: textOf(provider),
    upstreamModel: textOf(upstreamModel),
    outcome: textOf(outcome),
    failure: optional(failure, textOf),
    upstreamStatus: optional(upstreamStatus, numberOf),
    cost: picodollars(BigInt(textOf(cost))),
    firstByteMs: optional(firstByteMs, numberOf),
    totalMs: numberOf(totalMs),
    usage: readUsage(fields.slice(10)),
  };
}

function readUsage([kind, input, cached, written, output, reasoning]: readonly Json[]): Usage {
  if (kind !== "exact" && kind !== "at_least") return { kind: "unknown" };
  const cachedInputTokens = optional(cached, numberOf);
  const cacheWriteTokens = optional(written, numberOf);
  const reasoningTokens = optional(reasoning, numberOf);
  return {
    kind,
    inputTokens: numberOf(input),
    outputTokens: numberOf(output),
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
    ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
  };
}

function optional<Value>(field: Json | undefined, read: (field: Json | undefined) => Value): Value | undefined {
  return field === null || field === undefined ? undefined : read(field);
}

function numberOf(field: Json | undefined): number {
  if (typeof field !== "number") throw new Error("a model call lacks a number");
  return field;
}

function textOf(field: Json | undefined): string {
  if (typeof field !== "string") throw new Error("a model call lacks a text");
  return field;
}
