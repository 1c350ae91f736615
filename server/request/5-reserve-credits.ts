// Rung 5: can they pay the worst case? Opens the hold that everything owed later comes out of. Fails with 402.

import { GatewayError } from "../contracts/errors.ts";
import type { Cap, OperationResult, Refusal } from "../ledger/operations.ts";
import { availableOf } from "../ledger/decide.ts";
import { formatUsd, formatUsdShort, noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Candidate } from "../routing/plan.ts";
import { capsOf, requestMaxOf } from "./budget-caps.ts";
import { overCap, overRequestMax } from "./budget-refusal.ts";
import { mayGrow } from "./growing-answer.ts";
import { holdSize, probableTokens, worstCost, type HoldSize } from "./hold-size.ts";
import type { Services } from "./services.ts";
import { advance, type Parsed, type Planned, type Reserved } from "./stages.ts";

/** Fewest output tokens worth sending when the balance, not the caller, sets the limit. */
const fewestOutputTokens = 256;
/** A hold is retried with a smaller limit when others took credit in between; more tries than this means a 402. */
const mostTries = 4;

/** What a hold is opened with; a dry run gives a ledger that only says what would become of it. */
export type ReservingServices = Pick<Services, "settings" | "learned" | "refusedByBudget"> & {
  readonly ledger: Pick<Services["ledger"], "submit">;
  readonly holds: Pick<Services["holds"], "expiry">;
};
export type FloorServices = Pick<Services, "settings"> & {
  readonly ledger: Pick<Services["ledger"], "recentAccount" | "account">;
};

/** The early test: an empty workspace is told so before anything is planned. The hold tests the floor again. */
export async function requireFloor({ key, workspace }: Parsed, services: FloorServices): Promise<void> {
  if (key.mode === "test") return;
  const recent = services.ledger.recentAccount(workspace.id);
  if (recent && availableOf(recent) > services.settings.balanceFloor) return;
  const account = await services.ledger.account(workspace.id);
  const available = account ? availableOf(account) : noMoney;
  if (available <= services.settings.balanceFloor) throw belowFloor(available, services);
}

/**
 * Holds the worst case. Where credits do not cover it and the caller set no limit, the answer gets a smaller one; if it
 * can be watched as it streams, only its beginning is held, and the rest as it comes.
 */
export async function reserveCredits(planned: Planned, services: ReservingServices): Promise<Reserved> {
  const [candidate] = planned.plan.candidates;
  if (!candidate) throw new GatewayError("routing_policy_blocked");
  if (planned.key.mode === "test") {
    return advance(planned, { hold: undefined, outputTokenLimit: candidate.outputTokenLimit });
  }
  const caps = capsOf(planned);
  let outputTokenLimit = limitWithinMax(planned, candidate, noMoney);
  if (outputTokenLimit === undefined) throw tooDearForOne(planned, candidate);
  let coveredOutputTokens = outputTokenLimit;
  for (let tries = 0; tries < mostTries; tries++) {
    const size = holdSize(planned, candidate, coveredOutputTokens, services);
    const expiresAt = services.holds.expiry();
    const result = await openHold(planned, size, caps, expiresAt, services);
    if (result.ok) {
      return advance(planned, { hold: { ...size, caps, expiresAt, coveredOutputTokens }, outputTokenLimit });
    }
    const smaller = smallerLimit(planned, candidate, result.refusal);
    if (smaller === undefined) throw refusal(planned, candidate, result.refusal, { ...size, caps }, services);
    outputTokenLimit = smaller;
    coveredOutputTokens = mayGrow(planned, candidate) ? firstStep(planned, candidate, smaller, services) : smaller;
  }
  throw new GatewayError("payment_required", "Other requests of the workspace hold its credits at the moment.");
}

/** Output tokens held before an answer that will be watched: what such answers usually have, within its limit. */
function firstStep(planned: Planned, candidate: Candidate, limit: number, services: ReservingServices): number {
  const { outputTokens } = probableTokens(planned, candidate, services);
  return Math.min(limit, Math.max(outputTokens, fewestOutputTokens));
}

/** Output tokens that `available` pays for on top of the input; negative when not even the input is covered. */
function affordableOutputTokens(candidate: Candidate, available: Picodollars, choices: number): number {
  const perToken = (candidate.model.prices?.output_token ?? 0n) * BigInt(choices);
  const left = available - worstCost(candidate, 0, choices);
  if (left < 0n) return -1;
  return perToken === 0n
    ? candidate.outputTokenLimit
    : Math.min(Number(left / perToken), candidate.model.maxOutputTokens);
}

