// Rung 8: post what was used, free the rest. A settlement is opened with the hold and ends exactly once, on every path.

import type { ErrorCode } from "../contracts/errors.ts";
import { newId } from "../contracts/ids.ts";
import { unitCounts, type Usage } from "../conversation/usage.ts";
import type { EntryLine, OperationResult } from "../ledger/operations.ts";
import { chargeLines } from "../money/charge.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Candidate } from "../routing/plan.ts";
import { smallerLimit, worstCost } from "./5-reserve-credits.ts";
import type { AttemptFacts } from "./6-call-provider.ts";
import { recordRequest } from "./9-trace.ts";
import type { Journal } from "./journal.ts";
import type { Services } from "./services.ts";
import type { Reserved } from "./stages.ts";

/** Why a request is not debited; error codes are reasons too. */
export type UnbillableReason =
  ErrorCode | "test_key" | "missing_provider_usage" | "client_disconnected" | "hold_expired";

/** How a request ended, in money. */
export type Billing = {
  readonly status: "billed" | "unbillable";
  readonly reason: UnbillableReason | undefined;
  readonly hold: Picodollars;
  readonly debit: Picodollars;
  readonly uncollected: Picodollars;
  readonly lines: readonly EntryLine[];
  /** Number of the debit's ledger entry. */
  readonly entrySequence: number | undefined;
};

export type Ending = {
  readonly httpStatus: number;
  readonly errorCode: ErrorCode | undefined;
  /** The attempt whose answer the client got; undefined when it got none. */
  readonly served: AttemptFacts | undefined;
  /** Usage summed over what is billed. */
  readonly usage: Usage;
};

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
    const { hold, asked } = this.#reserved;
    if (!hold) return candidate.outputTokenLimit;
    const used = picodollars(this.#billableLines().reduce((sum, line) => sum + line.amount, 0n));
    let limit = Math.min(
      candidate.outputTokenLimit,
      this.#journal.attempts.length === 0 ? this.#reserved.outputTokenLimit : Infinity,
    );
    for (let tries = 0; tries < 3; tries++) {
      const missing = picodollars(used + worstCost(candidate, limit, asked.choices) - this.#held);
      if (missing <= 0n) return limit;
      const result = await this.#grow(missing, hold.caps);
      if (result.ok) {
        this.#held = picodollars(this.#held + missing);
        return limit;
      }
      const reachable = this.#reachable(result, used);
      const smaller = reachable && smallerLimit(this.#reserved, candidate, reachable);
      if (smaller === undefined) return undefined;
      limit = smaller;
    }
    return undefined;
  }

  /** Ends with the debit of every billable attempt; unbillable when the serving one reported no usage. */
  async post(served: AttemptFacts, httpStatus = 200): Promise<Billing> {
    if (served.usage.kind === "unknown") return this.#end("missing_provider_usage", httpStatus, undefined, served);
    return this.#end(this.#reserved.hold ? undefined : "test_key", httpStatus, undefined, served);
  }

  /** Ends without a debit. */
  async void(
    reason: UnbillableReason,
    httpStatus: number,
    errorCode?: ErrorCode,
    served?: AttemptFacts,
  ): Promise<Billing> {
    return this.#end(reason, httpStatus, errorCode, served);
  }

  async #end(
    reason: UnbillableReason | undefined,
    httpStatus: number,
    errorCode: ErrorCode | undefined,
    served: AttemptFacts | undefined,
  ): Promise<Billing> {
    if (this.#ended) throw new Error("a settlement ended twice");
    this.#ended = true;
    const lines = reason === undefined ? this.#billableLines() : [];
    const ending: Ending = { httpStatus, errorCode, served, usage: summed(served, this.#journal) };
    let billing: Billing | undefined;
    const record = (result: OperationResult | undefined) => {
      billing = this.#billing(reason, lines, result);
      return recordRequest(this.#journal, ending, billing, this.#services);
    };
    this.#journal.timed("settle");
    if (!this.#reserved.hold) {
      const unpaid = record(undefined);
      this.#services.ledger.recordOnly(unpaid);
    } else await this.#settle(lines, record);
    return billing ?? this.#billing(reason, lines, undefined);
  }

  async #settle(lines: readonly EntryLine[], record: Parameters<Services["ledger"]["submit"]>[1]): Promise<void> {
    const { requestId, workspace } = this.#reserved;
    await this.#services.ledger.submit(
      {
        type: "settle",
        requestId,
        workspaceId: workspace.id,
        entryId: newId("ent"),
        lines,
        priceVersion: this.#services.catalogue.priceVersion,
        at: Math.floor(this.#services.now()),
      },
      record,
    );
  }

  #grow(amount: Picodollars, caps: NonNullable<Reserved["hold"]>["caps"]): Promise<OperationResult> {
    const { requestId, workspace } = this.#reserved;
    return this.#services.ledger.submit({ type: "grow", requestId, workspaceId: workspace.id, amount, caps });
  }

  /** A refusal to grow, restated as what one attempt may cost: what is available plus what the hold has left. */
  #reachable(result: OperationResult, used: Picodollars) {
    if (result.ok || !("available" in result.refusal)) return undefined;
    return { ...result.refusal, available: picodollars(result.refusal.available + this.#held - used) };
  }

  #billing(
    reason: UnbillableReason | undefined,
    lines: readonly EntryLine[],
    result: OperationResult | undefined,
  ): Billing {
    const refused = result !== undefined && !result.ok;
    const entry = result?.ok ? result.entry : undefined;
    const debit = entry ? picodollars(-entry.amount) : noMoney;
    const why = reason ?? (refused ? "hold_expired" : undefined);
    return {
      status: why === undefined ? "billed" : "unbillable",
      reason: why,
      hold: this.#held,
      debit,
      uncollected: entry?.uncollected ?? noMoney,
      lines: why === undefined ? lines : [],
      entrySequence: entry?.sequence,
    };
  }

  /** Every attempt that produced usage towards the answer, itemised; failed ones are not charged. */
  #billableLines(): EntryLine[] {
    return this.#journal.attempts.flatMap(({ facts, outcome }) =>
      outcome === "failed" || outcome === "cut" ? [] : attemptLines(facts),
    );
  }
}

/** What one attempt's known usage costs at retail; empty for unknown usage. */
export function attemptLines({ candidate, usage }: AttemptFacts): EntryLine[] {
  const { prices, id } = candidate.model;
  if (usage.kind === "unknown" || !prices) return [];
  const sold = {
    cachedInput: prices.cached_input_token !== undefined,
    cacheWrite: prices.cache_write_token !== undefined,
  };
  const lines = chargeLines(unitCounts(usage, sold), prices) ?? [];
  return lines.map((line) => ({ model: id, provider: candidate.provider, ...line }));
}

function summed(served: AttemptFacts | undefined, journal: Journal): Usage {
  return served?.usage ?? journal.attempts.at(-1)?.facts.usage ?? { kind: "unknown" };
}
