// A whole run of the crash suite: opens the arenas of one engine, lets traffic run, kills servers until the count is
// full, lets everything come to rest, and judges.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../scripts/build-server.mjs";
import { runProgram } from "../support/server-process.ts";
import { leaseMs, openArena, type Arena } from "./arena.ts";
import { judge } from "./checks.ts";
import type { ArenaDatabase, EngineName } from "./databases.ts";
import { Dice } from "./dice.ts";
import { readEvidence } from "./evidence.ts";
import { killFirstStarts } from "./first-starts.ts";
import { deck, killPoints } from "./kill-points.ts";
import { addTally, emptyTally, type Tally } from "./tally.ts";
import { Traffic } from "./traffic.ts";
import { startUpstream, type Upstream } from "./upstream.ts";
import { Watch } from "./watch.ts";

export type Campaign = {
  readonly engine: EngineName;
  /** Arenas side by side, and servers on the database of each. */
  readonly arenas: number;
  readonly seats: number;
  /** Callers that ask one request after the other, in each arena. */
  readonly callers: number;
  readonly makeDatabase: () => Promise<ArenaDatabase>;
  readonly kills: number;
  readonly seed: number;
  /** Whether servers keep answers under an Idempotency-Key. */
  readonly idempotency: boolean;
};

/** Share of the kills that hit first starts and migrations, on databases of their own. */
const firstStartShare = 0.15;
/** Rest after the last request: every lease runs out, and the watch has a second of sweeping to look at. */
const restMs = leaseMs + 1_500;
/** Longer waits for the last sweep, on a machine that keeps it waiting; a hold that is then left is left for good. */
const mostRests = 5;
const verifyLimitMs = 120_000;

/** @throws Error when a server does not start; everything else that is wrong is in the tally's faults. */
export async function runCampaign(campaign: Campaign): Promise<Tally> {
  const startedAt = performance.now();
  const dice = new Dice(campaign.seed);
  const upstream = startUpstream();
  const program = await bundleServer();
  const firstStartKills = Math.floor(campaign.kills * firstStartShare);
  const claims = new Claims(campaign.kills - firstStartKills);
  try {
    const tallies = await Promise.all([
      killFirstStarts({ campaign, kills: firstStartKills, dice: dice.fork(), command: [...program.words, "serve"] }),
      ...Array.from({ length: campaign.arenas }, (_, index) =>
        runArena(`arena${index}`, campaign, claims, dice.fork(), upstream, program.words),
      ),
    ]);
    const total = tallies.reduce(addTally, emptyTally);
    return { ...total, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await upstream.close();
    program.remove();
  }
}

/** Kills that are still to be made, claimed by whoever is free. */
class Claims {
  #left: number;

  constructor(count: number) {
    this.#left = count;
  }

  claim(): boolean {
    this.#left -= 1;
    return this.#left >= 0;
  }
}

async function runArena(
  name: string,
  campaign: Campaign,
  claims: Claims,
  dice: Dice,
  upstream: Upstream,
  program: readonly string[],
): Promise<Tally> {
  const database = await campaign.makeDatabase();
  const arena = await openArena(name, campaign.seats, database, upstream, [...program, "serve"]);
  const traffic = new Traffic(arena, dice.fork(), campaign);
  const watch = new Watch(arena);
  try {
    await arena.seats[0]?.stop();
    const watching = watch.run();
    traffic.start();
    await Promise.all(arena.seats.map((seat) => killAgainAndAgain(arena, seat, traffic, claims, dice.fork())));
    await Promise.all(arena.seats.map((seat) => seat.start()));
    await traffic.stop();
    await rest(database);
    watch.stop();
    await watching;
    const codes = await Promise.all(arena.seats.map((seat) => seat.stop()));
    return await tallyOf(arena, watch, codes, program);
  } finally {
    watch.stop();
    await Promise.all(arena.seats.map((seat) => seat.kill()));
    await database.remove();
  }
}

async function rest(database: ArenaDatabase): Promise<void> {
  for (let rests = 0; rests < mostRests; rests++) {
    await Bun.sleep(restMs);
    const [holds = []] = await database.read(["SELECT request_id FROM holds WHERE state = 'open'"]);
    if (holds.length === 0) return;
  }
}

/** Goes through a shuffled deck of kill points on one seat until all kills are claimed. */
async function killAgainAndAgain(
  { upstream }: Arena,
  seat: Arena["seats"][number],
  traffic: Traffic,
  claims: Claims,
  dice: Dice,
): Promise<void> {
  for (;;) {
    for (const point of dice.shuffled(deck)) {
      if (!claims.claim()) return;
      await killPoints[point]({ seat, traffic, upstream, dice });
    }
  }
}

async function tallyOf(
  arena: Arena,
  watch: Watch,
  exitCodes: readonly (number | undefined)[],
  program: readonly string[],
): Promise<Tally> {
  const { account, seats, upstream } = arena;
  const findings = judge(await readEvidence(arena.database), account, (orderId) => upstream.callsFor(orderId));
  const verified = await runProgram(["ledger", "verify"], arena.environment, { program, limitMs: verifyLimitMs });
  const complaints = seats.flatMap((seat) => seat.complaints);
  const sum = (count: (seat: Arena["seats"][number]) => number): number =>
    seats.reduce((total, seat) => total + count(seat), 0);
  return {
    ...emptyTally,
    kills: sum(({ kills }) => kills),
    starts: sum(({ starts }) => starts),
    requests: account.events.length,
    delivered: account.count("delivered"),
    refused: account.count("refused"),
    cut: account.count("cut") + account.count("failed"),
    left: account.count("left"),
    outlivedLease: account.delivered.filter(({ seen }) => seen.tookMs > leaseMs).length,
    debitsChecked: findings.debitsChecked,
    overshoot: watch.overshoot,
    holdsLeft: watch.lateHolds + findings.holdsLeft,
    debitsLost: findings.debitsLost,
    streamsSwept: findings.streamsSwept,
    polls: watch.polls,
    latestSweepMs: watch.latestMs,
    refusals: account.refusals,
    faults: [
      ...watch.faults,
      ...findings.faults,
      ...(verified.exitCode === 0 ? [] : [`astrolabe ledger verify: ${verified.stdout}${verified.stderr}`]),
      ...complaints.map((text) => `a server complained: ${text}`),
      ...exitCodes.filter((code) => code !== 0).map((code) => `a server ended with ${code} when asked to stop`),
    ],
  };
}

/** The program as it is started, bundled: hundreds of starts cost half as much. */
async function bundleServer(): Promise<{ readonly words: readonly string[]; readonly remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "astrolabe-crash-program-"));
  await build(join(import.meta.dir, "../.."), folder);
  return {
    words: [process.execPath, join(folder, "main.js")],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
