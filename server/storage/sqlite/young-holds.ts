// Holds that have just been opened are kept in memory, beside the rows: most requests of a fast upstream have ended before
// their hold would have been worth a write. What they set aside is laid on top of every row that is read, and taken off
// every row that is written, so that the database alone is always consistent.

import type { RequestId, WorkspaceId } from "../../contracts/ids.ts";
import type { LedgerChanges, LedgerState } from "../../ledger/batch.ts";
import type { Account, Counter, Hold } from "../../ledger/operations.ts";
import { noMoney, picodollars, type Picodollars } from "../../money/picodollars.ts";

type Young = { readonly hold: Hold; readonly since: number };

/** What is set aside in memory, for one set of young holds. */
type Aside = {
  readonly accounts: Map<WorkspaceId, { held: Picodollars; pledged: Picodollars }>;
  /** By scope. */
  readonly counters: Map<string, Picodollars>;
};

/** A batch as it was decided, on what was loaded for it. */
export type Decided = {
  readonly loaded: LedgerState;
  readonly changes: LedgerChanges;
  /** The requests of the batch whose holds have rows. */
  readonly rows: ReadonlySet<RequestId>;
};

/** What a batch leaves to be written, and which holds stay in memory once it is. */
export type Writing = {
  readonly put: readonly Hold[];
  readonly deleted: readonly RequestId[];
  /** As their rows are to be: without what stays in memory. */
  readonly accounts: readonly Account[];
  readonly counters: readonly Counter[];
  readonly stay: YoungHolds;
};

export class YoungHolds {
  readonly #holds: Map<RequestId, Young>;
  /** Limits as the young holds stated them, of counters whose rows do not say so yet. */
  readonly #stated: Map<string, Counter>;
  #aside: Aside | undefined;

  constructor(holds = new Map<RequestId, Young>(), stated = new Map<string, Counter>()) {
    this.#holds = holds;
    this.#stated = stated;
  }

  get size(): number {
    return this.#holds.size;
  }

  get(requestId: RequestId): Hold | undefined {
    return this.#holds.get(requestId)?.hold;
  }

  /** An account as it is, out of its row. */
  onTopOfAccount(row: Account): Account {
    const aside = this.#set().accounts.get(row.workspaceId);
    if (!aside) return row;
    return { ...row, held: plus(row.held, aside.held), pledged: plus(row.pledged, aside.pledged) };
  }

  /** A counter as it is, out of its row; undefined: it counts nothing and has no row. */
  onTopOfCounter(scope: string, row: Counter | undefined): Counter | undefined {
    const pledged = this.#set().counters.get(scope) ?? noMoney;
    const { limit, warnAt } = this.#stated.get(scope) ?? row ?? {};
    if (!row) return this.#stated.has(scope) ? { scope, spent: noMoney, pledged, limit, warnAt } : undefined;
    return { ...row, pledged: plus(row.pledged, pledged), limit, warnAt };
  }

  /** Takes in the holds of a batch that did nothing but open some. `now` in milliseconds, never running backwards. */
  open({ holds, counters }: LedgerChanges, now: number): void {
    for (const hold of holds.values()) {
      this.#holds.set(hold.requestId, { hold, since: now });
      if (this.#aside) setAside(hold, this.#aside);
    }
    for (const [scope, counter] of counters) this.#stated.set(scope, counter);
  }

  /**
   * What of a batch is to be written. New holds stay in memory, except those that `mustWrite` names; so do those that were
   * there, except the `grown` ones, whose time in memory is over.
   */
  writing(
    { loaded, changes, rows }: Decided,
    { grown, mustWrite, now }: { grown: readonly Hold[]; mustWrite: (id: RequestId) => boolean; now: number },
  ): Writing {
    const young = new Map(this.#holds);
    const put: Hold[] = [];
    const deleted: RequestId[] = [];
    for (const hold of changes.holds.values()) {
      const { requestId, state } = hold;
      const since = this.#holds.get(requestId)?.since ?? now;
      const hasRow = rows.has(requestId);
      if (state === "open" && !hasRow && !mustWrite(requestId)) young.set(requestId, { hold, since });
      else {
        young.delete(requestId);
        if (state === "open" || state === "expired") put.push(hold);
        else if (hasRow) deleted.push(requestId);
      }
    }
    const accounts = new Map(changes.accounts);
    const counters = new Map(changes.counters);
    for (const { requestId, workspaceId, scopes } of grown) {
      const still = young.get(requestId);
      if (!still) continue;
      young.delete(requestId);
      put.push(still.hold);
      copyMissing(workspaceId, loaded.accounts, accounts);
      for (const scope of scopes) copyMissing(scope, loaded.counters, counters);
    }
    const stated = new Map(this.#stated);
    for (const scope of counters.keys()) stated.delete(scope);
    const stay = new YoungHolds(young, stated);
    return {
      put,
      deleted,
      accounts: [...accounts.values()].map((account) => stay.#withoutAside(account)),
      counters: [...counters.values()].map((counter) => stay.#withoutPledged(counter)),
      stay,
    };
  }

  /** The holds that were opened at or before `since`: from then on they have rows. */
  olderThan(since: number): readonly Hold[] {
    const old: Hold[] = [];
    for (const young of this.#holds.values()) if (young.since <= since) old.push(young.hold);
    return old;
  }

  #withoutAside(account: Account): Account {
    const aside = this.#set().accounts.get(account.workspaceId);
    if (!aside) return account;
    return { ...account, held: minus(account.held, aside.held), pledged: minus(account.pledged, aside.pledged) };
  }

  #withoutPledged(counter: Counter): Counter {
    const pledged = this.#set().counters.get(counter.scope);
    return pledged === undefined ? counter : { ...counter, pledged: minus(counter.pledged, pledged) };
  }

  #set(): Aside {
    return (this.#aside ??= addUp(this.#holds.values()));
  }
}

function addUp(holds: Iterable<Young>): Aside {
  const aside: Aside = { accounts: new Map(), counters: new Map() };
  for (const { hold } of holds) setAside(hold, aside);
  return aside;
}

function setAside({ workspaceId, amount, ceiling, scopes }: Hold, { accounts, counters }: Aside): void {
  const sum = accounts.get(workspaceId);
  if (sum) {
    sum.held = plus(sum.held, amount);
    sum.pledged = plus(sum.pledged, ceiling);
  } else accounts.set(workspaceId, { held: amount, pledged: ceiling });
  for (const scope of scopes) counters.set(scope, plus(counters.get(scope) ?? noMoney, ceiling));
}

function copyMissing<Key, Value>(key: Key, from: ReadonlyMap<Key, Value>, to: Map<Key, Value>): void {
  const value = from.get(key);
  if (value !== undefined && !to.has(key)) to.set(key, value);
}

function plus(left: Picodollars, right: Picodollars): Picodollars {
  return picodollars(left + right);
}

function minus(left: Picodollars, right: Picodollars): Picodollars {
  return picodollars(left - right);
}
