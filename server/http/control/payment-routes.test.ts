// Who may buy, and who may only look: payments belong to owners, admins and billing.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { asId, type PaymentId } from "../../contracts/ids.ts";
import { stringAt } from "../../contracts/json.ts";
import { openTestControlPlane, type TestControlPlane } from "../../control-plane.test-kit.ts";
import { noMoney, parseUsd } from "../../money/picodollars.ts";
import { createWorkspace } from "../../workspaces/manage-workspaces.ts";
import { memberRoles } from "../../workspaces/workspace.ts";

let plane: TestControlPlane;
let home: string;
let workspace: string;
beforeEach(async () => {
  plane = await openTestControlPlane();
  workspace = (await createWorkspace(plane.services.workspaces, "Acme")).id;
  home = `/api/workspaces/${workspace}`;
});
afterEach(() => plane.close());

const paths = [
  "/billing/settings",
  "/billing/payments",
  "/ledger-entries",
  "/ledger-entries/totals",
  "/billing/statements/2029-12",
];

describe("payments", () => {
  test("are seen by owners, admins and billing; developers and viewers see the balance", async () => {
    for (const role of memberRoles) {
      const person = await plane.signIn({ workspace, role });
      const mayLook = role !== "developer" && role !== "viewer";
      expect([role, (await person.send("GET", `${home}/billing`)).status]).toEqual([role, 200]);
      for (const path of paths) {
        expect([role, path, (await person.send("GET", home + path)).status]).toEqual([role, path, mayLook ? 200 : 403]);
      }
      const bought = await person.send("POST", `${home}/billing/checkouts`, { pack_usd: "10" });
      // 409: allowed, but payments are not configured here.
      expect([role, bought.status]).toEqual([role, mayLook ? 409 : 403]);
    }
  });

  test("are refunded by operators alone", async () => {
    const owner = await plane.signIn({ workspace, role: "owner" });
    const refund = { idempotency_key: "a" };
    expect((await owner.send("POST", `${home}/billing/payments/pay_x/refunds`, refund)).status).toBe(403);
    expect((await owner.send("GET", "/api/operator/debts")).status).toBe(403);
    const operator = await plane.signIn({ isOperator: true });
    expect((await operator.send("POST", `${home}/billing/payments/pay_x/refunds`, refund)).status).toBe(404);
    expect((await operator.send("GET", "/api/operator/debts")).status).toBe(200);
  });

  test("of another workspace are not found", async () => {
    const other = await createWorkspace(plane.services.workspaces, "Other");
    const owner = await plane.signIn({ workspace, role: "owner" });
    const id = "pay_0190000000000000000000000000abcd";
    const { payments } = plane.services.billing.records;
    const amount = parseUsd("10") ?? noMoney;
    await payments.insert({ id: asId<PaymentId>(id), workspaceId: other.id, kind: "checkout", amount, createdAt: 1 });
    expect((await owner.send("GET", `${home}/billing/payments/${id}`)).status).toBe(404);
    expect((await owner.send("GET", `/api/workspaces/${other.id}/billing/payments/${id}`)).status).toBe(404);
  });

  test("make out receipts to details that owners change, checked", async () => {
    const owner = await plane.signIn({ workspace, role: "owner" });
    const details = { name: "Acme GmbH", address: "Street 1\nBerlin", tax_id: "DE1", email: "pay@acme.dev" };
    const saved = await owner.send("PATCH", `${home}/billing/settings`, { details });
    expect(saved.body).toMatchObject({ details });
    const wrong = await owner.send("PATCH", `${home}/billing/settings`, { details: { email: "nobody" } });
    expect([wrong.status, stringAt(saved.body, "object")]).toEqual([400, "billing_settings"]);
  });
});
