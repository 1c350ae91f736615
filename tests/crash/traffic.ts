// Mixed load on the living servers of an arena: both protocols, streamed and not, tools, upstream failures, clients that
// leave, keys and workspaces that run out of credit, repeats under an Idempotency-Key.

import type { Seen } from "./client.ts";
import { send } from "./client.ts";
import { leaseMs, type Arena } from "./arena.ts";
import type { Dice } from "./dice.ts";
import { orderedModels, type Order } from "./order.ts";
import { grant } from "./purses.ts";
import type { Seat } from "./seat.ts";

const topUpUsd = "0.05";
/** Time between two tries under one Idempotency-Key, and the most tries. */
const repeatMs = 500;
const mostRepeats = 40;

export type TrafficOptions = { readonly callers: number; readonly idempotency: boolean };

export class Traffic {
  readonly #arena: Arena;
  readonly #dice: Dice;
  readonly #options: TrafficOptions;
  readonly #running = new Set<Promise<void>>();
  #awaitingAnswer: (() => void)[] = [];
  #serial = 0;
  #stopped = false;

  constructor(arena: Arena, dice: Dice, options: TrafficOptions) {
    this.#arena = arena;
    this.#dice = dice;
    this.#options = options;
  }

  start(): void {
    for (let caller = 0; caller < this.#options.callers; caller++) this.#track(this.#callAgainAndAgain());
  }

  /** Resolves when every request has ended and every grant is confirmed; at least one server must be up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#running.size > 0) await Promise.all(this.#running);
    await this.#confirmGrants();
  }

  /** Many quick requests at once on one seat. */
  burst(seat: Seat, count: number): void {
    for (let index = 0; index < count; index++) {
      this.#track(this.#ask({ ...this.#order(), pieces: 2, pauseMs: 0, idempotencyKey: undefined }, () => seat));
    }
  }

  /** Streams on one seat that take longer than a hold lives without being renewed. */
  longStreams(seat: Seat, count: number): void {
    const pieces = 16;
    const pauseMs = Math.ceil((leaseMs * 1.4) / pieces);
    const shape = { stream: true, tool: false, pieces, pauseMs, failures: 0, purse: "rich" } as const;
    for (let index = 0; index < count; index++) {
      const order = { ...this.#order(), ...shape, leavesAfterMs: undefined, idempotencyKey: undefined };
      this.#track(this.#ask(order, () => seat));
    }
  }

  /** Resolves as soon as a client has a whole answer, or after `withinMs`. */
  nextAnswer(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaitingAnswer.push(resolve);
    const timer = setTimeout(resolve, withinMs);
    return promise.finally(() => clearTimeout(timer));
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  async #callAgainAndAgain(): Promise<void> {
    while (!this.#stopped) {
      if (this.#livingSeat() === undefined) await Bun.sleep(10);
      else await this.#ask(this.#order(), () => this.#livingSeat());
      await Bun.sleep(this.#dice.between(0, 20));
    }
  }

  async #ask(order: Order, seatFor: () => Seat | undefined): Promise<void> {
    this.#arena.upstream.expect(order);
    for (let tries = 0; tries < mostRepeats; tries++) {
      const seen = await this.#askOnce(order, seatFor()?.url);
      if (seen?.kind === "refused" && order.purse === "poor" && this.#dice.chance(0.15)) await this.#topUp();
      if (order.idempotencyKey === undefined || (seen && !isWorthRepeating(seen))) return;
      await Bun.sleep(repeatMs);
    }
  }

  async #askOnce(order: Order, url: string | undefined): Promise<Seen | undefined> {
    const purse = this.#arena.purses.find(({ name }) => name === order.purse);
    const key = purse?.keys[order.keyNumber % purse.keys.length];
    if (url === undefined || key === undefined) return undefined;
    const seen = await send(order, url, key);
    this.#arena.account.note(order, seen);
    if (seen.kind === "delivered") for (const tell of this.#awaitingAnswer.splice(0)) tell();
    return seen;
  }

  #livingSeat(): Seat | undefined {
    const living = this.#arena.seats.filter(({ url }) => url !== undefined);
    return living[this.#dice.whole(0, living.length - 1)];
  }

  async #topUp(): Promise<void> {
    const { account, purses, name } = this.#arena;
    const workspaceId = purses.find((purse) => purse.name === "poor")?.workspaceId ?? "";
    const idempotencyKey = `${name}-${account.grants.length}`;
    const given = { workspaceId, idempotencyKey, amountUsd: topUpUsd, confirmed: false };
    account.grants.push(given);
    const url = this.#livingSeat()?.url;
    given.confirmed = url !== undefined && (await grant(url, workspaceId, topUpUsd, idempotencyKey));
  }

  /** Repeats grants that no server has confirmed: some were booked by a server that died before it could say so. */
  async #confirmGrants(): Promise<void> {
    for (const given of this.#arena.account.grants) {
      for (let tries = 0; !given.confirmed && tries < 20; tries++) {
        const url = this.#livingSeat()?.url;
        given.confirmed =
          url !== undefined && (await grant(url, given.workspaceId, given.amountUsd, given.idempotencyKey));
      }
    }
  }

  #order(): Order {
    const dice = this.#dice;
    this.#serial += 1;
    const idempotent = this.#options.idempotency && dice.chance(0.15);
    const inputTokens = dice.whole(5, 20);
    return {
      id: `${this.#arena.name}-${this.#serial}`,
      purse: dice.pick([
        ["rich", 55],
        ["poor", 20],
        ["limited", 12],
        ["budgeted", 13],
      ] as const),
      keyNumber: dice.whole(0, 11),
      protocol: dice.pick([
        ["chat", 1],
        ["responses", 1],
      ] as const),
      stream: dice.chance(0.6),
      model: orderedModels[dice.whole(0, orderedModels.length - 1)] ?? orderedModels[0],
      inputTokens,
      cachedTokens: dice.whole(0, inputTokens - 1),
      outputTokens: dice.whole(20, 200),
      maxOutputTokens: dice.chance(0.7) ? dice.whole(256, 2_000) : undefined,
      pieces: dice.whole(1, 8),
      pauseMs: dice.pick([
        [0, 3],
        [5, 3],
        [25, 3],
        [150, 1],
      ] as const),
      tool: dice.chance(0.1),
      leavesAfterMs: !idempotent && dice.chance(0.08) ? dice.whole(5, 150) : undefined,
      failures: dice.pick([
        [0, 96],
        [1, 3],
        [9, 1],
      ] as const),
      idempotencyKey: idempotent ? `${this.#arena.name}-${this.#serial}` : undefined,
    };
  }
}

/** Nobody said no: the connection broke, the server was stopping, or an earlier try may still be running. */
function isWorthRepeating(seen: Seen): boolean {
  if (seen.kind === "refused") return seen.status === 503 || seen.code === "idempotency_in_progress";
  return seen.kind === "cut" || seen.kind === "failed";
}
