// Is the answer good enough? Runs the mode's checks and turns their findings into a verdict: passed or failed, with a
// confidence and the fallback trigger. Pure; the request path decides what follows.

import type { FallbackTrigger } from "../contracts/policy.ts";
import type { Answer } from "../conversation/answer.ts";
import type { TraceCheck } from "../contracts/route-trace.ts";
import { checkEmbeddings } from "./check-embeddings.ts";
import type { CheckedAnswer, Finding } from "./finding.ts";
import { checkLanguage } from "./check-language.ts";
import { checkNumberFormat } from "./check-number-format.ts";
import { checkRepetition } from "./check-repetition.ts";
import { checkJson, checkOutputSchema, checkToolArguments } from "./check-structure.ts";
import { checkComplete, checkNotEmpty, checkRefusal } from "./check-substance.ts";
import type { VerificationInput } from "./verification-input.ts";
import { fullConfidence, requiredConfidence, verificationChecks, type CheckName } from "./verification-checks.ts";

export type Verdict = {
  readonly status: "passed" | "failed";
  /** 1 to 5; undefined in mode `off`. */
  readonly confidence: number | undefined;
  /** One for each check that had something to look at, in the table's order. */
  readonly checks: TraceCheck[];
  /** Why it failed; undefined when it passed. */
  readonly trigger: FallbackTrigger | undefined;
};

const checkers: { readonly [name in CheckName]: (checked: CheckedAnswer) => Finding | undefined } = {
  not_empty: checkNotEmpty,
  json: checkJson,
  embeddings: checkEmbeddings,
  schema: checkOutputSchema,
  tool_arguments: checkToolArguments,
  refusal: checkRefusal,
  complete: checkComplete,
  no_repetition: checkRepetition,
  language: checkLanguage,
  number_format: checkNumberFormat,
};

/** A check that could not be carried out costs this much confidence; it never fails an answer by itself. */
const notRunPenalty = 1;

/** Never throws, whatever the answer or the caller's schemas hold. */
export function verifyAnswer(input: VerificationInput): Verdict {
  if (input.mode === "off") return { status: "passed", confidence: undefined, checks: [], trigger: undefined };
  const checked: CheckedAnswer = { ...input, text: answerText(input.answer) };
  const checks: TraceCheck[] = [];
  let confidence = fullConfidence;
  let failedBy: FallbackTrigger | undefined;
  let loweredBy: FallbackTrigger | undefined;
  for (const row of verificationChecks) {
    const effect = row.effects[input.mode];
    const finding = effect === "off" ? undefined : checkers[row.name](checked);
    if (finding === undefined) continue;
    checks.push(traceCheck(row.name, finding));
    if (finding.outcome === "passed") continue;
    confidence -= finding.outcome === "not_run" ? notRunPenalty : row.penalty;
    if (finding.outcome === "not_run") continue;
    if (effect === "fails") failedBy ??= row.trigger;
    else loweredBy ??= row.trigger;
  }
  confidence = Math.max(1, confidence);
  const tooLow = confidence < requiredConfidence(input.mode, input.minConfidence, input.highStakes);
  const trigger = failedBy ?? (tooLow ? (loweredBy ?? "low_confidence") : undefined);
  return { status: trigger === undefined ? "passed" : "failed", confidence, checks, trigger };
}

function answerText(answer: Answer): string {
  return answer.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");
}

function traceCheck(name: CheckName, finding: Finding): TraceCheck {
  if (finding.outcome === "passed") return { name, passed: true };
  const base = { name, passed: false, detail: finding.detail };
  return finding.outcome === "not_run" ? { ...base, not_run: true } : base;
}
