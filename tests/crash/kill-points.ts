// When a server is killed: at a random moment, or at one of those that a crash could spoil. Each function finds a seat
// without a server and leaves it so, having killed what it started.

import { drainMs, leaseMs } from "./arena.ts";
import type { Dice } from "./dice.ts";
import type { Seat } from "./seat.ts";
import type { Traffic } from "./traffic.ts";
import type { Upstream } from "./upstream.ts";

export type Scene = {
  readonly seat: Seat;
  readonly traffic: Traffic;
  readonly upstream: Upstream;
  readonly dice: Dice;
};

/** Longest wait for a moment that traffic has to bring about. */
const patienceMs = 1_500;
const longestStartMs = 10_000;

export const killPoints = {
  async "at random"({ seat, dice }: Scene) {
    await seat.start();
    await Bun.sleep(dice.between(20, 600));
    await seat.kill();
  },

  async "after a hold"({ seat, upstream, dice }: Scene) {
    await seat.start();
    await Bun.sleep(dice.between(0, 100));
    await upstream.next(seat.name, "called", patienceMs);
    await Bun.sleep(dice.between(0, 3));
    await seat.kill();
  },

  async "during a settlement"({ seat, upstream, dice }: Scene) {
    await seat.start();
    await Bun.sleep(dice.between(50, 200));
    await upstream.next(seat.name, "finished", patienceMs);
    await Bun.sleep(dice.between(0, 5));
    await seat.kill();
  },

  /** What a client has in full must be debited, however soon the server dies. */
  async "after an answer"({ seat, traffic, dice }: Scene) {
    await seat.start();
    await Bun.sleep(dice.between(0, 100));
    traffic.burst(seat, 12);
    for (let answers = dice.whole(1, 8); answers > 0; answers--) await traffic.nextAnswer(patienceMs);
    await seat.kill();
  },

  async "during a burst"({ seat, traffic, dice }: Scene) {
    await seat.start();
    traffic.burst(seat, 40);
    await Bun.sleep(dice.between(5, 120));
    await seat.kill();
  },

  async "during the start"({ seat, dice }: Scene) {
    seat.launch();
    await Bun.sleep(dice.between(0, seat.lastStartMs));
    await seat.kill();
  },

  /** The holds of a first crash expire before the server starts again and finds them; so it counts two kills. */
  async "during the sweep"({ seat, traffic, dice }: Scene) {
    await seat.start();
    traffic.burst(seat, 30);
    await Bun.sleep(dice.between(10, 60));
    await seat.kill();
    await Bun.sleep(leaseMs + 100);
    const launched = seat.launch();
    const until = performance.now() + longestStartMs;
    while (!launched.stdout().includes("serving at") && performance.now() < until) await Bun.sleep(1);
    await Bun.sleep(dice.between(0, 10));
    await seat.kill();
  },

  async "during the drain"({ seat, traffic, dice }: Scene) {
    const server = await seat.start();
    traffic.burst(seat, 10);
    traffic.longStreams(seat, 3);
    await Bun.sleep(dice.between(50, 150));
    seat.close();
    server.signal("SIGTERM");
    await Bun.sleep(dice.between(0, drainMs * 1.3));
    await seat.kill();
  },

  /** Long enough for streams that outlive their hold's first lease. */
  async "after a long life"({ seat, traffic, dice }: Scene) {
    await seat.start();
    traffic.longStreams(seat, 4);
    await Bun.sleep(leaseMs * 1.4 + dice.between(600, 1_500));
    await seat.kill();
  },
} satisfies Readonly<Record<string, (scene: Scene) => Promise<void>>>;

export type KillPoint = keyof typeof killPoints;

/** Points in the proportion in which they are to occur. */
export const deck: readonly KillPoint[] = [
  ...copies("at random", 5),
  ...copies("after a hold", 4),
  ...copies("during a settlement", 3),
  ...copies("after an answer", 4),
  ...copies("during a burst", 3),
  ...copies("during the start", 3),
  ...copies("during the sweep", 1),
  ...copies("during the drain", 1),
  ...copies("after a long life", 1),
];

function copies(point: KillPoint, count: number): KillPoint[] {
  return Array.from({ length: count }, () => point);
}
