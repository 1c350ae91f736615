// Rung 7: good enough? Runs the checks that the verification mode asks for and the stack's tool policy, and says what
// becomes of an answer that fails them.

import { GatewayError } from "../contracts/errors.ts";
import type { FallbackTrigger } from "../contracts/policy.ts";
import type { Answer } from "../conversation/answer.ts";
import type { ToolCallPart } from "../conversation/prompt.ts";
import type { TraceCheck } from "../contracts/route-trace.ts";
import { checkToolCalls, type ToolPolicyResult } from "../verification/tool-policy.ts";
import { verifyAnswer as runChecks, type Verdict } from "../verification/verify-answer.ts";
import type { Planned, Reserved } from "./stages.ts";

export type VerificationStatus =
  "not_run" | "passed" | "failed_accepted" | "escalated" | "recovered" | "failed" | "streaming_not_verified";

/** What the client and the trace learn of verification. */
export type VerificationOutcome = {
  readonly status: VerificationStatus;
  readonly mode: string;
  readonly confidence: number | undefined;
  readonly checks: readonly TraceCheck[];
};

export function verifyAnswer(answer: Answer, reserved: Reserved): Verdict {
  const { asked, plan, policy, highStakes } = reserved;
  return runChecks({
    answer,
    embeddingInputs: asked.features.embeddingInputs,
    format: asked.features.format,
    outputSchema: asked.outputSchema,
    toolSchemas: asked.toolSchemas,
    mode: plan.verificationMode,
    minConfidence: policy.verification.minConfidence,
    highStakes,
    lastUserText: asked.features.lastUserText,
  });
}

/** @throws GatewayError tool_call_blocked or tool_call_confirmation_required; the answer is then not delivered. */
export function requireAllowedToolCalls(answer: Answer, reserved: Reserved): void {
  const calls = answer.parts.filter((part) => part.type === "tool-call");
  if (calls.length === 0) return;
  const verdict = judgeToolCalls(calls, reserved);
  if (verdict.status === "allow") return;
  const code = verdict.status === "blocked" ? "tool_call_blocked" : "tool_call_confirmation_required";
  throw new GatewayError(code, verdict.reason, {
    details: { tool: verdict.tool ?? "", capability: verdict.capability ?? "" },
  });
}

/** Whether a streamed answer must be held back until it has been checked as a whole. */
export function mustHoldStream(planned: Planned): boolean {
  const { asked, policy, untrustedContent } = planned;
  if (policy.verification.holdStream) return true;
  const { toolNames } = asked.features;
  if (toolNames.length === 0) return false;
  // Here the arguments decide too, and they are known only at the end.
  if (policy.safety.toolProfile !== "default" || untrustedContent) return true;
  const calls = toolNames.map((name) => ({ type: "tool-call", callId: "", name, arguments: "" }) as const);
  return judgeToolCalls(calls, planned).status !== "allow";
}

function judgeToolCalls(calls: readonly ToolCallPart[], planned: Planned): ToolPolicyResult {
  const { policy, untrustedContent, confirmed, plan } = planned;
  return checkToolCalls({
    calls,
    profile: policy.safety.toolProfile,
    declared: policy.safety.toolCapabilities,
    untrustedContent,
    confirmed,
    approvalRequired: plan.classification.modifiers.includes("approval_required"),
  });
}

/** How a passed check is called: at once, after moving on, or after a broken schema. */
export function passedStatus(verdict: Verdict, earlier: readonly FallbackTrigger[]): VerificationStatus {
  if (verdict.checks.length === 0) return "not_run";
  if (earlier.includes("schema_failure")) return "recovered";
  return earlier.length > 0 ? "escalated" : "passed";
}

/** Whether an answer that failed its checks may still be delivered when nobody else can answer. */
export function mayDeliverFailed(trigger: FallbackTrigger, { plan }: Reserved): boolean {
  const strict = plan.verificationMode === "strict" || plan.verificationMode === "strong";
  return !strict && !(trigger === "schema_failure" && plan.verificationMode === "auto");
}

export function failedVerification(trigger: FallbackTrigger): GatewayError {
  return new GatewayError(trigger === "schema_failure" ? "structured_output_invalid" : "answer_rejected");
}
