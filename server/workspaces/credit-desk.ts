// Grants of credit, each applied at most once however often it is asked for: the entry's id follows from the caller's
// idempotency key, and an entry that exists is not made again.

import { GatewayError } from "../contracts/errors.ts";
import { asId, newId, type EntryId, type WorkspaceId } from "../contracts/ids.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { CreditOperation, Entry } from "../ledger/operations.ts";
import { noMoney, picodollars, picodollarsPerUsd, type Picodollars } from "../money/picodollars.ts";

/** Keeps a balance well inside a signed 64-bit column, which ends at 9.2 million dollars. */
export const largestBalance = picodollars(9_000_000n * picodollarsPerUsd);

export type CreditRecords = {
  /** The credit with this id; undefined when the workspace has none. */
  findCredit(workspaceId: WorkspaceId, entryId: EntryId): Promise<CreditFacts | undefined>;
};

export type CreditFacts = Pick<Entry, "id" | "amount" | "memo" | "createdAt">;

export type Grant = {
  readonly workspaceId: WorkspaceId;
  /** Above zero. */
  readonly amount: Picodollars;
  readonly memo: string;
  /** Undefined: every call is a grant of its own. */
  readonly idempotencyKey: string | undefined;
};

export type CreditDeskOptions = {
  readonly ledger: Pick<Ledger, "submit" | "account">;
  readonly records: CreditRecords;
  /** Unix milliseconds. */
  readonly now: () => number;
};

export class CreditDesk {
  readonly #options: CreditDeskOptions;
  /** Grants under way by entry id, so that two calls with one idempotency key cannot both find nothing. */
  readonly #underWay = new Map<EntryId, Promise<CreditFacts>>();

  constructor(options: CreditDeskOptions) {
    this.#options = options;
  }

  /**
   * Adds credit durably; the same idempotency key gives the same entry.
   * @throws GatewayError idempotency `conflict` when the key was used for another amount or memo, `invalid_request`
   * when the balance would grow past nine million dollars, `service_unavailable` when the ledger cannot commit.
   */
  async grant(grant: Grant): Promise<CreditFacts> {
    const entryId =
      grant.idempotencyKey === undefined ? newId("ent") : entryIdFor(grant.workspaceId, grant.idempotencyKey);
    return this.creditOnce(grant, entryId);
  }

  /** Like `grant`, under an entry id that the caller keeps. */
  async creditOnce(grant: Omit<Grant, "idempotencyKey">, entryId: EntryId): Promise<CreditFacts> {
    const earlier = this.#underWay.get(entryId);
    const credit = earlier ?? this.#apply(grant, entryId);
    if (earlier === undefined) {
      this.#underWay.set(entryId, credit);
      void credit.finally(() => this.#underWay.delete(entryId)).catch(() => undefined);
    }
    return sameGrant(await credit, grant);
  }

  async #apply(grant: Omit<Grant, "idempotencyKey">, entryId: EntryId): Promise<CreditFacts> {
    const { ledger, records, now } = this.#options;
    const existing = await records.findCredit(grant.workspaceId, entryId);
    if (existing !== undefined) return existing;
    const balance = (await ledger.account(grant.workspaceId))?.balance ?? noMoney;
    if (balance + grant.amount > largestBalance) {
      throw new GatewayError("invalid_request", "The balance may not grow past 9,000,000 USD.", {
        param: "amount_usd",
      });
    }
    const { workspaceId, amount, memo } = grant;
    const operation: CreditOperation = { type: "credit", workspaceId, entryId, amount, memo, at: now() };
    const result = await ledger.submit(operation);
    if (!result.ok) {
      throw new GatewayError("service_unavailable", "The ledger refused the credit.", { cause: result.refusal });
    }
    return { id: entryId, amount, memo, createdAt: operation.at };
  }
}

function sameGrant(credit: CreditFacts, grant: Omit<Grant, "idempotencyKey">): CreditFacts {
  if (credit.amount === grant.amount && credit.memo === grant.memo) return credit;
  throw new GatewayError("conflict", "This idempotency key was used for a grant of another amount or memo.", {
    param: "idempotency_key",
  });
}

function entryIdFor(workspaceId: WorkspaceId, idempotencyKey: string): EntryId {
  const digest = new Bun.CryptoHasher("sha256").update(`${workspaceId}\n${idempotencyKey}`).digest("hex");
  return asId<EntryId>(`ent_${digest.slice(0, 32)}`);
}
