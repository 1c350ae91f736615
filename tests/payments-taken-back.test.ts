// Money that goes back: refunds and disputes take credits out of the ledger, as far as they are there; the rest is owed and
// later credits pay it first.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { newId } from "../server/contracts/ids.ts";
import { objectAt, stringAt } from "../server/contracts/json.ts";
import { noMoney, parseUsd } from "../server/money/picodollars.ts";
import { forEachEngine } from "./support/engines.ts";
import { newPostgresDatabase } from "./support/postgres.ts";
import { openShop, shortUsd, type Shop } from "./support/shop.ts";

forEachEngine((engine) => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(await engine.environment());
    shop.stripe.reportTo(shop.gateway.url);
  });
  afterEach(() => expect(shop.gateway.faults).toEqual([]));
  afterAll(() => shop.close());

  const creditedOf = async (id: string): Promise<string> => shortUsd((await shop.payment(id))["credited_usd"]);
  const owedOf = async (id: string): Promise<string> => shortUsd((await shop.payment(id))["owed_usd"]);
  const refundByOperator = (id: string, body: object) =>
    shop.gateway.operator.send("POST", `/billing/payments/${id}/refunds`, { ...body });
  /** Leaves a balance of zero, and nothing owed. */
  const spendAll = async (): Promise<void> => {
    const balance = await shop.balance();
    if (balance !== "0") await shop.spend(balance);
  };

  describe("a refund", () => {
    test("in parts takes back each part", async () => {
      const { paymentId, intentId } = await shop.buy();
      for (const [cents, left] of [
        [250, "7.5"],
        [100, "6.5"],
        [650, "0"],
      ] as const) {
        shop.stripe.refund(intentId, cents);
        await shop.rest();
        expect(await creditedOf(paymentId)).toBe(left);
      }
      expect((await shop.told()).filter((type) => type === "payment.refunded").length).toBe(3);
    });

    test("that fails gives its part back, also when another follows", async () => {
      const { paymentId, intentId } = await shop.buy();
      const failing = shop.stripe.refund(intentId, 1000);
      await shop.rest();
      expect(await creditedOf(paymentId)).toBe("0");
      shop.stripe.failRefund(failing);
      await shop.rest();
      expect(await creditedOf(paymentId)).toBe("10");
      shop.stripe.refund(intentId, 500);
      await shop.rest();
      expect(await creditedOf(paymentId)).toBe("5");
    });

    test("of what is spent takes what is there; the rest is owed, and the next credits pay it first", async () => {
      await spendAll();
      const { paymentId, intentId } = await shop.buy();
      await shop.spend("8");
      shop.stripe.refund(intentId, 1000);
      await shop.rest();
      expect([await shop.balance(), await owedOf(paymentId)]).toEqual(["0", "8"]);
      const { send } = shop.gateway.operator;
      const debts = (await send("GET", "/api/operator/debts")).body["data"];
      expect(debts).toMatchObject([{ payment_id: paymentId, workspace_id: shop.workspaceId }]);
      expect(shortUsd((await send("GET", "/billing/settings")).body["debt_usd"])).toBe("8");
      await send("POST", "/credits/grants", { amount_usd: "5", memo: "goodwill" });
      expect([await shop.balance(), await owedOf(paymentId)]).toEqual(["0", "3"]);
      await shop.buy();
      expect([await shop.balance(), await owedOf(paymentId)]).toEqual(["7", "0"]);
      expect((await send("GET", "/api/operator/debts")).body["data"]).toEqual([]);
    });

    test("leaves what running requests are promised, and takes it when they are over", async () => {
      await spendAll();
      const { paymentId, intentId } = await shop.buy();
      const { ledger } = shop.gateway.wired.services;
      const hold = { requestId: newId("req"), workspaceId: shop.workspaceId, keyId: newId("key") };
      const four = parseUsd("4") ?? noMoney;
      const amounts = { amount: four, ceiling: four, floor: noMoney };
      const opened = await ledger.submit({
        type: "hold",
        ...hold,
        ...amounts,
        expiresAt: Date.now() + 60_000,
        caps: [],
      });
      expect(opened.ok).toBe(true);
      shop.stripe.refund(intentId, 1000);
      await shop.rest();
      expect([await shop.balance(), await owedOf(paymentId)]).toEqual(["4", "4"]);
      await ledger.submit({ type: "void", requestId: hold.requestId, workspaceId: hold.workspaceId });
      await shop.gateway.wired.control.billing.round();
      expect([await shop.balance(), await owedOf(paymentId)]).toEqual(["0", "0"]);
    });

    test("by an operator goes through Stripe and is booked at once, once", async () => {
      const { paymentId, intentId } = await shop.buy();
      const body = { amount_usd: "2.50", idempotency_key: "ticket 7" };
      const { status, body: shown } = await refundByOperator(paymentId, body);
      expect([status, shortUsd(shown["credited_usd"]), shortUsd(shown["refunded_usd"])]).toEqual([201, "7.5", "2.5"]);
      expect((await refundByOperator(paymentId, body)).status).toBe(201);
      await shop.rest();
      expect([await creditedOf(paymentId), shop.stripe.netOf(intentId)]).toEqual(["7.5", 750]);
    });

    test("by an operator of more than is left, or of what was spent, is refused before Stripe is asked", async () => {
      await spendAll();
      const { paymentId, intentId } = await shop.buy();
      await shop.spend("9");
      const refusal = async (body: object) => {
        const { status, body: answer } = await refundByOperator(paymentId, body);
        return [status, stringAt(objectAt(answer, "error") ?? {}, "param")];
      };
      expect(await refusal({ amount_usd: "10.01", idempotency_key: "a" })).toEqual([409, "amount_usd"]);
      expect(await refusal({ idempotency_key: "b" })).toEqual([409, "amount_usd"]);
      expect(shop.stripe.netOf(intentId)).toBe(1000);
      expect((await refundByOperator(paymentId, { idempotency_key: "c", beyond_balance: true })).status).toBe(201);
      expect([await owedOf(paymentId), shop.stripe.netOf(intentId)]).toEqual(["9", 0]);
      await shop.gateway.operator.send("POST", "/credits/grants", { amount_usd: "9", memo: "settled by hand" });
    });
  });

  describe("a dispute", () => {
    test("takes the credits back while it is open, and gives them back when it is won", async () => {
      const { paymentId, intentId } = await shop.buy();
      const dispute = shop.stripe.dispute(intentId, 1000);
      await shop.rest();
      expect(await creditedOf(paymentId)).toBe("0");
      shop.stripe.closeDispute(dispute, "won");
      await shop.rest();
      expect(await creditedOf(paymentId)).toBe("10");
      expect((await shop.told()).filter((type) => type === "payment.disputed").length).toBe(2);
    });

    test("that is lost keeps them", async () => {
      const { paymentId, intentId } = await shop.buy();
      shop.stripe.closeDispute(shop.stripe.dispute(intentId, 600), "lost");
      await shop.rest();
      expect(await creditedOf(paymentId)).toBe("4");
    });

    test("that is only a question takes nothing", async () => {
      const { paymentId, intentId } = await shop.buy();
      shop.stripe.dispute(intentId, 1000, true);
      await shop.rest();
      expect(await creditedOf(paymentId)).toBe("10");
    });
  });
});

