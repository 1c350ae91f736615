// Rung 3: under which policy? Reads the body, finds the stack and applies the request's overrides to a copy of its
// policy. Fails with 400, 413 for the body and 404 for the stack.

import type { RequestOverrides } from "../contracts/overrides.ts";
import type { StackPolicy } from "../contracts/policy.ts";
import { checkAttachmentUrls } from "../stacks/attachment-urls.ts";
import type { StackDirectory } from "../stacks/stack.ts";
import type { Services } from "./services.ts";
import { advance, type Admitted, type Parsed, type Resolved } from "./stages.ts";

/** The body is read only once the caller is known and within its rate. */
export async function parseBody(admitted: Admitted, { idempotency }: Services): Promise<Parsed> {
  const { key, protocol, idempotencyKey } = admitted;
  const { body, bytes, text } = await admitted.readBody();
  const asked = protocol.read(body, bytes);
  const identity =
    idempotencyKey === undefined ? undefined : idempotency.identify(key.id, idempotencyKey, protocol.name, text);
  return advance(admitted, { body, asked, identity });
}

export async function resolveStack(parsed: Parsed, stacks: StackDirectory): Promise<Resolved> {
  const { asked, key, workspace } = parsed;
  const stack = await stacks.resolve({
    workspaceId: workspace.id,
    requestSlug: asked.overrides.stack,
    keyStackId: key.stackId,
    workspaceStackId: workspace.stackId,
  });
  const policy = applyOverrides(stack.policy, asked.overrides);
  checkAttachmentUrls(asked.features.attachments, policy.boundaries);
  const declared = asked.overrides.untrusted_content === true || parsed.earlier?.untrusted === true;
  const untrustedContent = policy.safety.untrustedContent === "always" || declared;
  return advance(parsed, { stack, policy, untrustedContent });
}

/**
 * The policy a request runs under. Only objective-side fields move; boundaries, budget, safety and memory stay, and the
 * verification of high-stakes requests keeps the stack's own setting.
 */
export function applyOverrides(policy: StackPolicy, overrides: RequestOverrides): StackPolicy {
  const { quality, cost_mode, latency_slo_ms, verification, fallback } = overrides;
  if (!quality && !cost_mode && latency_slo_ms === undefined && !verification && fallback === undefined) return policy;
  return {
    ...policy,
    objective: {
      ...policy.objective,
      ...(quality ? { qualityTarget: quality } : {}),
      ...(cost_mode ? { costMode: cost_mode } : {}),
      ...(latency_slo_ms === undefined ? {} : { latencySloMs: latency_slo_ms }),
    },
    fallback: fallback === undefined ? policy.fallback : { ...policy.fallback, enabled: fallback },
    verification: verification ? overrideVerification(policy, verification) : policy.verification,
  };
}

function overrideVerification(policy: StackPolicy, mode: StackPolicy["verification"]["mode"]) {
  const { verification } = policy;
  const highStakes = verification.highStakes ?? verification.mode;
  return { ...verification, mode, schemaRequests: mode, highStakes };
}
