// Rung 8: post what was used, free the rest. A settlement is opened with the hold and ends exactly once, on every path.

import type { ErrorCode } from "../contracts/errors.ts";
import { newId } from "../contracts/ids.ts";
import type { JsonObject } from "../contracts/json.ts";
import { unknownUsage } from "../conversation/usage.ts";
import type { Cap, EntryLine, OperationResult } from "../ledger/operations.ts";
import type { KeptReply } from "../idempotency/sealed-reply.ts";
import { settledUsage, type RequestRecord, type SettledUsage } from "../ledger/request-record.ts";
import { sumLines } from "../money/charge.ts";
import { noMoney, picodollars, type Picodollars } from "../money/picodollars.ts";
import type { Candidate } from "../routing/plan.ts";
import { limitWithinMax, smallerLimit } from "./5-reserve-credits.ts";
import type { AttemptFacts } from "./6-call-provider.ts";
import { recordRequest } from "./9-trace.ts";
import { attemptLines } from "./attempt-cost.ts";
import type { Billing, UnbillableReason } from "./ending.ts";
import { GrowingAnswer } from "./growing-answer.ts";
import { holdSize, type HoldSize } from "./hold-size.ts";
import type { Journal } from "./journal.ts";
import { keepsResponse, responseToStore } from "./keep-response.ts";
import type { Services } from "./services.ts";
import { learnFrom } from "./learn-usage.ts";
import { keepSession } from "./session.ts";
import type { Reserved } from "./stages.ts";

/** Other requests may take credit between a refusal and the next try; more tries than this give up. */
const mostGrowTries = 3;

/** What is made of a rendered answer for the settling transaction. */
export type KeptOf<Rendered> = {
  /** For repeats of the request; asked for only with a claim. */
  readonly kept: (rendered: Rendered) => KeptReply;
  /** The answer in its protocol's words; asked for only when it is to be kept. */
  readonly response: (rendered: Rendered) => JsonObject;
};

type WrittenBeside = Pick<RequestRecord, "kept" | "response">;

export class Settlement {
  readonly #reserved: Reserved;
  readonly #journal: Journal;
  readonly #services: Services;
  #hold: HoldSize;
  /** The output limit of the attempt under way, and how much of it the hold covers until it grows. */
  #limit: number;
  #covered: number;
  #ended = false;

