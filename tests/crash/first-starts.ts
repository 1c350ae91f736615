// Kills servers while they start on a database that is not finished: an empty one, and one with the first schema and
// entries in it that has to be migrated. Whatever was cut short, the start that completes must find everything in order.

import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import initialSchema from "../../server/storage/migrations/sqlite/0001-initial.sql" with { type: "text" };
import { entryHash, firstChainHead } from "../../server/ledger/entry-hash.ts";
import { firstKey, serverEnvironment } from "./arena.ts";
import type { Campaign } from "./campaign.ts";
import type { ArenaDatabase } from "./databases.ts";
import type { Dice } from "./dice.ts";
import { readEvidence, type Evidence } from "./evidence.ts";
import { Seat } from "./seat.ts";
import { emptyTally, type Tally } from "./tally.ts";

export type FirstStarts = {
  readonly campaign: Campaign;
  readonly kills: number;
  readonly dice: Dice;
  readonly command: readonly string[];
};

/** Kills of each server's start on the same database, before they are let through. */
const killsEach = 3;
/** Most servers that start at once on a database they share. */
const mostRivals = 3;
/** Longest that a start is let live. */
const longestStartMs = 350;
/** Credits of a first start, and of the workspace in the old schema. */
const credits = 25_000_000_000_000n;

export async function killFirstStarts({ campaign, kills, dice, command }: FirstStarts): Promise<Tally> {
  let tally = emptyTally;
  for (let round = 0; tally.kills < kills; round++) {
    const database = await campaign.makeDatabase();
    try {
      if (round % 2 === 1 && campaign.engine === "sqlite") writeOldSchema(database);
      tally = add(tally, await killRound(database, Math.min(campaign.seats, mostRivals), dice, command));
    } finally {
      await database.remove();
    }
  }
  return tally;
}

async function killRound(
  database: ArenaDatabase,
  seatCount: number,
  dice: Dice,
  command: readonly string[],
): Promise<Tally> {
  const seats = Array.from(
    { length: seatCount },
    (_, index) =>
      new Seat({
        name: `first-${index}`,
        dataDir: join(database.directory, database.isShared ? `first-${index}` : "data"),
        environment: { ...serverEnvironment(), ...database.environment },
        command,
      }),
  );
  for (let count = 0; count < killsEach; count++) await Promise.all(seats.map((seat) => killDuringStart(seat, dice)));
  const servers = await Promise.all(seats.map((seat) => seat.start()));
  const faults = (await Promise.all(servers.map(({ url }) => judgeKey(url)))).flat();
  const codes = await Promise.all(seats.map((seat) => seat.stop()));
  if (codes.some((code) => code !== 0)) faults.push(`servers ended with ${codes} after crashes at their first start`);
  faults.push(...judgeStart(await readEvidence(database)), ...seats.flatMap(({ complaints }) => complaints));
  const sum = (count: (seat: Seat) => number): number => seats.reduce((total, seat) => total + count(seat), 0);
  return { ...emptyTally, kills: sum(({ kills }) => kills), starts: sum(({ starts }) => starts), faults };
}

async function killDuringStart(seat: Seat, dice: Dice): Promise<void> {
  seat.launch();
  await Bun.sleep(dice.between(40, longestStartMs));
  await seat.kill();
}

async function judgeKey(url: string): Promise<string[]> {
  const response = await fetch(`${url}/v1/credits`, { headers: { authorization: `Bearer ${firstKey}` } });
  await response.text();
  return response.status === 200 ? [] : [`the first key gives ${response.status} after crashes at the start`];
}

/** Every account has one chain that is whole, and the credits of a first start once. */
function judgeStart({ accounts, entries }: Evidence): string[] {
  return accounts.flatMap(({ workspaceId, balance, chainHead }) => {
    let head = firstChainHead;
    for (const { hash: _, ...entry } of entries.filter((one) => one.workspaceId === workspaceId)) {
      head = entryHash(head, entry);
    }
    return [
      ...(balance === credits ? [] : [`a first start left ${balance} instead of ${credits}`]),
      ...(head === chainHead ? [] : ["a start after crashes left a broken chain"]),
    ];
  });
}

/** A workspace with credit and debits under the first schema, its start not completed. */
function writeOldSchema({ directory }: ArenaDatabase): void {
  mkdirSync(join(directory, "data"), { mode: 0o700, recursive: true });
  const database = new Database(join(directory, "data", "astrolabe.sqlite"), { create: true });
  database.run("PRAGMA journal_mode = WAL");
  database.run("CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT");
  database.run(initialSchema);
  database.run("INSERT INTO migrations VALUES ('0001-initial', 1)");
  database.run("INSERT INTO workspaces (id, name, status, created_at) VALUES ('ws_old', 'Old', 'active', 1)");
  const add = database.query(
    `INSERT INTO ledger_entries (workspace_id, sequence, id, kind, amount, balance_after, memo, created_at, lines)
     VALUES ('ws_old', ?, ?, ?, ?, ?, '', 1, '[]')`,
  );
  database.transaction(() => {
    let balance = credits + 5_000n;
    add.run(1, "ent_1", "credit", balance, balance);
    for (let sequence = 2; sequence <= 5_001; sequence++) {
      balance -= 1n;
      add.run(sequence, `ent_${sequence}`, "debit", -1n, balance);
    }
    database.run("INSERT INTO accounts VALUES ('ws_old', ?, 0, 5001)", [balance]);
  })();
  database.close();
}

function add(tally: Tally, other: Tally): Tally {
  return {
    ...tally,
    kills: tally.kills + other.kills,
    starts: tally.starts + other.starts,
    faults: [...tally.faults, ...other.faults],
  };
}
