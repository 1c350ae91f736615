// Reads an arena's books from outside while its servers live and die, and notes every state that may not be.

import type { Arena } from "./arena.ts";
import type { Row } from "./databases.ts";
import type { Seat } from "./seat.ts";
import { optionalWholeAt, textAt, wholeAt } from "./read-row.ts";

const pollMs = 30;
/** A hold may be open this long after its expiry while a server is up, on a machine that keeps nobody waiting. */
const sweepWithinMs = 1_000;
/** A sweep takes about as many turns of its server as an answer to `/ready`; this many times that is allowed on top. */
const answersOfSweep = 2;
const answerMemoryMs = 3_000;
const pingMs = 50;
const longestPingMs = 20_000;
const mostFaults = 20;

const queries = [
  "SELECT workspace_id, balance, held, pledged FROM accounts",
  `SELECT workspace_id, SUM(amount) AS total, SUM(CASE WHEN kind = 'debit' THEN -amount ELSE 0 END) AS spent
   FROM ledger_entries GROUP BY workspace_id`,
  "SELECT request_id, workspace_id, amount, ceiling, expires_at FROM holds WHERE state = 'open'",
  "SELECT scope, spent, pledged, limit_amount FROM counters",
] as const;

export class Watch {
  readonly #arena: Arena;
  #watching = true;
  #polls = 0;
  #overshoot = 0n;
  #latestMs = 0;
  /** How long servers took to answer of late. */
  #answers: readonly { readonly at: number; readonly ms: number }[] = [];
  /** Since when servers have been asked and have not answered. */
  readonly #asked = new Map<Seat, number>();
  readonly #late = new Set<string>();
  readonly #faults: string[] = [];

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Times that the books were read. */
  get polls(): number {
    return this.#polls;
  }

  /** Most picodollars by which spent and pledged exceeded what was paid in, or a limit; 0 when they never did. */
  get overshoot(): bigint {
    return this.#overshoot;
  }

  /** Holds seen open more than a second after their expiry, and what the machine delays, while a server was up. */
  get lateHolds(): number {
    return this.#late.size;
  }

  /** Longest time that a hold was seen open after its expiry, while a server was up for as long. */
  get latestMs(): number {
    return this.#latestMs;
  }

  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Polls until `stop`. */
  async run(): Promise<void> {
    await Promise.all([this.#readAgainAndAgain(), ...this.#arena.seats.map((seat) => this.#pingAgainAndAgain(seat))]);
  }

  stop(): void {
    this.#watching = false;
  }

  async #readAgainAndAgain(): Promise<void> {
    while (this.#watching) {
      const since = this.#upSince();
      if (since !== undefined) await this.#poll(since);
      await Bun.sleep(pollMs);
    }
  }

  /** Measures how long a server takes to answer, because a machine that keeps it waiting keeps its sweeps waiting. */
  async #pingAgainAndAgain(seat: Seat): Promise<void> {
    while (this.#watching) {
      const { url } = seat;
      if (url !== undefined) {
        const askedAt = performance.now();
        this.#asked.set(seat, askedAt);
        const signal = AbortSignal.timeout(longestPingMs);
        const answer = fetch(`${url}/ready`, { signal }).then((response) => response.text());
        await answer.catch(() => "killed");
        this.#asked.delete(seat);
        const at = performance.now();
        this.#answers = [...this.#answers.filter((one) => at - one.at < answerMemoryMs), { at, ms: at - askedAt }];
      }
      await Bun.sleep(pingMs);
    }
  }

  get #toleranceMs(): number {
    const now = performance.now();
    const waits = [...this.#answers.map(({ ms }) => ms), ...[...this.#asked.values()].map((askedAt) => now - askedAt)];
    return sweepWithinMs + answersOfSweep * Math.max(0, ...waits);
  }

  async #poll(since: number): Promise<void> {
    const now = Date.now();
    // A server that starts at this moment may have the file to itself.
    const tables = await this.#arena.database.read(queries).catch(() => undefined);
    if (!tables) return;
    const [accounts = [], sums = [], holds = [], counters = []] = tables;
    this.#polls += 1;
    for (const account of accounts) this.#judgeAccount(account, sums, holds);
    for (const counter of counters) this.#judgeCounter(counter);
    if (this.#upSince() === since) for (const hold of holds) this.#judgeAge(hold, now, since);
  }

  /** Since when the server that has been up longest is up. */
  #upSince(): number | undefined {
    const times = this.#arena.seats.flatMap(({ upSince }) => (upSince === undefined ? [] : [upSince]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #judgeAccount(account: Row, sums: readonly Row[], holds: readonly Row[]): void {
    const id = textAt(account, "workspace_id");
    const [balance, held, pledged] = [
      wholeAt(account, "balance"),
      wholeAt(account, "held"),
      wholeAt(account, "pledged"),
    ];
    const sum = sums.find((row) => row["workspace_id"] === id);
    const total = sum ? wholeAt(sum, "total") : 0n;
    const spent = sum ? wholeAt(sum, "spent") : 0n;
    const own = holds.filter((row) => row["workspace_id"] === id);
    const add = (column: string): bigint => own.reduce((so, row) => so + wholeAt(row, column), 0n);
    const paidIn = total + spent;
    this.#exceeded(spent + pledged - paidIn);
    if (held > pledged) this.#fault(`${id} holds ${held} and pledges ${pledged}`);
    if (balance !== total) this.#fault(`${id} has ${balance} and its entries say ${total}`);
    if (add("amount") !== held) this.#fault(`${id} holds ${held} and its holds say ${add("amount")}`);
    if (add("ceiling") !== pledged) this.#fault(`${id} pledges ${pledged} and its holds say ${add("ceiling")}`);
  }

  #judgeCounter(counter: Row): void {
    const limit = optionalWholeAt(counter, "limit_amount");
    const [spent, pledged] = [wholeAt(counter, "spent"), wholeAt(counter, "pledged")];
    if (pledged < 0n) this.#fault(`${textAt(counter, "scope")} pledges ${pledged}`);
    if (limit !== undefined) this.#exceeded(spent + pledged - limit);
  }

  #judgeAge(hold: Row, now: number, since: number): void {
    const expiresAt = Number(wholeAt(hold, "expires_at"));
    const lateMs = now - Math.max(expiresAt, since);
    this.#latestMs = Math.max(this.#latestMs, lateMs);
    if (lateMs > this.#toleranceMs) this.#late.add(textAt(hold, "request_id"));
  }

  #exceeded(by: bigint): void {
    if (by > this.#overshoot) this.#overshoot = by;
  }

  #fault(sentence: string): void {
    if (this.#faults.length < mostFaults) this.#faults.push(`${this.#arena.name}: ${sentence}`);
  }
}
