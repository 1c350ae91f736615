// Verifying a ledger finds whatever was changed behind its back.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Database } from "bun:sqlite";
import { join } from "node:path";
import fc from "fast-check";
import { Kysely } from "kysely";
import { BunSqliteDialect } from "kysely-bun-sqlite";
import { readHeads, type ChainHead } from "../server/audit/known-heads.ts";
import { verifyLedger, type Verification } from "../server/audit/verify-ledger.ts";
import type { Tables } from "../server/storage/database.ts";
import { ledgerRecords } from "../server/storage/ledger-records.ts";
import { openLedgerWithHistory, type LedgerWithHistory } from "./support/ledger-with-history.ts";

type Value = string | number | bigint | null;

let made: LedgerWithHistory;
/** The same file by a connection that minds no constraint. */
let sqlite: Database;
let query: Kysely<Tables>;
beforeAll(async () => {
  made = await openLedgerWithHistory();
  sqlite = new Database(join(made.dataDir, "astrolabe.sqlite"), { strict: true, safeIntegers: true });
  sqlite.run("PRAGMA ignore_check_constraints = ON");
  sqlite.run("PRAGMA foreign_keys = OFF");
  query = new Kysely<Tables>({ dialect: new BunSqliteDialect({ database: sqlite }) });
});
afterAll(async () => {
  await query.destroy();
  await made.close();
});

function verify(heads: readonly ChainHead[] = [], workspaceId?: string): Promise<Verification> {
  return verifyLedger(ledgerRecords(query, 3), { workspaceId, heads });
}

/** What a verification says after these statements, which are then undone. */
async function after(
  statements: readonly [string, Value[]][],
  heads: readonly ChainHead[] = [],
): Promise<Verification> {
  sqlite.run("BEGIN");
  try {
    for (const [statement, values] of statements) {
      const { changes } = sqlite.prepare<unknown, Value[]>(statement).run(...values);
      if (changes === 0) throw new Error(`nothing was changed by: ${statement}`);
    }
    return await verify(heads);
  } finally {
    sqlite.run("ROLLBACK");
  }
}

function problems(result: Verification): string {
  return result.findings.map(({ problem }) => problem).join("\n");
}

describe("a ledger that nobody touched", () => {
  test("agrees, and everything in it was read", async () => {
    const result = await verify();
    expect(problems(result)).toBe("");
    expect([result.workspaces, result.entries, result.debits]).toEqual([2, 16, 10]);
    const outside = [...result.counterparts.values()].reduce((sum, amount) => sum + amount, 0n);
    expect(result.balance + outside).toBe(0n);
    expect(result.balance).toBeGreaterThan(0n);
  });

  test("agrees by workspace as well, and with its own heads", async () => {
    const all = await verify();
    for (const workspace of made.workspaces) {
      const one = await verify(all.heads, workspace);
      expect([problems(one), one.entries, one.heads.length]).toEqual(["", 8, 1]);
    }
  });
});

test("a hold that a crash left to expire says nothing, whether it is kept or deleted", async () => {
  const expired =
    "INSERT INTO holds SELECT 'req_expired', workspace_id, key_id, amount, ceiling, 'expired', 1, scopes FROM holds LIMIT 1";
  expect(problems(await after([[expired, []]]))).toBe("");
});

const first = "WHERE workspace_id = ? AND sequence = ?";

