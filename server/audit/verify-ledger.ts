// `ledger verify`: reads every entry once and recomputes what the ledger says from what it stores.

import { firstChainHead } from "../ledger/entry-hash.ts";
import { Findings, mostFindings, type Finding } from "./findings.ts";
import { KnownHeads, type ChainHead } from "./known-heads.ts";
import type { AuditedAccount, AuditedEntry, LedgerRecords } from "./ledger-records.ts";
import { RecordedPrices } from "./price-lists.ts";
import { WorkspaceChain } from "./verify-chain.ts";
import { verifyHolds } from "./verify-holds.ts";

export type Verification = {
  /** Accounts read. */
  readonly workspaces: number;
  readonly entries: number;
  readonly debits: number;
  /** What workspaces have together, in picodollars. */
  readonly balance: bigint;
  /** What each counterpart has: what it received minus what it gave. With `balance` they come to zero. */
  readonly counterparts: ReadonlyMap<string, bigint>;
  /** Last entry of every workspace: to be kept elsewhere and given to a later verification. */
  readonly heads: readonly ChainHead[];
  /** The first hundred. */
  readonly findings: readonly Finding[];
  readonly findingCount: number;
};

export type VerifyOptions = {
  /** Only this workspace; undefined: all. */
  readonly workspaceId: string | undefined;
  /** Must still be in the chains. */
  readonly heads: readonly ChainHead[];
};

export async function verifyLedger(records: LedgerRecords, options: VerifyOptions): Promise<Verification> {
  const { workspaceId } = options;
  const findings = new Findings();
  const prices = await readPrices(records, findings);
  const accounts = await records.accounts(workspaceId);
  const pass = new EntryPass(accounts, prices, new KnownHeads(options.heads), findings);
  for await (const page of records.entryPages(workspaceId)) for (const entry of page) pass.next(entry);
  pass.finish(workspaceId);
  const [holds, counters] = [await records.openHolds(workspaceId), await records.counters()];
  verifyHolds(holds, accounts, counters, workspaceId === undefined, findings);
  await verifyUsage(records, workspaceId, pass.matchedDebits, findings);
  const balance = accounts.reduce((sum, account) => sum + account.balance, 0n);
  const outside = [...pass.counterparts.values()].reduce((sum, amount) => sum + amount, 0n);
  if (balance + outside !== 0n) {
    findings.add(undefined, undefined, `all accounts together come to ${balance + outside} picodollars, not to zero`);
  }
  return {
    workspaces: accounts.length,
    entries: pass.entries,
    debits: pass.debits,
    balance,
    counterparts: pass.counterparts,
    heads: pass.heads,
    findings: findings.listed,
    findingCount: findings.total,
  };
}

async function readPrices(records: LedgerRecords, findings: Findings): Promise<RecordedPrices> {
  const prices = new RecordedPrices();
  for (const list of await records.priceLists()) {
    if (prices.add(list.version, list.prices)) continue;
    findings.add(undefined, undefined, `the price list ${list.version} cannot be read`);
  }
  return prices;
}

/** Usage rows that name no entry of theirs are looked for only when the numbers differ. */
async function verifyUsage(
  records: LedgerRecords,
  workspaceId: string | undefined,
  matchedDebits: ReadonlyMap<string, number>,
  findings: Findings,
): Promise<void> {
  const debited = await records.debitedUsage(workspaceId);
  if ([...debited].every(([workspace, rows]) => rows === (matchedDebits.get(workspace) ?? 0))) return;
  for (const { workspaceId: workspace, requestId } of await records.usageWithoutEntry(workspaceId, mostFindings)) {
    findings.add(workspace, undefined, `the usage row of ${requestId} says that it was debited, but no entry does`);
  }
}

/** All entries, workspace after workspace. */
class EntryPass {
  readonly counterparts = new Map<string, bigint>();
  readonly heads: ChainHead[] = [];
  /** Debits that their usage row names, by workspace. */
  readonly matchedDebits = new Map<string, number>();
  entries = 0;
  debits = 0;
  readonly #accounts: ReadonlyMap<string, AuditedAccount>;
  readonly #prices: RecordedPrices;
  readonly #known: KnownHeads;
  readonly #findings: Findings;
  readonly #seen = new Set<string>();
  #chain: WorkspaceChain | undefined;

  constructor(accounts: readonly AuditedAccount[], prices: RecordedPrices, known: KnownHeads, findings: Findings) {
    this.#accounts = new Map(accounts.map((account) => [account.workspaceId, account]));
    this.#prices = prices;
    this.#known = known;
    this.#findings = findings;
  }

  next(entry: AuditedEntry): void {
    const { workspaceId, counterpart, amount } = entry;
    this.entries++;
    const chain = this.#chain?.workspaceId === workspaceId ? this.#chain : this.#begin(workspaceId);
    chain.next(entry);
    this.counterparts.set(counterpart, (this.counterparts.get(counterpart) ?? 0n) - amount);
    this.#known.meet(workspaceId, entry.sequence, entry.hash);
  }

  finish(only: string | undefined): void {
    this.#endChain();
    for (const account of this.#accounts.values()) {
      if (this.#seen.has(account.workspaceId)) continue;
      const { entrySequence, balance, chainHead } = account;
      if (entrySequence === 0 && balance === 0n && chainHead === firstChainHead) continue;
      this.#findings.add(account.workspaceId, undefined, "the account has a balance or a chain, but no entries");
    }
    for (const { workspace, sequence } of this.#known.missing(only)) {
      this.#findings.add(workspace, sequence, "an entry that was noted earlier is gone or another one");
    }
  }

  #begin(workspaceId: string): WorkspaceChain {
    this.#endChain();
    this.#seen.add(workspaceId);
    const chain = new WorkspaceChain(workspaceId, this.#prices, (sequence, problem) =>
      this.#findings.add(workspaceId, sequence, problem),
    );
    this.#chain = chain;
    return chain;
  }

  #endChain(): void {
    const chain = this.#chain;
    if (!chain) return;
    chain.finish(this.#accounts.get(chain.workspaceId));
    this.heads.push({ workspace: chain.workspaceId, ...chain.head });
    this.debits += chain.debits;
    this.matchedDebits.set(chain.workspaceId, chain.matchedDebits);
    this.#chain = undefined;
  }
}
