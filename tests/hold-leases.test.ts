// Holds live by leases: a request that outlives its lease keeps its hold, one whose hold was lost debits nothing.

import { afterEach, expect, test } from "bun:test";
import { asId, newId, type RequestId, type WorkspaceId } from "../server/contracts/ids.ts";
import { noMoney, picodollars } from "../server/money/picodollars.ts";
import { billingOf, startGateway, type TestGateway } from "./support/gateway.ts";

const leaseMs = 1_000;
let gateway: TestGateway;
afterEach(() => gateway.close());

const question = { model: "astrolabe/auto", input: "[sandbox:pace=100] [sandbox:tokens=40] Count." };

/** The answer, of which nothing has been read yet, and the ids that it bears. */
async function ask(body: object) {
  gateway = await startGateway({ ASTROLABE_HOLD_LEASE_MS: `${leaseMs}` });
  const response = await gateway.post("/v1/responses", body);
  const requestId = asId<RequestId>(response.headers.get("x-astrolabe-cloud-request-id") ?? "");
  const workspaceId = asId<WorkspaceId>(response.headers.get("x-astrolabe-cloud-workspace") ?? "");
  return { response, requestId, workspaceId };
}

test("an answer that takes longer than its hold's lease keeps the hold and is billed", async () => {
  const { response, requestId, workspaceId } = await ask({ ...question, stream: true });
  await Bun.sleep(1.5 * leaseMs);
  const sweep = { type: "expire", requestId, workspaceId, at: Date.now() } as const;
  const refusal = { reason: "hold_renewed" } as const;
  expect(await gateway.wired.services.ledger.submit(sweep)).toEqual({ ok: false, refusal });
  await response.text();
  expect(billingOf(await gateway.traceOf(response))).toMatchObject({ status: "billed" });
  expect((await gateway.credits()).held).toBe(0n);
  expect(gateway.faults).toEqual([]);
});

test("an answer whose hold was lost is delivered, and recorded as hold_expired without a debit", async () => {
  const { response, requestId, workspaceId } = await ask({ ...question, stream: true });
  const { ledger, holds } = gateway.wired.services;
  const { balance } = await gateway.credits();
  const lost = await ledger.submit({ type: "expire", requestId, workspaceId, at: Date.now() + 10 * leaseMs });
  expect(lost.ok).toBe(true);
  expect(await response.text()).toContain("response.completed");
  expect(billingOf(await gateway.traceOf(response))).toMatchObject({ status: "unbillable", reason: "hold_expired" });
  expect(await gateway.credits()).toEqual({ balance, held: 0n, available: balance });
  expect(holds.keeps(requestId)).toBe(false);
  expect(gateway.faults).toEqual([]);
});

test("a hold that nobody keeps is freed soon after its expiry, and not before", async () => {
  const { response, workspaceId } = await ask({ ...question, input: "Hello." });
  await response.text();
  const expiresAt = Date.now() + leaseMs;
  const amount = picodollars(7n);
  const orphan = { type: "hold", requestId: newId("req"), workspaceId, keyId: newId("key"), expiresAt } as const;
  const result = await gateway.wired.services.ledger.submit({
    ...orphan,
    amount,
    ceiling: amount,
    floor: noMoney,
    caps: [],
  });
  expect(result.ok).toBe(true);
  while ((await gateway.credits()).held > 0n) await Bun.sleep(20);
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
  expect(gateway.faults).toEqual([]);
});