  constructor(reserved: Reserved, journal: Journal, services: Services) {
    this.#reserved = reserved;
    this.#journal = journal;
    this.#services = services;
    this.#hold = reserved.hold ?? { amount: noMoney, ceiling: noMoney };
    this.#limit = reserved.outputTokenLimit;
    this.#covered = reserved.hold?.coveredOutputTokens ?? reserved.outputTokenLimit;
    if (!reserved.hold) return;
    const { requestId, workspace, hold } = reserved;
    services.holds.keep({ requestId, workspaceId: workspace.id, expiresAt: hold.expiresAt });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Makes the hold cover one more attempt on top of what earlier ones used. Returns the output limit it pays for;
   * undefined when credits do not cover the attempt, which must then not be made.
   */
  async cover(candidate: Candidate): Promise<number | undefined> {
    const { hold, outputTokenLimit } = this.#reserved;
    if (this.#journal.attempts.length === 0 && candidate === this.#reserved.plan.candidates[0]) return outputTokenLimit;
    if (!hold) return candidate.outputTokenLimit;
    const used = sumLines(this.#billableLines());
    let limit = limitWithinMax(this.#reserved, candidate, used);
    for (let tries = 0; tries < mostGrowTries && limit !== undefined; tries++) {
      const result = await this.#raiseTo(holdSize(this.#reserved, candidate, limit, this.#services), used, hold.caps);
      if (result === undefined || result.ok) {
        this.#limit = limit;
        this.#covered = limit;
        return limit;
      }
      const within = this.#reachable(result, used);
      limit = within && smallerLimit(this.#reserved, candidate, within);
    }
    return undefined;
  }

  /** The watch over a streamed answer whose hold does not cover its limit; undefined where nothing can be missing. */
  growing(candidate: Candidate): GrowingAnswer | undefined {
    return this.#covered < this.#limit ? new GrowingAnswer(this, candidate, this.#limit, this.#covered) : undefined;
  }

  /** Makes the hold cover so many more output tokens, or as many of them as credits and caps allow; returns how many. */
  async growOutput({ model }: Candidate, tokens: number): Promise<number> {
    const { hold } = this.#reserved;
    const price = model.prices?.output_token ?? noMoney;
    if (!hold || price === 0n) return tokens;
    for (let more = tokens, tries = 0; more > 0 && tries < mostGrowTries; tries++) {
      const cost = picodollars(BigInt(more) * price);
      const result = await this.#grow({ amount: cost, ceiling: cost }, hold.caps);
      if (result.ok) return more;
      if (!("available" in result.refusal)) return 0;
      more = Math.min(more - 1, Number(result.refusal.available / price));
    }
    return 0;
  }

  /** Ends with the debit of every billable attempt; unbillable when the serving one reported no usage. */
  post(served: AttemptFacts, httpStatus = 200): Promise<Billing> {
    return this.#end(this.#unbillable(served), httpStatus, undefined, served);
  }

  /**
   * Ends like `post`, and renders what the client gets from the outcome. With a claim what `kept` makes of it is written
   * in the same transaction: a request is debited if and only if a repeat of it is answered without running. So is the
   * response when it is to be kept: what can be gone on from is paid.
   */
  async deliver<Rendered>(
    served: AttemptFacts,
    render: (billing: Billing) => Rendered,
    { kept, response }: KeptOf<Rendered>,
  ): Promise<Rendered> {
    const { claim } = this.#reserved;
    if (!claim && !keepsResponse(this.#reserved)) return render(await this.post(served));
    let last: { readonly billing: Billing; readonly rendered: Rendered } | undefined;
    const rendered = (billing: Billing): Rendered => {
      if (last?.billing.status !== billing.status || last.billing.debit !== billing.debit) {
        last = { billing, rendered: render(billing) };
      }
      return last.rendered;
    };
    const answerOf = (settled: SettledUsage): Rendered => rendered(billingOf(settled));
    const written = {
      kept: claim?.keep((settled) => kept(answerOf(settled))),
      response: responseToStore(this.#reserved, served, (settled) => response(answerOf(settled)), this.#services),
    };
    return rendered(await this.#end(this.#unbillable(served), 200, undefined, served, written));
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
    written?: WrittenBeside,
  ): Promise<Billing> {
    if (this.#ended) throw new Error("a settlement ended twice");
    this.#ended = true;
    try {
      return await this.#record(unbillableReason, httpStatus, errorCode, served, written);
    } finally {
      this.#services.holds.release(this.#reserved.requestId);
    }
  }

  #record(
    unbillableReason: UnbillableReason | undefined,
    httpStatus: number,
    errorCode: ErrorCode | undefined,
    served: AttemptFacts | undefined,
    written?: WrittenBeside,
  ): Promise<Billing> {
    const usage = served?.usage ?? this.#journal.attempts.at(-1)?.facts.usage ?? unknownUsage;
    const ending = { httpStatus, errorCode, unbillableReason, served, usage, hold: this.#hold };
    const record = recordRequest(this.#journal, ending, this.#services);
    if (served) {
      learnFrom(served, this.#limit, this.#reserved, this.#services.learned);
      keepSession(served, this.#reserved, this.#services);
    }
    const { claim } = this.#reserved;
    const whole = written ? { ...record, ...written } : record;
    if (!claim) return this.#write(whole);
    return claim.endWith(this.#write(whole), written?.kept !== undefined);
  }

  /**
   * A record without a hold is waited for, so that its trace is there when the answer is; that it fails is the answer's
   * failure only where the record carries it, for a repeat or to be gone on from.
   */
  async #write(record: RequestRecord): Promise<Billing> {
    const { ledger } = this.#services;
    if (!this.#reserved.hold) {
      const written = ledger.record(record);
      await (record.kept || record.response ? written : written.catch(() => undefined));
      return { status: "unbillable", debit: noMoney };
    }
    const result = await this.#settle(record.usage.unbillableReason === undefined ? this.#billableLines() : [], record);
    return billingOf(settledUsage(record.usage, result));
  }

  /** Why an answer is not debited; undefined: it is. */
  #unbillable(served: AttemptFacts): UnbillableReason | undefined {
    if (served.usage.kind === "unknown") return "missing_provider_usage";
    return this.#reserved.hold ? undefined : "test_key";
  }

  #settle(lines: readonly EntryLine[], record: RequestRecord): Promise<OperationResult> {
    const { requestId, workspace } = this.#reserved;
    const { catalogue, ledger, now } = this.#services;
    if (lines.length === 0) return ledger.submit({ type: "void", requestId, workspaceId: workspace.id }, record);
    const { priceVersion } = catalogue;
    const entryId = newId("ent");
    const at = Math.floor(now());
    return ledger.submit(
      { type: "settle", requestId, workspaceId: workspace.id, entryId, lines, priceVersion, at },
      record,
    );
  }

  /** Grows the hold to what was used and one more attempt; undefined when it is large enough already. */
  async #raiseTo(size: HoldSize, used: Picodollars, caps: readonly Cap[]): Promise<OperationResult | undefined> {
    const missing = picodollars(used + size.ceiling - this.#hold.ceiling);
    if (missing <= 0n) return undefined;
    const probable = picodollars(used + size.amount - this.#hold.amount);
    return this.#grow({ amount: probable > 0n ? probable : noMoney, ceiling: missing }, caps);
  }

  async #grow(by: HoldSize, caps: readonly Cap[]): Promise<OperationResult> {
    const { requestId, workspace } = this.#reserved;
    const workspaceId = workspace.id;
    const result = await this.#services.ledger.submit({ type: "grow", requestId, workspaceId, ...by, caps });
    if (result.ok) {
      const ceiling = picodollars(this.#hold.ceiling + by.ceiling);
      const amount = picodollars(this.#hold.amount + by.amount);
      this.#hold = { amount: amount < ceiling ? amount : ceiling, ceiling };
    }
    return result;
  }

  /** A refusal to grow, restated as what one attempt may cost: what is available plus what the hold has left. */
  #reachable(result: OperationResult, used: Picodollars) {
    if (result.ok || !("available" in result.refusal)) return undefined;
    return { ...result.refusal, available: picodollars(result.refusal.available + this.#hold.ceiling - used) };
  }

  /** Every attempt that produced usage towards the answer, itemised; failed ones are not charged. */
  #billableLines(): EntryLine[] {
    return this.#journal.attempts.flatMap(({ facts, outcome }) =>
      outcome === "failed" || outcome === "cut" ? [] : attemptLines(facts),
    );
  }
}

function billingOf({ unbillableReason, debit }: SettledUsage): Billing {
  return { status: unbillableReason === undefined ? "billed" : "unbillable", debit };
}
