// `metadata.astrolabe`: the seven fields by which one request overrides its stack, and the
// `untrusted_content` declaration, validated. No override loosens a boundary, a budget, safety or memory.

import { z } from "zod";
import { GatewayError } from "./errors.ts";
import type { Json } from "./json.ts";
import { costModes, qualityTargets, verificationModes } from "./policy.ts";

export const overridesSchema = z.object({
  stack: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a stack slug: 1 to 63 lower-case letters, digits and hyphens")
    .optional()
    .describe("Slug of the stack for this request. Never falls through when unknown or inactive."),
  quality: z.enum(qualityTargets).optional().describe("Overrides the stack's `objective.qualityTarget`."),
  cost_mode: z
    .preprocess(
      (value) => (value === "strict" || value === "cheap" ? "lowest_passable" : value),
      z.enum(costModes).optional(),
    )
    .describe("Overrides `objective.costMode`. The older words `strict` and `cheap` mean `lowest_passable`."),
  latency_slo_ms: z
    .number()
    .int()
    .min(1)
    .max(600_000)
    .optional()
    .describe("Overrides `objective.latencySloMs`: time to first byte in milliseconds, 1 to 600,000."),
  verification: z.enum(verificationModes).optional().describe("Overrides `verification.mode`."),
  fallback: z.boolean().optional().describe("Overrides `fallback.enabled`."),
  explain: z.boolean().optional().describe("Adds every candidate with its reasons to the inline metadata."),
  untrusted_content: z
    .boolean()
    .optional()
    .describe("Declares that the input holds text from strangers: dangerous tool calls are then refused."),
});

export type RequestOverrides = z.infer<typeof overridesSchema>;

/** Most unknown fields that warnings name, and the characters of a name they show. */
const mostNamedFields = 10;
const longestNamedField = 64;

const known = new Set(Object.keys(overridesSchema.shape));

/**
 * Validates `metadata.astrolabe`. Unknown fields are ignored with a warning.
 * @throws GatewayError invalid_request naming the field and the allowed values.
 */
export function readOverrides(value: Json | undefined): { overrides: RequestOverrides; warnings: string[] } {
  if (value === undefined || value === null) return { overrides: {}, warnings: [] };
  const parsed = overridesSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const param = ["metadata", "astrolabe", ...(issue?.path ?? [])].join(".");
    throw new GatewayError("invalid_request", `\`${param}\`: ${issue?.message ?? "is invalid"}.`, { param });
  }
  return { overrides: parsed.data, warnings: warningsOf(Object.keys(value).filter((field) => !known.has(field))) };
}

/** They are kept with the trace, so a caller must not be able to make them many or long. */
function warningsOf(unknown: readonly string[]): string[] {
  const named = unknown.slice(0, mostNamedFields).map((field) => {
    return `metadata.astrolabe.${field.slice(0, longestNamedField)} is not a known field and was ignored`;
  });
  const unnamed = unknown.length - named.length;
  return unnamed > 0 ? [...named, `metadata.astrolabe: ${unnamed} more unknown fields were ignored`] : named;
}