/** Table by table: what is done to one row, and a word of what is found. */
const tampered: readonly (readonly [string, string, string])[] = [
  ["changes an entry's amount", `UPDATE ledger_entries SET amount = amount + 1 ${first}`, "hash"],
  ["changes an entry's memo", `UPDATE ledger_entries SET memo = 'x' ${first}`, "hash"],
  ["deletes an entry", `DELETE FROM ledger_entries ${first}`, "follows"],
  ["changes an account's balance", "UPDATE accounts SET balance = balance + 1 WHERE workspace_id = ?", "balance"],
  ["changes an account's held", "UPDATE accounts SET held = held + 1 WHERE workspace_id = ?", "held"],
  ["changes an account's pledged", "UPDATE accounts SET pledged = pledged + 1 WHERE workspace_id = ?", "pledged"],
  ["changes an account's count", "UPDATE accounts SET entry_sequence = 7 WHERE workspace_id = ?", "counts 7"],
  ["changes an account's head", "UPDATE accounts SET chain_head = 'x' WHERE workspace_id = ?", "chain head"],
  ["deletes an account", "DELETE FROM accounts WHERE workspace_id = ?", "no account"],
  [
    "inserts an account",
    "INSERT INTO accounts SELECT 'ws_x', 5, 0, 0, 0, '', NULL FROM accounts WHERE workspace_id = ?",
    "no entries",
  ],
  ["changes a hold", "UPDATE holds SET amount = amount - 1 WHERE workspace_id = ?", "held"],
  ["changes a hold's ceiling", "UPDATE holds SET ceiling = ceiling + 1 WHERE workspace_id = ?", "counter"],
  ["ends a hold", "UPDATE holds SET state = 'voided' WHERE workspace_id = ?", "open holds"],
  ["deletes a hold", "DELETE FROM holds WHERE workspace_id = ?", "open holds"],
  [
    "inserts a hold",
    "INSERT INTO holds SELECT 'req_x', workspace_id, key_id, 1, 1, 'open', 0, '[]' FROM holds WHERE workspace_id = ?",
    "open holds",
  ],
  [
    "changes a counter",
    "UPDATE counters SET pledged = pledged + 1 WHERE scope IN (SELECT 'key:' || key_id FROM holds WHERE workspace_id = ?)",
    "counter",
  ],
  [
    "deletes a counter",
    "DELETE FROM counters WHERE scope IN (SELECT 'key:' || key_id FROM holds WHERE workspace_id = ?)",
    "no counter",
  ],
  [
    "inserts a counter",
    "INSERT INTO counters SELECT 'key:x', 0, 1, NULL, NULL FROM accounts WHERE workspace_id = ?",
    "counter",
  ],
  [
    "changes a usage row's debit",
    "UPDATE usage_rows SET debit = debit + 1 WHERE workspace_id = ? AND entry_sequence = ?",
    "was debited",
  ],
  [
    "changes a usage row's entry",
    "UPDATE usage_rows SET entry_sequence = 99 WHERE workspace_id = ? AND entry_sequence = ?",
    "names entry",
  ],
  [
    "changes a usage row's price list",
    "UPDATE usage_rows SET price_version = 'x' WHERE workspace_id = ? AND entry_sequence = ?",
    "price list",
  ],
  [
    "makes a usage row unbillable",
    "UPDATE usage_rows SET unbillable_reason = 'x' WHERE workspace_id = ? AND entry_sequence = ?",
    "unbillable",
  ],
  ["deletes a usage row", "DELETE FROM usage_rows WHERE workspace_id = ? AND entry_sequence = ?", "no usage row"],
  [
    "moves a usage row",
    "UPDATE usage_rows SET request_id = 'req_x' WHERE workspace_id = ? AND entry_sequence = ?",
    "no usage row",
  ],
  [
    "makes a free request billed",
    "UPDATE usage_rows SET debit = 5 WHERE workspace_id = ? AND unbillable_reason = 'test_key'",
    "no entry does",
  ],
  [
    "inserts a billed usage row",
    "INSERT INTO usage_rows (workspace_id, request_id, key_id, created_at, protocol, requested_model, http_status, usage_kind, hold, debit, entry_sequence, price_version, total_ms, calls) SELECT workspace_id, 'req_x', key_id, created_at, protocol, requested_model, http_status, usage_kind, hold, debit, entry_sequence, price_version, total_ms, calls FROM usage_rows WHERE workspace_id = ? AND entry_sequence = ?",
    "no entry does",
  ],
];

