// One workspace's entries in order: numbers without a gap, every hash, every running balance, every debit and refund.

import { entryOf } from "../contracts/json.ts";
import { entryHash, firstChainHead } from "../ledger/entry-hash.ts";
import type { AuditedAccount, AuditedEntry } from "./ledger-records.ts";
import type { RecordedPrices } from "./price-lists.ts";
import { recomputeDebit } from "./recompute-debit.ts";

/** Which accounts an entry of a kind may stand against. */
const counterpartsOf: { readonly [kind: string]: readonly string[] } = {
  credit: ["grants", "payments"],
  debit: ["usage"],
  refund: ["usage"],
  adjustment: ["adjustments", "payments"],
};

/** Hears what is wrong; the sequence is undefined for what is not about one entry. */
type Report = (sequence: number | undefined, problem: string) => void;

export class WorkspaceChain {
  readonly workspaceId: string;
  readonly #prices: RecordedPrices;
  readonly #report: Report;
  readonly #refunded = new Map<string, bigint>();
  #sequence = 0;
  #head = firstChainHead;
  #balance = 0n;
  #debits = 0;
  #matchedDebits = 0;

  constructor(workspaceId: string, prices: RecordedPrices, report: Report) {
    this.workspaceId = workspaceId;
    this.#prices = prices;
    this.#report = report;
  }

  get head(): { readonly sequence: number; readonly hash: string } {
    return { sequence: this.#sequence, hash: this.#head };
  }

  /** Debits recomputed so far. */
  get debits(): number {
    return this.#debits;
  }

  /** Debits whose usage row names them. */
  get matchedDebits(): number {
    return this.#matchedDebits;
  }

  /** Takes the next entry. After a break it goes on from what is stored, so that one change is found once. */
  next(entry: AuditedEntry): void {
    const { sequence } = entry;
    if (sequence !== this.#sequence + 1) this.#report(sequence, gap(this.#sequence, sequence));
    if (entryHash(this.#head, entry) !== entry.hash) {
      this.#report(sequence, "the hash is not that of the entry and the entries before it");
    }
    if (entry.balanceAfter !== this.#balance + entry.amount) {
      this.#report(
        sequence,
        `the balance after it should be ${this.#balance + entry.amount}, not ${entry.balanceAfter}`,
      );
    }
    this.#sequence = sequence;
    this.#head = entry.hash;
    this.#balance = entry.balanceAfter;
    if (entry.kind === "debit") this.#debit(entry);
    else this.#booking(entry);
    if (!entryOf(counterpartsOf, entry.kind)?.includes(entry.counterpart)) {
      this.#report(sequence, `a ${entry.kind} does not stand against ${entry.counterpart}`);
    }
  }

  /** Compares with the account's row; undefined when there is none. */
  finish(account: AuditedAccount | undefined): void {
    if (!account) return this.#report(undefined, "there are entries, but no account");
    if (account.entrySequence !== this.#sequence) {
      this.#report(undefined, `the account counts ${account.entrySequence} entries, but the last is ${this.#sequence}`);
    }
    if (account.chainHead !== this.#head)
      this.#report(undefined, "the account's chain head is not the last entry's hash");
    if (account.balance !== this.#balance) {
      this.#report(undefined, `the account's balance is ${account.balance}, but its entries come to ${this.#balance}`);
    }
  }

  #debit(entry: AuditedEntry): void {
    const { sequence, amount, uncollected } = entry;
    this.#debits++;
    if (amount > 0n || uncollected < 0n) this.#report(sequence, "a debit adds to the balance");
    const wrong = recomputeDebit(entry, this.#prices) ?? disagreement(entry);
    if (wrong !== undefined) this.#report(sequence, wrong);
    if (entry.usageEntrySequence === sequence) this.#matchedDebits++;
  }

  #booking(entry: AuditedEntry): void {
    const { sequence, kind, amount } = entry;
    if (kind === "adjustment" ? amount === 0n : amount <= 0n) this.#report(sequence, `a ${kind} of ${amount}`);
    if (entry.lines !== "[]" || entry.uncollected !== 0n || entry.priceVersion !== undefined) {
      this.#report(sequence, `a ${kind} has what only debits have`);
    }
    if (kind === "refund") this.#refund(entry);
    else if (entry.requestId !== undefined) this.#report(sequence, `a ${kind} names a request`);
  }

  #refund({ sequence, requestId, amount, usageDebit }: AuditedEntry): void {
    if (requestId === undefined || usageDebit === undefined) {
      return this.#report(sequence, "the refund is of a request that is not known");
    }
    const refunded = (this.#refunded.get(requestId) ?? 0n) + amount;
    this.#refunded.set(requestId, refunded);
    if (refunded > usageDebit) {
      this.#report(sequence, `${refunded} picodollars are given back of a debit of ${usageDebit}`);
    }
  }
}

function gap(before: number, sequence: number): string {
  return `entry ${sequence} follows entry ${before}`;
}

/** How a debit's usage row disagrees with it. */
function disagreement(entry: AuditedEntry): string | undefined {
  if (entry.usageDebit === undefined) return `the request ${entry.requestId ?? "(none)"} has no usage row`;
  if (entry.usageEntrySequence !== entry.sequence) {
    return `the usage row names entry ${entry.usageEntrySequence ?? "(none)"}`;
  }
  if (entry.usageDebit !== -entry.amount) return `the usage row says that ${entry.usageDebit} was debited`;
  if (entry.usagePriceVersion !== entry.priceVersion) {
    return `the usage row names the price list ${entry.usagePriceVersion}`;
  }
  if (entry.usageUnbillableReason !== undefined) return `the usage row says unbillable: ${entry.usageUnbillableReason}`;
  return undefined;
}
