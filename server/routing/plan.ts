// The terms of planning: what goes in, what comes out. `planRoute` is a pure function between the two.

import type { rejectionTable } from "../contracts/rejections.ts";
import type { Catalogue, CatalogueModel, Upstream } from "../catalogue/catalogue.ts";
import type {
  ActionClass,
  Capability,
  Category,
  Complexity,
  CostMode,
  Lane,
  Modifier,
  QualityTarget,
  StackPolicy,
  VerificationMode,
} from "../contracts/policy.ts";
import type { Picodollars } from "../money/picodollars.ts";
import type { ProviderId } from "../providers/provider.ts";
import type { RequestFeatures } from "./features.ts";
import type { SessionPin } from "./session-pins.ts";

export type Classification = {
  readonly category: Category;
  readonly complexity: Complexity;
  readonly actionClass: ActionClass;
  readonly modifiers: readonly Modifier[];
  /** 1 (a guess) to 5 (certain). */
  readonly confidence: number;
  /** The words and facts that decided, for the trace; never more than a few words of the text. */
  readonly signals: readonly string[];
  /** A tentative output length in tokens, for estimates. */
  readonly expectedOutputTokens: number;
};

/** What the client asked for, after aliases: a virtual model's lane, or one concrete model. */
export type RequestedModel =
  { readonly kind: "virtual"; readonly lane: Lane } | { readonly kind: "pinned"; readonly model: CatalogueModel };

export type RouteHealth = {
  /** 0 to 1 over the last hour; undefined when too few calls were seen. */
  readonly successRate: number | undefined;
  /** Median time to first byte; undefined when too few calls were seen. */
  readonly firstByteMs: number | undefined;
  /** False while the circuit is open: recent calls kept failing. */
  readonly available: boolean;
};

/** Health of a provider's route to a model at planning time. */
export type HealthSnapshot = (provider: ProviderId, modelId: string) => RouteHealth;

export type PlanInput = {
  readonly requested: RequestedModel;
  readonly features: RequestFeatures;
  /** Upper bound of the caller's own output limit; absent when it set none. */
  readonly maxOutputTokens: number | undefined;
  /** The stack's policy with the request's overrides already applied. Planning is faster with the same frozen boundaries. */
  readonly policy: StackPolicy;
  /** Most the request may cost, by the budgets of its workspace, key and stack; undefined: as much as it takes. */
  readonly requestMax: Picodollars | undefined;
  readonly catalogue: Catalogue;
  /** Never changed in place: what they serve is remembered per list. */
  readonly upstreams: readonly Upstream[];
  readonly health: HealthSnapshot;
  /** Model ids the key is limited to, `*` at the end allowed; empty allows all. Never changed in place either. */
  readonly keyAllowedModels: readonly string[];
  readonly untrustedContent: boolean;
  /** Who answered the conversation before; absent: its first turn, or the stack keeps none. */
  readonly pin?: SessionPin;
  /** What the request's text was found to be when it first came; undefined: its text is read. */
  readonly classified?: Classification;
};

export type DecisionKind = "virtual_model" | "pinned_model" | "fixed_priority" | "rule" | "session_pin" | "sandbox";

export type RejectionReason = keyof typeof rejectionTable | `missing_capability:${Capability}`;

export type Candidate = {
  readonly model: CatalogueModel;
  readonly provider: ProviderId;
  readonly upstreamModel: string;
  /** Tokens the input may have at most: the hold's input side. */
  readonly inputTokenBound: number;
  /** Tokens the input probably has, for estimates. */
  readonly expectedInputTokens: number;
  /** The output limit to send upstream: the caller's, or the default, within the model's and the context's; 0 for embeddings. */
  readonly outputTokenLimit: number;
  readonly expectedCost: Picodollars;
  /** Cost if input and output reach their bounds: what the hold must cover. */
  readonly worstCost: Picodollars;
  readonly expectedFirstByteMs: number;
  /** 0 to 100, the model's ability for this kind of request. */
  readonly quality: number;
  /** Why it stands where it stands, in short phrases: `lowest expected cost`, `lane default`. */
  readonly reasons: readonly string[];
};

export type Rejection = {
  readonly model: string;
  readonly provider: ProviderId | undefined;
  readonly reasons: readonly RejectionReason[];
};

export type Plan = {
  readonly decision: DecisionKind;
  /** One sentence for people. */
  readonly reason: string;
  readonly lane: Lane | "pinned";
  readonly classification: Classification;
  /** In the order they will be tried, at most `fallback.maxAttempts` long; empty means blocked. */
  readonly candidates: readonly Candidate[];
  /** Accepted too, but beyond `fallback.maxAttempts` or not what the fallback mode tries; best first. */
  readonly spare?: readonly Candidate[];
  readonly rejected: readonly Rejection[];
  readonly qualityTarget: QualityTarget;
  readonly costMode: CostMode;
  /** The mode that applies to this request, schema and high-stakes settings considered. */
  readonly verificationMode: VerificationMode;
  /** The lane's strongest allowed model: what the plan is compared with. */
  readonly baseline: { readonly model: string; readonly expectedCost: Picodollars } | undefined;
  /** Baseline minus first candidate; may be negative, absent without a baseline. */
  readonly estimatedSavings: Picodollars | undefined;
};
