// The counts of a crash campaign, and the line that prints them.

import type { EngineName } from "./databases.ts";

export type Tally = {
  readonly kills: number;
  readonly starts: number;
  readonly requests: number;
  readonly delivered: number;
  readonly refused: number;
  /** Answers that broke off, with or without a last word. */
  readonly cut: number;
  /** Clients that left. */
  readonly left: number;
  /** Delivered answers that took longer than a hold's lease. */
  readonly outlivedLease: number;
  readonly debitsChecked: number;
  /** Most picodollars spent and pledged beyond what was paid in. */
  readonly overshoot: bigint;
  readonly holdsLeft: number;
  readonly debitsLost: number;
  readonly streamsSwept: number;
  /** Times that the books were read from outside. */
  readonly polls: number;
  /** Longest time that a hold was seen open after its expiry. */
  readonly latestSweepMs: number;
  readonly refusals: ReadonlyMap<string, number>;
  readonly seconds: number;
  readonly faults: readonly string[];
};

export const emptyTally: Tally = {
  kills: 0,
  starts: 0,
  requests: 0,
  delivered: 0,
  refused: 0,
  cut: 0,
  left: 0,
  outlivedLease: 0,
  debitsChecked: 0,
  overshoot: 0n,
  holdsLeft: 0,
  debitsLost: 0,
  streamsSwept: 0,
  polls: 0,
  latestSweepMs: 0,
  refusals: new Map(),
  seconds: 0,
  faults: [],
};

export function addTally(one: Tally, other: Tally): Tally {
  const refusals = new Map(one.refusals);
  for (const [code, count] of other.refusals) refusals.set(code, (refusals.get(code) ?? 0) + count);
  return {
    kills: one.kills + other.kills,
    starts: one.starts + other.starts,
    requests: one.requests + other.requests,
    delivered: one.delivered + other.delivered,
    refused: one.refused + other.refused,
    cut: one.cut + other.cut,
    left: one.left + other.left,
    outlivedLease: one.outlivedLease + other.outlivedLease,
    debitsChecked: one.debitsChecked + other.debitsChecked,
    overshoot: one.overshoot > other.overshoot ? one.overshoot : other.overshoot,
    holdsLeft: one.holdsLeft + other.holdsLeft,
    debitsLost: one.debitsLost + other.debitsLost,
    streamsSwept: one.streamsSwept + other.streamsSwept,
    polls: one.polls + other.polls,
    latestSweepMs: Math.max(one.latestSweepMs, other.latestSweepMs),
    refusals,
    seconds: Math.max(one.seconds, other.seconds),
    faults: [...one.faults, ...other.faults],
  };
}

export function tallyLine(engine: EngineName, seed: number, tally: Tally): string {
  const refusals = [...tally.refusals].map(([code, count]) => `${count} ${code}`).join(", ");
  const facts = [
    `${tally.kills} kills`,
    `${tally.starts} starts`,
    `${tally.requests} requests`,
    `${tally.delivered} delivered (${tally.outlivedLease} outlived a lease)`,
    `${tally.refused} refused (${refusals})`,
    `${tally.cut} cut`,
    `${tally.left} left`,
    `${tally.debitsChecked} debits checked`,
    `${tally.polls} readings`,
    `overshoot ${tally.overshoot}`,
    `holds left ${tally.holdsLeft}`,
    `debits lost ${tally.debitsLost}`,
    `live streams swept ${tally.streamsSwept}`,
    `latest sweep ${Math.max(0, Math.round(tally.latestSweepMs))} ms`,
    `${tally.seconds.toFixed(1)} s`,
    `seed ${seed}`,
  ];
  return `crash ${engine}: ${facts.join(", ")}`;
}
