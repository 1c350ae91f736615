// Grants of credit on the real ledger: exact, and booked once.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openTestControlPlane, type TestControlPlane } from "../control-plane.test-kit.ts";
import { parseUsd, noMoney, type Picodollars } from "../money/picodollars.ts";
import { grantCredit, type CreditFacts } from "./grant-credit.ts";
import { createWorkspace } from "./manage-workspaces.ts";
import type { Workspace } from "./workspace.ts";

let plane: TestControlPlane;
let workspace: Workspace;
beforeEach(async () => {
  plane = await openTestControlPlane();
  workspace = await createWorkspace(plane.services.workspaces, "Acme");
});
afterEach(() => plane.close());

const usd = (text: string): Picodollars => parseUsd(text) ?? noMoney;

function grant(amount: string, idempotencyKey?: string, workspaceId = workspace.id): Promise<CreditFacts> {
  return grantCredit(plane.services.credits, { workspaceId, amount: usd(amount), memo: "invoice 7", idempotencyKey });
}

const balance = async (of = workspace) => (await plane.ledger.account(of.id))?.balance;

describe("granting credits", () => {
  test("books every grant without an idempotency key", async () => {
    await grant("10");
    await grant("10");
    expect(await balance()).toBe(usd("20"));
  });

  test("books one entry for one idempotency key, one after the other or at once", async () => {
    const together = await Promise.all([grant("10", "invoice-7"), grant("10", "invoice-7")]);
    const later = await grant("10", "invoice-7");
    expect(new Set([...together, later].map(({ id }) => id)).size).toBe(1);
    expect(await balance()).toBe(usd("10"));
  });

  test("refuses the same idempotency key for another amount, at once as well as later", async () => {
    const both = await Promise.allSettled([grant("10", "k"), grant("11", "k")]);
    expect(both[1]).toMatchObject({ status: "rejected", reason: { code: "conflict", param: "idempotency_key" } });
    expect(grant("11", "k")).rejects.toMatchObject({ code: "conflict" });
    expect(await balance()).toBe(usd("10"));
  });

  test("keeps the idempotency keys of workspaces apart", async () => {
    const other = await createWorkspace(plane.services.workspaces, "Other");
    await grant("10", "k");
    await grant("5", "k", other.id);
    expect([await balance(), await balance(other)]).toEqual([usd("10"), usd("5")]);
  });

  test("can be repeated after the ledger failed", async () => {
    plane.ledgerFault.active = true;
    await grant("10", "k").catch(() => undefined);
    plane.ledgerFault.active = false;
    await grant("10", "k");
    expect(await balance()).toBe(usd("10"));
  });

  test("never lets a balance grow past what the column holds", async () => {
    await grant("9000000");
    expect(grant("0.000000000001")).rejects.toMatchObject({ code: "invalid_request", param: "amount_usd" });
  });
});
