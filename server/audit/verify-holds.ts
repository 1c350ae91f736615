// Whether open holds come to what accounts and counters say is held and pledged.

import { parseJson } from "../contracts/json.ts";
import type { Findings } from "./findings.ts";
import type { AuditedAccount, AuditedCounter, AuditedHold } from "./ledger-records.ts";

type Sums = { held: bigint; pledged: bigint };

/** @param allScopes false when only some holds were read: counters of other scopes then say nothing. */
export function verifyHolds(
  holds: readonly AuditedHold[],
  accounts: readonly AuditedAccount[],
  counters: readonly AuditedCounter[],
  allScopes: boolean,
  findings: Findings,
): void {
  const byWorkspace = new Map<string, Sums>();
  const byScope = new Map<string, bigint>();
  for (const hold of holds) {
    const sums = byWorkspace.get(hold.workspaceId) ?? { held: 0n, pledged: 0n };
    byWorkspace.set(hold.workspaceId, {
      held: sums.held + hold.amount,
      pledged: sums.pledged + hold.ceiling,
    });
    if (hold.amount < 0n || hold.ceiling < hold.amount) {
      findings.add(hold.workspaceId, undefined, `the hold of ${hold.requestId} is above its ceiling`);
    }
    const scopes = scopesOf(hold);
    if (!scopes)
      findings.add(hold.workspaceId, undefined, `the hold of ${hold.requestId} has scopes that cannot be read`);
    for (const scope of scopes ?? []) byScope.set(scope, (byScope.get(scope) ?? 0n) + hold.ceiling);
  }
  compareAccounts(byWorkspace, accounts, findings);
  compareCounters(byScope, counters, allScopes, findings);
}

function scopesOf(hold: AuditedHold): string[] | undefined {
  const scopes = parseJson(hold.scopes);
  if (!Array.isArray(scopes)) return undefined;
  const texts = scopes.filter((scope) => typeof scope === "string");
  return texts.length === scopes.length ? texts : undefined;
}

function compareAccounts(
  byWorkspace: ReadonlyMap<string, Sums>,
  accounts: readonly AuditedAccount[],
  findings: Findings,
): void {
  const known = new Set(accounts.map(({ workspaceId }) => workspaceId));
  for (const workspaceId of byWorkspace.keys()) {
    if (!known.has(workspaceId)) findings.add(workspaceId, undefined, "there are holds, but no account");
  }
  for (const { workspaceId, balance, held, pledged } of accounts) {
    const open = byWorkspace.get(workspaceId) ?? { held: 0n, pledged: 0n };
    if (held !== open.held) {
      findings.add(workspaceId, undefined, `the account has ${held} held, its open holds come to ${open.held}`);
    }
    if (pledged !== open.pledged) {
      findings.add(
        workspaceId,
        undefined,
        `the account has ${pledged} pledged, its open holds come to ${open.pledged}`,
      );
    }
    if (held > pledged || pledged > balance) {
      findings.add(workspaceId, undefined, "held, pledged and balance are not in this order");
    }
  }
}

function compareCounters(
  byScope: ReadonlyMap<string, bigint>,
  counters: readonly AuditedCounter[],
  allScopes: boolean,
  findings: Findings,
): void {
  const known = new Set(counters.map(({ scope }) => scope));
  for (const scope of byScope.keys()) {
    if (!known.has(scope)) findings.add(undefined, undefined, `holds count against ${scope}, which has no counter`);
  }
  for (const { scope, pledged } of counters) {
    if (!allScopes && !byScope.has(scope)) continue;
    const open = byScope.get(scope) ?? 0n;
    if (pledged === open) continue;
    findings.add(undefined, undefined, `the counter ${scope} has ${pledged} pledged, its open holds come to ${open}`);
  }
}
