// May the model's tool calls reach the client? The stack's tool profile, what each tool can do, and whether strangers'
// text is in the prompt decide; a person's confirmation releases what only waits for one. It never runs anything.

import { entryOf } from "../contracts/json.ts";
import type { StackPolicy, ToolCapability } from "../contracts/policy.ts";
import type { ToolCallPart } from "../conversation/prompt.ts";
import { guessCapabilities } from "./tool-capabilities.ts";

export type ToolPolicyInput = {
  readonly calls: readonly ToolCallPart[];
  readonly profile: StackPolicy["safety"]["toolProfile"];
  /** `safety.toolCapabilities`; a tool that is not named here is judged by its name and arguments. */
  readonly declared: StackPolicy["safety"]["toolCapabilities"];
  /** Text from strangers is in the prompt, declared by the request or assumed by the stack. */
  readonly untrustedContent: boolean;
  /** A person has confirmed this request. */
  readonly confirmed: boolean;
  /** The request was classified as `approval_required`: every call then waits for a person. */
  readonly approvalRequired?: boolean;
};

export type ToolPolicyResult = {
  readonly status: "allow" | "blocked" | "approval_required";
  /** The call that decided; absent with `allow`, as are the other two. */
  readonly tool?: string;
  /** Absent when the profile blocks every call, or when what the tool does is not known. */
  readonly capability?: ToolCapability;
  /** One sentence for people. */
  readonly reason?: string;
};

/** What needs a person in any case, and never follows from strangers' text. */
const dangerous: ReadonlySet<ToolCapability> = new Set([
  "external_comms",
  "credential_access",
  "remote_write",
  "financial_or_destructive",
]);
const reading: ReadonlySet<ToolCapability> = new Set(["read_local", "read_remote"]);

const allow: ToolPolicyResult = { status: "allow" };

/**
 * The strictest result over all calls: one blocked call blocks the answer. `confirmed` turns `approval_required` into
 * `allow`, never `blocked`.
 */
export function checkToolCalls(input: ToolPolicyInput): ToolPolicyResult {
  let approval: ToolPolicyResult | undefined;
  for (const call of input.calls) {
    const result = judgeCall(call, input);
    if (result.status === "blocked") return result;
    if (result.status === "approval_required") approval ??= result;
  }
  return approval === undefined || input.confirmed ? allow : approval;
}

function judgeCall(call: ToolCallPart, input: ToolPolicyInput): ToolPolicyResult {
  const tool = call.name;
  if (input.profile === "blocked") return { status: "blocked", tool, reason: "The stack forbids all tool calls." };
  const capabilities = capabilitiesOf(call, input.declared);
  if (input.profile === "read_only") {
    const beyond = capabilities.find((capability) => !reading.has(capability));
    if (beyond !== undefined) {
      return { status: "blocked", tool, capability: beyond, reason: "The stack allows only tools that read." };
    }
    if (capabilities.length === 0) {
      return {
        status: "blocked",
        tool,
        reason: "The stack allows only tools that read, and this one is not known to.",
      };
    }
  }
  return input.untrustedContent ? judgeUntrusted(tool, capabilities, input) : judgeTrusted(tool, capabilities, input);
}

function judgeUntrusted(
  tool: string,
  capabilities: readonly ToolCapability[],
  input: ToolPolicyInput,
): ToolPolicyResult {
  const capability = capabilities.find((candidate) => dangerous.has(candidate));
  if (capability !== undefined) {
    return { status: "blocked", tool, capability, reason: "The prompt holds untrusted content." };
  }
  if (capabilities.includes("code_exec")) {
    const reason = "The prompt holds untrusted content, and the tool runs code.";
    return { status: "approval_required", tool, capability: "code_exec", reason };
  }
  if (capabilities.length === 0) {
    const reason = "The prompt holds untrusted content, and what the tool does is not known.";
    return { status: "approval_required", tool, reason };
  }
  return judgeTrusted(tool, capabilities, input);
}

function judgeTrusted(tool: string, capabilities: readonly ToolCapability[], input: ToolPolicyInput): ToolPolicyResult {
  const capability = capabilities.find((candidate) => dangerous.has(candidate));
  if (capability !== undefined) {
    return { status: "approval_required", tool, capability, reason: "The tool does what a person should confirm." };
  }
  return input.approvalRequired === true
    ? { status: "approval_required", tool, reason: "The request needs a person's approval." }
    : allow;
}

/** A declaration replaces the guess, also an empty one: the tool is then declared to do none of these things. */
function capabilitiesOf(
  call: ToolCallPart,
  declared: StackPolicy["safety"]["toolCapabilities"],
): readonly ToolCapability[] {
  return entryOf(declared, call.name) ?? guessCapabilities(call);
}
