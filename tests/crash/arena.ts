// One database and the seats of the servers that run on it: starts and kills them while traffic runs and the books are
// watched from outside.

import { join } from "node:path";
import { makeKeySecret } from "../../server/keys/key-secret.ts";
import { AccountOfEvents } from "./account-of-events.ts";
import type { ArenaDatabase } from "./databases.ts";
import { masterKey } from "./master-key.ts";
import { makePurses, type Purse } from "./purses.ts";
import { Seat } from "./seat.ts";
import type { Upstream } from "./upstream.ts";

/** Milliseconds that a hold lives without being renewed. */
export const leaseMs = 2_000;
export const drainMs = 400;

export type Arena = {
  readonly name: string;
  /** Of the first seat's servers, the upstream aside. */
  readonly environment: Readonly<Record<string, string>>;
  readonly database: ArenaDatabase;
  readonly seats: readonly Seat[];
  readonly purses: readonly Purse[];
  readonly account: AccountOfEvents;
  readonly upstream: Upstream;
};

/** Opens an arena: the first seat has a server that is up, the other seats are empty. */
export async function openArena(
  name: string,
  seatCount: number,
  database: ArenaDatabase,
  upstream: Upstream,
  command: readonly string[],
): Promise<Arena> {
  const environment = { ...serverEnvironment(), ...database.environment };
  const dataDirOf = (seat: string): string => join(database.directory, database.isShared ? seat : "data");
  const seats = Array.from({ length: seatCount }, (_, index) => {
    const seat = `${name}-${index}`;
    return new Seat({
      name: seat,
      dataDir: dataDirOf(seat),
      environment: { ...environment, ...upstream.environmentFor(seat) },
      command,
    });
  });
  const [first] = seats;
  if (!first) throw new Error("an arena needs a seat");
  await first.start();
  const purses = await makePurses(first);
  const outside = { ...environment, ASTROLABE_DATA_DIR: dataDirOf(first.name) };
  return { name, environment: outside, database, seats, purses, account: new AccountOfEvents(), upstream };
}

/** What every server of the suite is told, its upstream and database aside. */
export function serverEnvironment(): Record<string, string> {
  return {
    ASTROLABE_MASTER_KEY: masterKey.toString("base64"),
    ASTROLABE_INIT_API_KEY: firstKey,
    ASTROLABE_HOLD_LEASE_MS: String(leaseMs),
    ASTROLABE_DRAIN_TIMEOUT_MS: String(drainMs),
    ASTROLABE_BALANCE_FLOOR_USD: "0",
    ASTROLABE_RATE_LIMIT_PER_MINUTE: "1000000000",
  };
}

/** The key that a first start makes, the same whichever start completes it. */
export const firstKey = makeKeySecret("live", (count) => new Uint8Array(count).fill(7));
