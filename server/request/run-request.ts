// The request path's only control flow: up the ladder to a hold, along the plan to an answer, and down to settlement.
// Every step is a file beside this one; every way out leaves a record.

import { GatewayError, toGatewayError } from "../contracts/errors.ts";
import { unknownUsage } from "../conversation/usage.ts";
import { noMoney } from "../money/picodollars.ts";
import { authenticate, requireActiveWorkspace } from "./1-authenticate.ts";
import { limitRate, requireWithinRate } from "./2-limit-rate.ts";
import { claimKey, replay } from "./3-claim-key.ts";
import { parseBody, resolveStack } from "./3-resolve-stack.ts";
import { planRoute, requireCandidates } from "./4-plan-route.ts";
import { requireFloor, reserveCredits } from "./5-reserve-credits.ts";
import { callProvider } from "./6-call-provider.ts";
import {
  failedVerification,
  mayDeliverFailed,
  passedStatus,
  requireAllowedToolCalls,
  verifyAnswer,
} from "./7-verify-answer.ts";
import { Settlement } from "./8-settle.ts";
import { recordRequest } from "./9-trace.ts";
import { attemptError, unbillableReason } from "./attempt-error.ts";
import { readEarlierTurns } from "./earlier-turns.ts";
import { Journal } from "./journal.ts";
import { noteKeeping } from "./keep-response.ts";
import { afterFailedCheck, afterFailure, firstAttempt, skipping } from "./next-attempt.ts";
import { lazyPrompt } from "./lazy-prompt.ts";
import { deliverStream, deliverWhole, refuse, type Reply } from "./reply.ts";
import type { Services } from "./services.ts";
import type { Parsed, Received, Reserved } from "./stages.ts";

/** Runs one inference request, which shutdown waits for. Never throws: a refusal or failure is a reply too. */
export function runRequest(received: Received, services: Services): Promise<Reply> {
  return services.inFlight.track(climb(received, services));
}

async function climb(received: Received, services: Services): Promise<Reply> {
  const journal = new Journal(received, services.now);
  let reserved: Reserved;
  try {
    const parsed = await receive(received, journal, services);
    if (parsed.identity) {
      const kept = await claimKey(parsed, parsed.identity, services);
      journal.timed("claim-key");
      if (kept) return replay(kept, journal, services);
    }
    reserved = await admit(parsed, journal, services);
  } catch (thrown) {
    const error = reported(thrown, services);
    if (journal.stage.claim) await journal.stage.claim.release();
    if (journal.stage.key) services.ledger.recordOnly(refusalRecord(journal, error, services));
    return refuse(error, journal);
  }
  const settlement = new Settlement(reserved, journal, services);
  try {
    return await answerAlongPlan(reserved, settlement, journal, services);
  } catch (thrown) {
    const error = reported(thrown, services);
    return refuse(error, journal);
  }
}

/** Rungs 1 and 2, and the body: who asks, how often, for what? */
async function receive(received: Received, journal: Journal, services: Services): Promise<Parsed> {
  const authenticated = journal.reached("authenticate", await authenticate(received, services.keys));
  requireActiveWorkspace(authenticated);
  const admitted = journal.reached("limit-rate", await limitRate(authenticated, services));
  requireWithinRate(admitted);
  return journal.reached("read-body", await parseBody(admitted, services));
}

/** Rungs 3 to 5: everything else that can refuse a request before a provider is asked. */
async function admit(parsed: Parsed, journal: Journal, services: Services): Promise<Reserved> {
  await requireFloor(parsed, services);
  const previous = parsed.asked.keeping?.previous;
  if (previous !== undefined) journal.reached("earlier-turns", await readEarlierTurns(parsed, previous, services));
  const resolved = journal.reached("resolve-stack", await resolveStack(parsed, services.stacks));
  if (resolved.asked.keeping) noteKeeping(resolved, journal);
  const planned = journal.reached("plan-route", planRoute(resolved, services));
  requireCandidates(planned, services);
  return journal.reached("reserve-credits", await reserveCredits(planned, services));
}

/** Rungs 6 to 8: candidates in the plan's order until one answers well enough; the hold ends here on every path. */
async function answerAlongPlan(
  reserved: Reserved,
  settlement: Settlement,
  journal: Journal,
  services: Services,
): Promise<Reply> {
  const prompt = lazyPrompt(reserved, journal.warn);
  let error: GatewayError | undefined;
  let acceptable: Parameters<typeof deliverWhole>[0] | undefined;
  try {
    if (reserved.claim) await reserved.claim.confirm();
    for (let next = firstAttempt(reserved); next && !outOfTime(reserved, journal, services);) {
      const outputTokenLimit = await settlement.cover(next.candidate);
      if (outputTokenLimit === undefined) {
        next = skipping(next.progress, reserved);
        continue;
      }
      if (next.waitMs > 0) await services.sleep(next.waitMs, reserved.signal);
      const target = { candidate: next.candidate, outputTokenLimit, number: journal.attempts.length + 1 };
      const attempt = await callProvider(target, reserved, prompt, journal.warn, services);
      journal.timed("call-provider");
      if (attempt.kind === "stream") return await deliverStream(attempt, reserved, settlement, journal, services);
      if (attempt.kind === "failed") {
        journal.failed(attempt, services.health);
        error = attemptError(journal, error);
        next = afterFailure(attempt.failure, next.progress, reserved);
        continue;
      }
      const verdict = verifyAnswer(attempt.answer, reserved);
      journal.answered(attempt.facts, verdict, services.health);
      journal.timed("verify-answer");
      if (!verdict.trigger) {
        journal.verified(passedStatus(verdict, journal.failedChecks), verdict, reserved);
        requireAllowedToolCalls(attempt.answer, reserved);
        return await deliverWhole(attempt, reserved, settlement, journal);
      }
      journal.verified("failed", verdict, reserved);
      error = failedVerification(verdict.trigger);
      if (mayDeliverFailed(verdict.trigger, reserved)) acceptable = attempt;
      next = afterFailedCheck(verdict.trigger, next.progress, reserved);
      journal.failedChecks.push(verdict.trigger);
    }
    if (!acceptable) throw error ?? uncovered();
    requireAllowedToolCalls(acceptable.answer, reserved);
    journal.verifiedAs("failed_accepted");
    return await deliverWhole(acceptable, reserved, settlement, journal);
  } catch (thrown) {
    const failure = reported(thrown, services);
    if (!settlement.ended) await settlement.void(unbillableReason(failure), failure.status, failure.code);
    throw failure;
  }
}

/** Every candidate was skipped: what credits are left does not pay for one. */
function uncovered(): GatewayError {
  return new GatewayError("payment_required", "The remaining credits do not cover another attempt.");
}

/** The request's own time is over, so another attempt could only be cut off. The first attempt is always made. */
function outOfTime({ arrivedAt }: Reserved, { attempts }: Journal, { settings, now }: Services): boolean {
  return attempts.length > 0 && now() - arrivedAt >= settings.clocks.totalMs;
}

/** The error a caller may see; what it hides is told to the operator. */
function reported(thrown: unknown, services: Services): GatewayError {
  const error = toGatewayError(thrown);
  if (error.code === "internal_error") services.reportFault("request", error.cause ?? error);
  return error;
}

function refusalRecord(journal: Journal, error: GatewayError, services: Services) {
  const ending = {
    httpStatus: error.status,
    errorCode: error.code,
    unbillableReason: unbillableReason(error),
    served: undefined,
    usage: unknownUsage,
    hold: { amount: noMoney, ceiling: noMoney },
  };
  return recordRequest(journal, ending, services);
}