/** The limit to try next when the caller set none and credits cover a shorter answer; undefined when it must be refused. */
export function smallerLimit({ asked }: Parsed, candidate: Candidate, refused: Refusal): number | undefined {
  if (asked.maxOutputTokens !== undefined || candidate.model.kind === "embed") return undefined;
  if (refused.reason !== "insufficient_credits" && refused.reason !== "over_cap") return undefined;
  const affordable = affordableOutputTokens(candidate, refused.available, asked.choices);
  return affordable >= fewestOutputTokens ? Math.min(affordable, candidate.outputTokenLimit) : undefined;
}

/**
 * The candidate's output limit, or the shorter one that the per-request maximum still pays for after what earlier attempts
 * used; undefined when the attempt must not be made.
 */
export function limitWithinMax(planned: Planned, candidate: Candidate, used: Picodollars): number | undefined {
  const max = requestMaxOf(planned);
  if (max === undefined) return candidate.outputTokenLimit;
  const available = picodollars(max.limit - used);
  const worst = worstCost(candidate, candidate.outputTokenLimit, planned.asked.choices);
  if (worst <= available) return candidate.outputTokenLimit;
  return smallerLimit(planned, candidate, { reason: "insufficient_credits", available });
}

function openHold(
  planned: Planned,
  { amount, ceiling }: HoldSize,
  caps: readonly Cap[],
  expiresAt: number,
  services: ReservingServices,
): Promise<OperationResult> {
  return services.ledger.submit({
    type: "hold",
    requestId: planned.requestId,
    workspaceId: planned.workspace.id,
    keyId: planned.key.id,
    amount,
    ceiling,
    floor: services.settings.balanceFloor,
    expiresAt,
    caps,
    lookedFor: planned.claim !== undefined,
  });
}

/** What a hold was asked for. */
type HoldTerms = HoldSize & { readonly caps: readonly Cap[] };

function refusal(
  planned: Planned,
  candidate: Candidate,
  refused: Refusal,
  terms: HoldTerms,
  services: ReservingServices,
): GatewayError {
  switch (refused.reason) {
    case "no_account":
      return belowFloor(noMoney, services);
    case "below_floor":
      return belowFloor(refused.available, services);
    case "insufficient_credits":
      return tooDear(planned, candidate, refused.available);
    case "over_cap":
      return refusedByCap(planned, candidate, refused.scope, refused.available, terms, services);
    case "hold_exists":
    case "hold_not_open":
    case "hold_renewed":
    case "over_refund":
    case "duplicate_entry":
    case "invalid_amount":
      return new GatewayError("internal_error", undefined, { cause: new Error(`hold refused: ${refused.reason}`) });
  }
}

function belowFloor(available: Picodollars, { settings }: Pick<Services, "settings">): GatewayError {
  const floor = formatUsdShort(settings.balanceFloor);
  const message = `The workspace's available balance must stay above ${Number(floor).toFixed(2)} USD before routing.`;
  return new GatewayError("payment_required", message, {
    details: { available_usd: formatUsd(available), minimum_usd: formatUsd(settings.balanceFloor) },
  });
}

function tooDear({ asked }: Planned, candidate: Candidate, available: Picodollars): GatewayError {
  const affordable = affordableOutputTokens(candidate, available, asked.choices);
  const worst = worstCost(candidate, candidate.outputTokenLimit, asked.choices);
  const message =
    affordable > 0
      ? `The request may cost up to ${formatUsdShort(worst)} USD and ${formatUsdShort(available)} USD is available; ${affordable} output tokens are affordable.`
      : `The input alone may cost more than the ${formatUsdShort(available)} USD that is available.`;
  return new GatewayError("payment_required", message, {
    details: {
      available_usd: formatUsd(available),
      required_usd: formatUsd(worst),
      affordable_max_output_tokens: Math.max(0, affordable),
      model: candidate.model.id,
    },
  });
}

function refusedByCap(
  planned: Planned,
  candidate: Candidate,
  scope: string,
  left: Picodollars,
  { ceiling, caps }: HoldTerms,
  services: ReservingServices,
): GatewayError {
  const cap = caps.find((one) => one.scope === scope);
  if (!cap) return new GatewayError("internal_error", undefined, { cause: new Error(`no cap has the scope ${scope}`) });
  services.refusedByBudget({ workspaceId: planned.workspace.id, cap, asked: ceiling });
  const outputTokens = affordableOutputTokens(candidate, left, planned.asked.choices);
  return overCap(cap, left, { model: candidate.model.id, outputTokens });
}

/** Planning takes one answer for the price of one: a caller that asks for several can still be above the maximum. */
function tooDearForOne(planned: Planned, candidate: Candidate): GatewayError {
  const max = requestMaxOf(planned);
  if (!max) return new GatewayError("internal_error", undefined, { cause: new Error("no per-request maximum is set") });
  const outputTokens = affordableOutputTokens(candidate, max.limit, planned.asked.choices);
  return overRequestMax(max, { model: candidate.model.id, outputTokens });
}
