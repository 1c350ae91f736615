// Signs deployment templates, so that what is deployed is what was validated. What a template is called on arrival may be
// changed by its bearer: `target` is left out.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { DeploymentTemplate } from "../contracts/agents-deployments.ts";
import { GatewayError } from "../contracts/errors.ts";

/** How long a signed template can be deployed. */
const validForMs = 3_600_000;
/** Clocks of servers that share a database may differ by this much. */
const skewMs = 60_000;

/** HMAC-SHA256 over the canonical JSON, in hex. */
export function signTemplate(key: Uint8Array, { target: _target, ...signed }: DeploymentTemplate): string {
  return createHmac("sha256", key).update(canonicalJson(signed)).digest("hex");
}

/** @throws GatewayError invalid_request when it was not signed here, was changed, or is too old */
export function requireSigned(
  key: Uint8Array,
  template: DeploymentTemplate,
  signature: string | undefined,
  now: number,
): void {
  const expected = Buffer.from(signTemplate(key, template));
  const given = Buffer.from(signature ?? "");
  const hint = "Ask for a template again, and send it as it came with its signature.";
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    const message = signature === undefined ? "The signature is missing." : "The signature does not belong to it.";
    throw new GatewayError("invalid_request", `The template cannot be deployed. ${message}`, {
      param: "x-template-signature",
      hint,
    });
  }
  const age = now - Date.parse(template.issued_at);
  if (age <= validForMs && age >= -skewMs) return;
  throw new GatewayError("invalid_request", "The template cannot be deployed: it is older than an hour.", { hint });
}

/** JSON without spaces, the keys of every object in the order of their code units. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`).join(",")}}`;
}