type Step = { readonly does: "refund" | "fail" | "dispute" | "win" | "lose" | "spend"; readonly cents: number };

const steps = fc.array(
  fc.record<Step>({
    does: fc.constantFrom("refund", "fail", "dispute", "win", "lose", "spend"),
    cents: fc.integer({ min: 1, max: 700 }),
  }),
  { maxLength: 6 },
);

forEachEngine((engine) => {
  describe("whatever happens to a payment, and in whatever order it is reported,", () => {
    let shop: Shop;
    beforeAll(async () => {
      shop = await openShop(await engine.environment());
    });
    afterAll(() => shop.close());

    /** Does at Stripe what the steps say, as far as it can be done. */
    async function happen(intentId: string, story: readonly Step[]): Promise<void> {
      const refunds: string[] = [];
      const disputes: string[] = [];
      for (const { does, cents } of story) {
        try {
          if (does === "refund") refunds.push(shop.stripe.refund(intentId, cents));
          const refund = does === "fail" ? refunds.pop() : undefined;
          if (refund !== undefined) shop.stripe.failRefund(refund);
          if (does === "dispute") disputes.push(shop.stripe.dispute(intentId, cents));
          const dispute = does === "win" || does === "lose" ? disputes.pop() : undefined;
          if (dispute !== undefined) shop.stripe.closeDispute(dispute, does === "win" ? "won" : "lost");
          if (does === "spend") await shop.spend(`0.${String(cents).padStart(3, "0")}`);
        } catch {
          // Stripe refuses what is too much, and the ledger what is not there.
        }
      }
    }

    test("ledger and debt agree with Stripe's net", async () => {
      await fc.assert(
        fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async (story, dice) => {
          const since = shop.stripe.events.length;
          const { paymentId, sessionId } = await shop.order();
          const intentId = shop.stripe.pay(sessionId);
          await happen(intentId, story);
          const events = shop.stripe.events.slice(since);
          const shuffled = [...events, ...events]
            .map((event) => ({ event, at: dice.next().value }))
            .toSorted((one, other) => one.at - other.at);
          for (const { event } of shuffled) await shop.stripe.deliver(event, shop.gateway.url);
          await shop.rest();
          const { credited_usd: credited, owed_usd: owed } = await shop.payment(paymentId);
          expect(Number(credited) - Number(owed)).toBeCloseTo(shop.stripe.netOf(intentId) / 100, 9);
        }),
        { numRuns: 15 },
      );
      expect(shop.gateway.faults).toEqual([]);
    }, 60_000);
  });
});

describe("two servers on one database", () => {
  test("to which every report is sent at the same time book it once", async () => {
    const database = { DATABASE_URL: await newPostgresDatabase() };
    const one = await openShop(database);
    const two = await openShop(database, one);
    one.stripe.reportTo(one.gateway.url);
    one.stripe.reportTo(two.gateway.url);
    for (let round = 0; round < 8; round++) {
      const { paymentId, sessionId } = await one.order();
      const intentId = one.stripe.pay(sessionId);
      one.stripe.refund(intentId, 300);
      one.stripe.dispute(intentId, 200);
      await one.rest();
      await two.rest();
      await one.gateway.wired.control.billing.round();
      expect(shortUsd((await two.payment(paymentId))["credited_usd"])).toBe("5");
    }
    expect(await one.balance()).toBe("40");
    expect(await one.told()).toEqual(await two.told());
    expect((await one.told()).filter((type) => type === "payment.succeeded").length).toBe(8);
    expect([...one.gateway.faults, ...two.gateway.faults]).toEqual([]);
    await two.close();
    await one.close();
  }, 30_000);
});
