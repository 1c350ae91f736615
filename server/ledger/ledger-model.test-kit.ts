// The ledger told a second time, to compare it with: plain numbers, nothing kept but holds and entries, every figure summed
// anew. It is slow on purpose and shares no rule's code with the ledger.

import type { Cap, Operation } from "./operations.ts";

type ModelHold = {
  readonly requestId: string;
  readonly workspaceId: string;
  readonly scopes: readonly string[];
  amount: number;
  ceiling: number;
  expiresAt: number;
  state: "open" | "ended" | "expired";
};

type ModelEntry = {
  readonly workspaceId: string;
  readonly kind: "credit" | "debit" | "refund" | "adjustment";
  readonly amount: number;
  readonly id: string;
  readonly requestId: string | undefined;
  readonly scopes: readonly string[];
};

export class LedgerModel {
  readonly holds: ModelHold[] = [];
  readonly entries: ModelEntry[] = [];
  readonly limits = new Map<string, number>();
  /** The highest limit that was ever stated for a scope. */
  readonly highestLimits = new Map<string, number>();

  /** `ok`, or the reason of the refusal. */
  apply(operation: Operation): string {
    switch (operation.type) {
      case "hold":
        return this.#hold(operation);
      case "grow":
        return this.#grow(operation);
      case "settle":
        return this.#settle(operation);
      case "renew":
      case "void":
      case "expire":
        return this.#touch(operation);
      case "credit":
        return this.#book("credit", operation);
      case "adjust":
        if (!this.entries.some((entry) => entry.workspaceId === operation.workspaceId)) return "no_account";
        if (this.free(operation.workspaceId) + Number(operation.amount) < 0) return "insufficient_credits";
        return this.#book("adjustment", operation);
      case "refund":
        return this.#refund(operation);
    }
  }

  balance(workspaceId: string): number {
    return sum(this.entries.filter((entry) => entry.workspaceId === workspaceId).map(({ amount }) => amount));
  }

  held(workspaceId: string): number {
    return sum(this.#open(workspaceId).map(({ amount }) => amount));
  }

  pledged(workspaceId: string): number {
    return sum(this.#open(workspaceId).map(({ ceiling }) => ceiling));
  }

  free(workspaceId: string): number {
    return this.balance(workspaceId) - this.pledged(workspaceId);
  }

  spentUnder(scope: string): number {
    return 0 - sum(this.entries.filter(({ scopes }) => scopes.includes(scope)).map(({ amount }) => amount));
  }

  pledgedUnder(scope: string): number {
    const counted = this.holds.filter(({ state, scopes }) => state === "open" && scopes.includes(scope));
    return sum(counted.map(({ ceiling }) => ceiling));
  }

  #hold(operation: Extract<Operation, { type: "hold" }>): string {
    const { requestId, workspaceId, expiresAt, caps } = operation;
    const ceiling = Number(operation.ceiling);
    if (this.holds.some((hold) => hold.requestId === requestId)) return "hold_exists";
    if (!this.entries.some((entry) => entry.workspaceId === workspaceId)) return "no_account";
    if (this.balance(workspaceId) - this.held(workspaceId) <= Number(operation.floor)) return "below_floor";
    const scopes = [...new Set(caps.map(({ scope }) => scope))];
    const refusal = this.#pledge(workspaceId, scopes, caps, ceiling);
    if (refusal !== "ok") return refusal;
    const amount = Math.min(Number(operation.amount), ceiling);
    this.holds.push({ requestId, workspaceId, scopes, amount, ceiling, expiresAt, state: "open" });
    return "ok";
  }

  #grow(operation: Extract<Operation, { type: "grow" }>): string {
    const hold = this.#openHold(operation);
    if (!hold) return "hold_not_open";
    const more = Number(operation.ceiling);
    const refusal = this.#pledge(hold.workspaceId, hold.scopes, operation.caps, more);
    if (refusal !== "ok") return refusal;
    hold.ceiling += more;
    hold.amount = Math.min(hold.ceiling, hold.amount + Number(operation.amount));
    return "ok";
  }

