// What a verdict is made from: the answer, and what the request and the stack expect of it.

import type { JsonObject } from "../contracts/json.ts";
import type { VerificationMode } from "../contracts/policy.ts";
import type { Answer } from "../conversation/answer.ts";
import type { RequestFeatures } from "../routing/features.ts";

export type VerificationInput = {
  readonly answer: Answer;
  readonly format: RequestFeatures["format"];
  /** Absent when no schema was asked for. */
  readonly outputSchema?: JsonObject | undefined;
  /** Arguments schema by tool name; undefined for a tool without one. */
  readonly toolSchemas: ReadonlyMap<string, JsonObject | undefined>;
  readonly mode: VerificationMode;
  /** The stack's `verification.minConfidence`, 1 to 5. */
  readonly minConfidence: number;
  readonly highStakes: boolean;
  /** `features.lastUserText`: what the language and number checks compare with. */
  readonly lastUserText: string;
  /** `features.embeddingInputs`; 0 for generation. */
  readonly embeddingInputs: number;
};
