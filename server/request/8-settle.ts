// Rung 8: post what was used, free the rest. A settlement is opened with the hold and ends exactly once, on every path.

import type { ErrorCode } from "../contracts/errors.ts";
import { newId } from "../contracts/ids.ts";
import { unknownUsage } from "../conversation/usage.ts";
import type { Cap, EntryLine, OperationResult } from "../ledger/operations.ts";
import { settledUsage, type RequestRecord } from "../ledger/request-record.ts";
import { sumLines } from "../money/charge.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Candidate } from "../routing/plan.ts";
import { smallerLimit, worstCost } from "./5-reserve-credits.ts";
import type { AttemptFacts } from "./6-call-provider.ts";
import { recordRequest } from "./9-trace.ts";
import { attemptLines } from "./attempt-cost.ts";
import type { Billing, UnbillableReason } from "./ending.ts";
import type { Journal } from "./journal.ts";
import type { Services } from "./services.ts";
import type { Reserved } from "./stages.ts";

/** Other requests may take credit between a refusal and the next try; more tries than this give up. */
const mostGrowTries = 3;

export class Settlement {
  readonly #reserved: Reserved;
  readonly #journal: Journal;
  readonly #services: Services;
  #held: Picodollars;
  #ended = false;

  constructor(reserved: Reserved, journal: Journal, services: Services) {
    this.#reserved = reserved;
    this.#journal = journal;
    this.#services = services;
    this.#held = reserved.hold?.amount ?? noMoney;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Makes the hold cover one more attempt on top of what earlier ones used. Returns the output limit it pays for;
   * undefined when credits do not cover the attempt, which must then not be made.
   */
  async cover(candidate: Candidate): Promise<number | undefined> {
    const { hold, asked, outputTokenLimit } = this.#reserved;
    if (this.#journal.attempts.length === 0 && candidate === this.#reserved.plan.candidates[0]) return outputTokenLimit;
    if (!hold) return candidate.outputTokenLimit;
    const used = sumLines(this.#billableLines());
    let limit: number | undefined = candidate.outputTokenLimit;
    for (let tries = 0; tries < mostGrowTries && limit !== undefined; tries++) {
      const missing = picodollars(used + worstCost(candidate, limit, asked.choices) - this.#held);
      if (missing <= 0n) return limit;
      const result = await this.#grow(missing, hold.caps);
      if (result.ok) {
        this.#held = picodollars(this.#held + missing);
        return limit;
      }
      const within = this.#reachable(result, used);
      limit = within && smallerLimit(this.#reserved, candidate, within);
    }
    return undefined;
  }

  /** Ends with the debit of every billable attempt; unbillable when the serving one reported no usage. */
  post(served: AttemptFacts, httpStatus = 200): Promise<Billing> {
    const reason = served.usage.kind === "unknown" ? "missing_provider_usage" : undefined;
    return this.#end(reason ?? (this.#reserved.hold ? undefined : "test_key"), httpStatus, undefined, served);
  }

  /** Ends without a debit. */
  void(reason: UnbillableReason, httpStatus: number, errorCode?: ErrorCode): Promise<Billing> {
    return this.#end(reason, httpStatus, errorCode, undefined);
  }

  async #end(
    unbillableReason: UnbillableReason | undefined,
    httpStatus: number,
    errorCode: ErrorCode | undefined,
    served: AttemptFacts | undefined,
  ): Promise<Billing> {
    if (this.#ended) throw new Error("a settlement ended twice");
    this.#ended = true;
    const usage = served?.usage ?? this.#journal.attempts.at(-1)?.facts.usage ?? unknownUsage;
    const ending = { httpStatus, errorCode, unbillableReason, served, usage, hold: this.#held };
    const record = recordRequest(this.#journal, ending, this.#services);
    if (!this.#reserved.hold) {
      this.#services.ledger.recordOnly(record);
      return { status: "unbillable", debit: noMoney };
    }
    const result = await this.#settle(unbillableReason === undefined ? this.#billableLines() : [], record);
    const settled = settledUsage(record.usage, result);
    return { status: settled.unbillableReason === undefined ? "billed" : "unbillable", debit: settled.debit };
  }

  #settle(lines: readonly EntryLine[], record: RequestRecord): Promise<OperationResult> {
    const { requestId, workspace } = this.#reserved;
    const { catalogue, ledger, now } = this.#services;
    const { priceVersion } = catalogue;
    const entryId = newId("ent");
    const at = Math.floor(now());
    return ledger.submit(
      { type: "settle", requestId, workspaceId: workspace.id, entryId, lines, priceVersion, at },
      record,
    );
  }

  #grow(amount: Picodollars, caps: readonly Cap[]): Promise<OperationResult> {
    const { requestId, workspace } = this.#reserved;
    return this.#services.ledger.submit({
      type: "grow",
      requestId,
      workspaceId: workspace.id,
      amount,
      ceiling: amount,
      caps,
    });
  }

  /** A refusal to grow, restated as what one attempt may cost: what is available plus what the hold has left. */
  #reachable(result: OperationResult, used: Picodollars) {
    if (result.ok || !("available" in result.refusal)) return undefined;
    return { ...result.refusal, available: picodollars(result.refusal.available + this.#held - used) };
  }

  /** Every attempt that produced usage towards the answer, itemised; failed ones are not charged. */
  #billableLines(): EntryLine[] {
    return this.#journal.attempts.flatMap(({ facts, outcome }) =>
      outcome === "failed" || outcome === "cut" ? [] : attemptLines(facts),
    );
  }
}