  /** Whether `more` fits under every limit and into what is free; remembers the limits if it does. */
  #pledge(workspaceId: string, scopes: readonly string[], caps: readonly Cap[], more: number): string {
    const limits = scopes.map((scope) => {
      const stated = caps.filter((cap) => cap.scope === scope).map(({ limit }) => Number(limit));
      return stated.length > 0 ? Math.min(...stated) : this.limits.get(scope);
    });
    for (const [index, scope] of scopes.entries()) {
      const after = this.spentUnder(scope) + this.pledgedUnder(scope) + more;
      if (more > 0 && after > (limits[index] ?? Infinity)) return "over_cap";
    }
    if (more > 0 && more > this.free(workspaceId)) return "insufficient_credits";
    for (const [index, scope] of scopes.entries()) {
      const limit = limits[index];
      if (limit === undefined) continue;
      this.limits.set(scope, limit);
      this.highestLimits.set(scope, Math.max(limit, this.highestLimits.get(scope) ?? 0));
    }
    return "ok";
  }

  #settle(operation: Extract<Operation, { type: "settle" }>): string {
    const hold = this.#openHold(operation);
    if (!hold) return "hold_not_open";
    const { requestId, workspaceId, scopes, ceiling } = hold;
    const cost = sum(operation.lines.map(({ amount }) => Number(amount)));
    const rooms = scopes.map(
      (scope) => (this.limits.get(scope) ?? Infinity) - this.spentUnder(scope) - this.pledgedUnder(scope),
    );
    const beyond = Math.max(0, Math.min(this.free(workspaceId), ...rooms));
    hold.state = "ended";
    if (cost === 0) return "ok";
    const amount = -Math.min(cost, ceiling + beyond);
    this.entries.push({ workspaceId, kind: "debit", amount, id: operation.entryId, requestId, scopes });
    return "ok";
  }

  #touch(operation: Extract<Operation, { type: "renew" | "void" | "expire" }>): string {
    const hold = this.#openHold(operation);
    if (!hold) return "hold_not_open";
    if (operation.type === "expire" && operation.at < hold.expiresAt) return "hold_renewed";
    if (operation.type === "renew") hold.expiresAt = Math.max(hold.expiresAt, operation.expiresAt);
    else hold.state = operation.type === "void" ? "ended" : "expired";
    return "ok";
  }

  #refund(operation: Extract<Operation, { type: "refund" }>): string {
    const { requestId, workspaceId } = operation;
    if (this.#isBooked(operation.entryId)) return "duplicate_entry";
    if (!this.entries.some((entry) => entry.workspaceId === workspaceId)) return "no_account";
    const own = this.entries.filter((entry) => entry.requestId === requestId && entry.workspaceId === workspaceId);
    if (Number(operation.amount) > -sum(own.map(({ amount }) => amount))) return "over_refund";
    return this.#book("refund", operation, requestId);
  }

  #book(
    kind: ModelEntry["kind"],
    { workspaceId, entryId, amount }: Extract<Operation, { type: "credit" | "adjust" | "refund" }>,
    requestId?: string,
  ): string {
    if (this.#isBooked(entryId)) return "duplicate_entry";
    this.entries.push({ workspaceId, kind, amount: Number(amount), id: entryId, requestId, scopes: [] });
    return "ok";
  }

  #isBooked(id: string): boolean {
    return this.entries.some((entry) => entry.id === id && entry.kind !== "debit");
  }

  #open(workspaceId: string): ModelHold[] {
    return this.holds.filter((hold) => hold.state === "open" && hold.workspaceId === workspaceId);
  }

  #openHold({ requestId, workspaceId }: { requestId: string; workspaceId: string }): ModelHold | undefined {
    return this.#open(workspaceId).find((hold) => hold.requestId === requestId);
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
