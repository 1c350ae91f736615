// Random sequences of operations over three workspaces: mostly sensible ones, each with what the model says of it. For
// property tests of whatever applies operations.

import fc from "fast-check";
import { asId, type EntryId, type RequestId, type WorkspaceId } from "../contracts/ids.ts";
import { LedgerModel } from "./ledger-model.test-kit.ts";
import { cap, Operations } from "./ledger.test-kit.ts";
import type { Cap, Operation } from "./operations.ts";

/** What an operation is made of; a drawn request is one of those held so far. */
export type Drawn = {
  readonly kind: number;
  readonly writer: number;
  readonly pick: number;
  readonly amount: number;
  readonly more: number;
  readonly caps: number;
  /** The last operation of its batch. */
  readonly cut: boolean;
};

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.nat(99),
  writer: fc.nat(19),
  pick: fc.nat(40),
  amount: fc.nat(200),
  more: fc.nat(200),
  caps: fc.nat(15),
  cut: fc.boolean(),
});

/** What one run is made of. */
export const drawnSteps = fc.array(drawn, { maxLength: 120, size: "max" });

/** Three scopes; one has a lower limit now and then, one is named twice now and then. */
function capsOf(writer: Operations, { caps, more }: Drawn): Cap[] {
  const list: Cap[] = [];
  if (caps & 1) list.push(cap(`key:${writer.workspaceId}`, 500, 300));
  if (caps & 2) list.push(cap(`day:${writer.workspaceId}`, caps & 8 ? 300 + more : 400, 400));
  if (caps & 4) list.push(cap(`month:${writer.workspaceId}`, 700, 600));
  if (caps === 15) list.push(cap(`key:${writer.workspaceId}`, 450));
  return list;
}

/** Operations made out of what was drawn, on requests that there are. Two workspaces begin with credits. */
export class Script {
  readonly model = new LedgerModel();
  readonly operations: Operation[] = [];
  /** One per operation: `ok`, or why the model refuses it. */
  readonly expected: string[] = [];
  /** One per operation: whether it is the last of its batch. */
  readonly cuts: readonly boolean[];
  readonly writers: readonly [Operations, Operations, Operations];
  readonly #tag: string;
  #requests = 0;

  /** `tag` is part of every id, so that scripts can share a ledger. */
  constructor(steps: readonly Drawn[], tag = "") {
    this.#tag = tag;
    const requestOf = (n: number) => asId<RequestId>(`req_${tag}_${n}`);
    const writerOf = (name: string) => new Operations(asId<WorkspaceId>(`ws_${tag}_${name}`), requestOf);
    this.writers = [writerOf("a"), writerOf("b"), writerOf("c")];
    this.cuts = [false, true, ...steps.map(({ cut }) => cut)];
    this.#add(this.writers[0].credit(1_000, this.#entryId("0")));
    this.#add(this.writers[1].credit(400, this.#entryId("1")));
    for (const step of steps) this.#add(this.#operation(step, this.operations.length));
  }

  #entryId(name: string): EntryId {
    return asId<EntryId>(`ent_${this.#tag}_${name}`);
  }

  #add(operation: Operation): void {
    this.operations.push(operation);
    this.expected.push(this.model.apply(operation));
  }

  #operation(step: Drawn, index: number): Operation {
    const { kind, pick, amount, more } = step;
    const writer = this.#writer(step);
    const [caps, n] = [capsOf(writer, step), this.#known(pick)];
    // Now and then an id that may have been booked already.
    const entryId = this.#entryId(kind % 10 === 0 ? `${pick % 4}` : `x${index}`);
    if (kind < 34) {
      const again = kind === 0 ? this.#living(pick) : undefined;
      const options = { ceiling: more, caps, floor: kind % 8 === 0 ? 100 : 0, expiresAt: 100 + pick };
      return writer.hold(again ?? this.#requests++, amount, options);
    }
    if (kind < 44) return writer.grow(n, amount % 80, { ceiling: more % 80, caps: kind % 2 === 0 ? caps : [] });
    if (kind < 66) return writer.settle(n, costOf(step), this.#entryId(`x${index}`), index);
    if (kind < 70) return writer.renew(n, 90 + amount);
    if (kind < 73) return writer.void(n);
    if (kind < 77) return writer.expire(n, 90 + amount);
    if (kind < 86) return writer.refund(n, 1 + (amount % 60), entryId);
    if (kind < 90) return writer.adjust(amount % 2 === 0 ? more + 1 : -more - 1, entryId);
    return writer.credit(1 + amount + more, entryId);
  }

  /** Mostly the workspace of the request that is picked. */
  #writer({ writer, pick }: Drawn): Operations {
    const picked = this.writers[0].requestId(this.#known(pick));
    const owner = this.model.holds.find(({ requestId }) => requestId === picked)?.workspaceId;
    const own = this.writers.find(({ workspaceId }) => workspaceId === owner);
    const other = this.writers[writer % this.writers.length] ?? this.writers[0];
    return writer < 15 ? (own ?? other) : other;
  }

  /** Mostly a request with an open hold, else one of the last. */
  #known(pick: number): number {
    const open = this.model.holds.filter(({ state }) => state === "open");
    const one = pick < 30 ? open.at(-1 - (pick % Math.max(1, open.length))) : undefined;
    return one ? numberOf(one.requestId) : Math.max(0, this.#requests - 1 - (pick % 6));
  }

  /** The number of a request whose hold is still in the ledger: ids of ended requests are not used again. */
  #living(pick: number): number | undefined {
    const living = this.model.holds.filter(({ state }) => state !== "ended");
    const one = living[pick % Math.max(1, living.length)];
    return one && numberOf(one.requestId);
  }
}

/** Now and then nothing, now and then more than was held. */
function costOf({ kind, amount, more }: Drawn): number {
  if (kind < 46) return 0;
  return kind < 52 ? amount + more : amount;
}

function numberOf(requestId: string): number {
  return Number(requestId.split("_").at(-1));
}