describe("verifying finds whoever", () => {
  test.each(tampered)("%s", async (_deed, statement, word) => {
    const values = [made.workspaces[0] ?? "", 3].slice(0, statement.split("?").length - 1);
    const result = await after([[statement, values]]);
    expect(problems(result)).toContain(word);
  });

  test("changes a price list, or deletes it", async () => {
    const price = JSON.stringify("435000");
    const changed = await after([["UPDATE price_lists SET prices = replace(prices, ?, '\"435001\"')", [price]]]);
    expect(problems(changed)).toContain('cost 435001 picodollars for input_token, not "435000"');
    expect(problems(await after([["DELETE FROM price_lists", []]]))).toContain("is not recorded");
  });

  test("swaps two entries", async () => {
    const move = `UPDATE ledger_entries SET sequence = ? ${first}`;
    const [workspace = ""] = made.workspaces;
    const result = await after([
      [move, [99, workspace, 3]],
      [move, [3, workspace, 4]],
      [move, [4, workspace, 99]],
    ]);
    expect(problems(result)).toContain("hash");
  });

  test("puts an entry in between, or into a workspace of its own", async () => {
    const columns =
      "id, kind, counterpart, amount, balance_after, request_id, memo, created_at, price_version, lines, uncollected, hash";
    const copy = (workspace: string, sequence: number): [string, Value[]] => [
      `INSERT INTO ledger_entries (workspace_id, sequence, ${columns}) SELECT ?, ?, 'ent_x', kind, counterpart, amount,
        balance_after, request_id, memo, created_at, price_version, lines, uncollected, hash FROM ledger_entries ${first}`,
      [workspace, sequence, made.workspaces[0] ?? "", 3],
    ];
    expect(problems(await after([copy(made.workspaces[0] ?? "", 9)]))).toContain("hash");
    expect(problems(await after([copy("ws_x", 1)]))).toContain("no account");
  });

  test("changes any column of any entry", async () => {
    const columns = sqlite.query<{ name: string; type: string }, []>("PRAGMA table_info(ledger_entries)").all();
    expect(columns.length).toBe(14);
    const text = fc.oneof(
      fc.constant(null),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("0", "[]", "debit", "usage"),
    );
    const whole = fc.oneof(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), fc.bigInt({ min: -9n, max: 99n }));
    const change = fc
      .constantFrom(...columns)
      .chain(({ name, type }) => fc.tuple(fc.constant(name), type === "TEXT" ? text : whole));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 15 }), change, async (row, [column, value]) => {
        const nullable = column === "request_id" || column === "price_version";
        const place = [made.workspaces[row % 2] ?? "", 1 + (row >> 1)];
        const before = sqlite
          .prepare<{ value: Value }, Value[]>(`SELECT ${column} AS value FROM ledger_entries ${first}`)
          .get(...place);
        const stored = value === null && !nullable ? "" : value;
        fc.pre(stored !== before?.value && !isTaken(column, stored));
        const result = await after([[`UPDATE ledger_entries SET ${column} = ? ${first}`, [stored, ...place]]]);
        expect(result.findingCount).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  /** A number or a workspace that another entry has: the database itself refuses it. */
  function isTaken(column: string, value: Value): boolean {
    if (column === "sequence") return typeof value === "bigint" && value >= 1n && value <= 8n;
    return column === "workspace_id" && made.workspaces.some((workspace) => workspace === value);
  }
});

describe("a ledger that was rewritten as a whole", () => {
  /** The last two entries gone, and everything else set back to match. */
  function withoutTail(workspace: string): [string, Value[]][] {
    return [
      ["DELETE FROM ledger_entries WHERE workspace_id = ? AND sequence > 6", [workspace]],
      [
        `UPDATE accounts SET (balance, entry_sequence, chain_head) = (SELECT balance_after, sequence, hash
           FROM ledger_entries AS entry WHERE entry.workspace_id = accounts.workspace_id AND sequence = 6)
         WHERE workspace_id = ?`,
        [workspace],
      ],
    ];
  }

  test("agrees with itself, but not with heads that were noted before", async () => {
    const [workspace = ""] = made.workspaces;
    const { heads } = await verify();
    expect(problems(await after(withoutTail(workspace)))).toBe("");
    const noted = readHeads(JSON.stringify({ heads }));
    expect(problems(await after(withoutTail(workspace), noted))).toBe(
      "an entry that was noted earlier is gone or another one",
    );
  });

  test("does not agree with a receipt for what is gone", async () => {
    const [workspace = ""] = made.workspaces;
    const { heads } = await verify();
    const head = heads.find((known) => known.workspace === workspace);
    const receipt = { workspace, entry: { sequence: head?.sequence ?? 0, hash: head?.hash ?? "" } };
    const result = await after(withoutTail(workspace), readHeads(JSON.stringify([receipt])));
    expect(result.findings).toMatchObject([{ workspace, sequence: 8 }]);
  });
});

test("refunds beyond a debit are found even when the chain is right", async () => {
  const [workspaceId, requestId] = [made.workspaces[0], made.requests[0]];
  if (!workspaceId || !requestId) throw new Error("there is no request");
  const result = await after([["UPDATE usage_rows SET debit = 10 WHERE request_id = ?", [requestId]]]);
  expect(problems(result)).toContain("1000 picodollars are given back of a debit of 10");
});
