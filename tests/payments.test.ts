// Buying credits through Stripe: one credit for each payment, whatever order, repetition or crash its reports meet.

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { BillingWorker } from "../server/billing/billing-worker.ts";
import { receiveEvent } from "../server/billing/stripe-events.ts";
import { asId, type PaymentId } from "../server/contracts/ids.ts";
import { noMoney, parseUsd } from "../server/money/picodollars.ts";
import { forEachEngine } from "./support/engines.ts";
import { startOperatedGateway } from "./support/operator.ts";
import { openShop, shortUsd, type Shop } from "./support/shop.ts";
import { webhookSecret } from "./support/stripe-double.ts";
import { stripeSignature, type StripeEvent } from "./support/stripe-events.ts";

forEachEngine((engine) => {
  describe("a pack of credits", () => {
    let shop: Shop;
    beforeAll(async () => {
      shop = await openShop(await engine.environment());
      shop.stripe.reportTo(shop.gateway.url);
    });
    afterEach(() => expect(shop.gateway.faults).toEqual([]));
    afterAll(() => shop.close());

    test("is credited once Stripe has reported the payment, and not before", async () => {
      const before = Number(await shop.balance());
      const { paymentId, sessionId } = await shop.order("25");
      expect(await shop.payment(paymentId)).toMatchObject({ status: "pending", entry_id: null });
      expect(Number(await shop.balance())).toBe(before);
      shop.stripe.pay(sessionId);
      await shop.rest();
      const paid = await shop.payment(paymentId);
      expect(paid).toMatchObject({ status: "paid", checkout_url: null, amount_usd: "25.000000000000" });
      expect(shortUsd(paid["credited_usd"])).toBe("25");
      expect(Number(await shop.balance())).toBe(before + 25);
      const entry = (await shop.entries()).at(-1) ?? {};
      expect(entry).toMatchObject({ kind: "credit", counterpart: "payments", id: paid["entry_id"] });
      expect(await shop.told()).toContain("payment.succeeded");
    });

    test("comes with Stripe's invoice and receipt", async () => {
      const { paymentId } = await shop.buy();
      expect(await shop.payment(paymentId)).toMatchObject({
        stripe_invoice_url: expect.stringContaining("https://invoice.stripe.test/"),
        stripe_invoice_pdf_url: expect.stringContaining("/pdf"),
        stripe_receipt_url: expect.stringContaining("https://pay.stripe.test/"),
      });
    });

    test("is ordered with what Stripe needs to lead the customer and the report back here", async () => {
      const { paymentId, sessionId } = await shop.order("50");
      const session = shop.stripe.thing(sessionId);
      const metadata = { payment: paymentId, workspace: shop.workspaceId, kind: "checkout" };
      expect(session).toMatchObject({ mode: "payment", amount_total: 5000, currency: "usd", metadata });
      expect(session["success_url"]).toBe(
        `http://gateway.test/w/${shop.workspaceId}/billing?payment=${paymentId}&result=done`,
      );
      expect(shop.stripe.calls.filter(({ name }) => name === "POST /v1/customers").length).toBe(1);
    });

    test("paid in a slow way is credited when the money has arrived", async () => {
      const { paymentId, sessionId } = await shop.order();
      shop.stripe.payLater(sessionId);
      await shop.rest();
      expect(await shop.payment(paymentId)).toMatchObject({ status: "processing", entry_id: null });
      shop.stripe.arrive(sessionId);
      await shop.rest();
      expect(await shop.payment(paymentId)).toMatchObject({ status: "paid" });
    });

    test("whose slow payment did not arrive is not credited, and the workspace is told", async () => {
      const { paymentId, sessionId } = await shop.order();
      shop.stripe.payLater(sessionId);
      shop.stripe.bounce(sessionId);
      await shop.rest();
      expect(await shop.payment(paymentId)).toMatchObject({ status: "failed", entry_id: null });
      expect(await shop.told()).toContain("payment.failed");
    });

    test("that was never paid expires; one that was paid does not", async () => {
      const [left, paid] = [await shop.order(), await shop.order()];
      shop.stripe.expire(left.sessionId);
      shop.stripe.pay(paid.sessionId);
      shop.stripe.expire(paid.sessionId);
      await shop.rest();
      expect(await shop.payment(left.paymentId)).toMatchObject({ status: "expired", entry_id: null });
      expect(await shop.payment(paid.paymentId)).toMatchObject({ status: "paid" });
    });

    test("of another size than the packs cannot be bought", async () => {
      const { status } = await shop.gateway.operator.send("POST", "/billing/checkouts", { pack_usd: "11" });
      expect(status).toBe(400);
    });

    test("cannot be bought while Stripe is away, and then is a failed payment", async () => {
      shop.stripe.unreachable = true;
      const { status } = await shop.gateway.operator.send("POST", "/billing/checkouts", { pack_usd: "10" });
      shop.stripe.unreachable = false;
      expect(status).toBe(503);
      const { body } = await shop.gateway.operator.send("GET", "/billing/payments?limit=1");
      expect(body["data"]).toMatchObject([{ status: "failed", checkout_url: null }]);
      shop.gateway.faults.length = 0;
    });
  });

  describe("Stripe's reports", () => {
    let shop: Shop;
    beforeAll(async () => {
      shop = await openShop(await engine.environment());
    });
    afterAll(() => shop.close());

    /** What was reported since, by type; nothing is delivered by itself here. */
    const eventsOf = (since: number, ...types: string[]): StripeEvent[] =>
      shop.stripe.events.slice(since).filter(({ type }) => types.includes(type));

    const deliver = async (events: readonly StripeEvent[]): Promise<void> => {
      for (const event of events) expect(await shop.stripe.deliver(event, shop.gateway.url)).toBe(200);
      await shop.rest();
    };

    test("in every order, each delivered twice, come to what is left of the payment", async () => {
      const types = ["checkout.session.completed", "payment_intent.succeeded", "refund.created", "charge.refunded"];
      let expected = Number(await shop.balance());
      for (const order of permutationsOf([0, 1, 2, 3])) {
        const since = shop.stripe.events.length;
        const { paymentId, sessionId } = await shop.order();
        shop.stripe.refund(shop.stripe.pay(sessionId), 400);
        const events = eventsOf(since, ...types);
        expect(events.length).toBe(4);
        await deliver(order.flatMap((index) => events.slice(index, index + 1)).flatMap((event) => [event, event]));
        expected += 6;
        expect([order, shortUsd((await shop.payment(paymentId))["credited_usd"])]).toEqual([order, "6"]);
      }
      expect(Number(await shop.balance())).toBe(expected);
      expect(shop.gateway.faults).toEqual([]);
    }, 60_000);

    test("that are not signed for this body, by this secret, now, are refused and not kept", async () => {
      const since = shop.stripe.events.length;
      shop.stripe.pay((await shop.order()).sessionId);
      const [event] = eventsOf(since, "checkout.session.completed");
      if (!event) throw new Error("nothing was reported");
      const now = Math.floor(Date.now() / 1000);
      const before = await shop.balance();
      const attempts = [
        { secret: "whsec_of_somebody_else" },
        { time: now - 301 },
        { time: now + 301 },
        { body: event.body.replace("1000", "9000") },
        { body: `${event.body} ` },
      ];
      for (const changes of attempts) {
        expect([changes, await shop.stripe.deliver(event, shop.gateway.url, changes)]).toEqual([changes, 400]);
      }
      const url = `${shop.gateway.url}/api/billing/stripe/webhook`;
      expect((await fetch(url, { method: "POST", body: event.body })).status).toBe(400);
      const { records } = shop.gateway.wired.control.services.billing;
      expect(await records.events.find(event.id)).toBeUndefined();
      expect(await shop.balance()).toBe(before);
      await deliver([event]);
      expect(await records.events.find(event.id)).toMatchObject({ body: event.body });
    });

    test("of types that nobody reads are kept as they came, and change nothing", async () => {
      const { sessionId } = await shop.order();
      const before = await shop.balance();
      const event = shop.stripe.report("customer.tax_id.created", sessionId);
      await deliver([event]);
      const { records } = shop.gateway.wired.control.services.billing;
      expect(await records.events.find(event.id)).toMatchObject({ body: event.body });
      expect(await records.events.due(Date.now() + 1e9, 100)).toEqual([]);
      expect(await shop.balance()).toBe(before);
    });

    test("stored by a server that was killed before it applied them are applied by the next one", async () => {
      const since = shop.stripe.events.length;
      const { paymentId, sessionId } = await shop.order();
      shop.stripe.pay(sessionId);
      const { billing } = shop.gateway.wired.control.services;
      for (const { body } of eventsOf(since, "checkout.session.completed", "payment_intent.succeeded")) {
        await receiveEvent(billing, Buffer.from(body), stripeSignature(body, webhookSecret));
      }
      expect(await shop.payment(paymentId)).toMatchObject({ status: "pending" });
      await new BillingWorker(billing).round();
      expect(await shop.payment(paymentId)).toMatchObject({ status: "paid", credited_usd: "10.000000000000" });
    });

    test("whose facts were written by a server that was killed before it booked them are booked by the next one", async () => {
      const { paymentId, sessionId } = await shop.order();
      const { billing } = shop.gateway.wired.control.services;
      const intentId = shop.stripe.pay(sessionId);
      const name = { paymentId: asId<PaymentId>(paymentId), workspaceId: shop.workspaceId };
      const amount = parseUsd("10") ?? noMoney;
      await billing.records.payments.learn([{ type: "paid", ...name, intentId, amount, at: Date.now() }], 0);
      expect(await shop.payment(paymentId)).toMatchObject({ status: "paid", entry_id: null });
      await new BillingWorker(billing).round();
      expect(await shop.payment(paymentId)).toMatchObject({ credited_usd: "10.000000000000" });
    });

    test("delivered to several workers at once give one credit", async () => {
      const since = shop.stripe.events.length;
      const before = Number(await shop.balance());
      const { sessionId } = await shop.order();
      shop.stripe.pay(sessionId);
      const events = eventsOf(since, "checkout.session.completed", "payment_intent.succeeded", "charge.succeeded");
      await Promise.all([...events, ...events, ...events].map((event) => shop.stripe.deliver(event, shop.gateway.url)));
      await shop.rest();
      expect(Number(await shop.balance())).toBe(before + 10);
    });
  });

  test("without Stripe nothing is sold, and the API says so", async () => {
    const gateway = await startOperatedGateway(await engine.environment());
    const { send } = gateway.operator;
    expect((await send("GET", "/billing")).body).toMatchObject({ payments: "none", packs_usd: [] });
    expect((await send("POST", "/billing/checkouts", { pack_usd: "10" })).status).toBe(409);
    expect((await fetch(`${gateway.url}/api/billing/stripe/webhook`, { method: "POST", body: "{}" })).status).toBe(404);
    await gateway.close();
  });
});

function permutationsOf(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item) =>
    permutationsOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
