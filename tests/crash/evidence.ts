// Everything the database says about an arena once it is quiet, read directly and as plain values.

import { asId, type EntryId, type RequestId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { counterparts, entryKinds, type Entry } from "../../server/ledger/operations.ts";
import { picodollars } from "../../server/money/picodollars.ts";
import type { ArenaDatabase, Row } from "./databases.ts";
import { deriveKey } from "../../server/keys/master-secret.ts";
import { openText } from "../../server/traces/sealed-text.ts";
import { masterKey } from "./master-key.ts";
import { orderIdIn } from "./order.ts";
import { optionalTextAt, optionalWholeAt, textAt, wholeAt } from "./read-row.ts";

const textKey = deriveKey(masterKey, "stored-texts");

export type Evidence = {
  readonly accounts: readonly {
    readonly workspaceId: string;
    readonly balance: bigint;
    readonly held: bigint;
    readonly pledged: bigint;
    readonly chainHead: string;
  }[];
  /** By workspace, in order. */
  readonly entries: readonly Entry[];
  readonly usage: ReadonlyMap<string, UsageFacts>;
  readonly openHolds: number;
  readonly counters: readonly { readonly scope: string; readonly spent: bigint; readonly pledged: bigint }[];
};

export type UsageFacts = {
  readonly keyId: string;
  readonly workspaceId: string;
  readonly stack: string | undefined;
  readonly model: string | undefined;
  readonly unbillableReason: string | undefined;
  readonly debit: bigint;
  readonly entrySequence: bigint | undefined;
  /** Of the order whose prompt is stored with the request; undefined when none is. */
  readonly orderId: string | undefined;
};

const queries = [
  "SELECT workspace_id, balance, held, pledged, chain_head FROM accounts ORDER BY workspace_id",
  "SELECT * FROM ledger_entries ORDER BY workspace_id, sequence",
  `SELECT usage_rows.request_id, usage_rows.workspace_id, key_id, stack_slug, model, unbillable_reason, debit,
     entry_sequence, sealed
   FROM usage_rows LEFT JOIN stored_texts ON stored_texts.workspace_id = usage_rows.workspace_id
     AND stored_texts.request_id = usage_rows.request_id`,
  "SELECT request_id FROM holds WHERE state = 'open'",
  "SELECT scope, spent, pledged FROM counters",
] as const;

export async function readEvidence(database: ArenaDatabase): Promise<Evidence> {
  const [accounts = [], entries = [], usage = [], holds = [], counters = []] = await database.read(queries);
  return {
    accounts: accounts.map((row) => ({
      workspaceId: textAt(row, "workspace_id"),
      balance: wholeAt(row, "balance"),
      held: wholeAt(row, "held"),
      pledged: wholeAt(row, "pledged"),
      chainHead: textAt(row, "chain_head"),
    })),
    entries: entries.map(readEntry),
    usage: new Map(usage.map((row) => [textAt(row, "request_id"), readUsage(row)])),
    openHolds: holds.length,
    counters: counters.map((row) => ({
      scope: textAt(row, "scope"),
      spent: wholeAt(row, "spent"),
      pledged: wholeAt(row, "pledged"),
    })),
  };
}

function readEntry(row: Row): Entry {
  const requestId = optionalTextAt(row, "request_id");
  return {
    id: asId<EntryId>(textAt(row, "id")),
    workspaceId: asId<WorkspaceId>(textAt(row, "workspace_id")),
    sequence: Number(wholeAt(row, "sequence")),
    kind: oneOf(entryKinds, textAt(row, "kind")),
    counterpart: oneOf(counterparts, textAt(row, "counterpart")),
    amount: picodollars(wholeAt(row, "amount")),
    balanceAfter: picodollars(wholeAt(row, "balance_after")),
    requestId: requestId === undefined ? undefined : asId<RequestId>(requestId),
    memo: textAt(row, "memo"),
    createdAt: Number(wholeAt(row, "created_at")),
    priceVersion: optionalTextAt(row, "price_version"),
    lines: textAt(row, "lines"),
    uncollected: picodollars(wholeAt(row, "uncollected")),
    hash: textAt(row, "hash"),
  };
}

function readUsage(row: Row): UsageFacts {
  return {
    keyId: textAt(row, "key_id"),
    workspaceId: textAt(row, "workspace_id"),
    stack: optionalTextAt(row, "stack_slug"),
    model: optionalTextAt(row, "model"),
    unbillableReason: optionalTextAt(row, "unbillable_reason"),
    debit: wholeAt(row, "debit"),
    entrySequence: optionalWholeAt(row, "entry_sequence"),
    orderId: orderIdIn(storedText(row)),
  };
}

/** The prompt stored with a request as JSON; empty when none is. */
function storedText(row: Row): string {
  const { sealed } = row;
  if (!(sealed instanceof Uint8Array)) return "";
  return JSON.stringify(openText(textKey, asId<RequestId>(textAt(row, "request_id")), sealed));
}

/** @throws Error for a word that is none of them. */
function oneOf<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((known) => known === text);
  if (word === undefined) throw new Error(`${text} is none of ${words.join(", ")}`);
  return word;
}
