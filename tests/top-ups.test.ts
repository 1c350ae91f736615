// Automatic top-ups: a saved card pays when the balance falls below the threshold, once, within the month's cap, and no
// longer after three failures.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { BillingWorker } from "../server/billing/billing-worker.ts";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../server/contracts/json.ts";
import { forEachEngine } from "./support/engines.ts";
import { openShop, shortUsd, type Shop } from "./support/shop.ts";

const settings: JsonObject = { enabled: true, threshold_usd: "5", pack_usd: "10", monthly_cap_usd: "100" };

forEachEngine((engine) => {
  describe("an automatic top-up", () => {
    let shop: Shop;
    const letters: string[] = [];
    beforeEach(async () => {
      letters.length = 0;
      shop = await openShop(await engine.environment());
      shop.stripe.reportTo(shop.gateway.url);
    });
    afterEach(() => shop.close());

    const save = (changes: JsonObject = {}) =>
      shop.gateway.operator.send("PATCH", "/billing/settings", { auto_top_up: { ...settings, ...changes } });
    /** One look of the worker, so much later than now. */
    const look = async (laterMs = 0): Promise<void> => {
      const { billing } = shop.gateway.wired.control.services;
      const sendLetter: typeof billing.sendLetter = async (letter) =>
        void letters.push(`${letter.to}: ${letter.subject}`);
      await new BillingWorker({ ...billing, sendLetter, now: () => billing.now() + laterMs }).round();
      await shop.rest();
    };
    const intents = () => shop.stripe.calls.filter(({ name }) => name === "POST /v1/payment_intents");
    const settingsNow = async () => (await shop.gateway.operator.send("GET", "/billing/settings")).body;
    const saveCard = async (): Promise<void> => {
      const { body } = await shop.gateway.operator.send("POST", "/billing/card-setups");
      shop.stripe.pay(stringAt(body, "url")?.split("/").at(-1) ?? "");
      await shop.rest();
    };
    const newest = async (): Promise<JsonObject> => {
      const { body } = await shop.gateway.operator.send("GET", "/billing/payments?limit=1");
      return (arrayAt(body, "data") ?? []).find((item) => isObject(item)) ?? {};
    };
    /** The last payment intent that was asked for, by its payment. */
    const lastIntent = async (): Promise<string> => {
      const { records } = shop.gateway.wired.control.services.billing;
      const [payment] = await records.payments.list(shop.workspaceId, { before: undefined, limit: 1 });
      return payment?.intentId ?? "";
    };

    test("needs a saved card, which a page at Stripe or a purchase saves", async () => {
      expect((await save()).status).toBe(409);
      await saveCard();
      expect((await settingsNow())["card"]).toEqual({ brand: "visa", last4: "4242", expires: "08/2031" });
      expect((await save()).status).toBe(200);
    });

    test("buys a pack with the saved card when the balance is below the threshold", async () => {
      await shop.buy("10", true);
      await save();
      await look();
      expect(intents().length).toBe(0);
      await shop.spend("6");
      await look();
      const payment = await newest();
      expect(payment).toMatchObject({ kind: "top_up", status: "processing", entry_id: null });
      shop.stripe.finish(await lastIntent());
      await shop.rest();
      expect(await shop.balance()).toBe("14");
      expect(await newest()).toMatchObject({ status: "paid" });
      expect(shortUsd(objectAt(await settingsNow(), "auto_top_up")?.["spent_this_month_usd"])).toBe("10");
      expect(intents()[0]?.form).toMatchObject({ off_session: "true", confirm: "true", amount: "1000" });
    });

    test("is one at a time, however often it is looked for", async () => {
      await saveCard();
      await save();
      await Promise.all([look(), look(), look()]);
      await look();
      expect(intents().length).toBe(1);
      shop.stripe.finish(await lastIntent());
      await shop.rest();
      await look();
      expect(intents().length).toBe(1);
    });

    test("that was cut off before Stripe answered is asked for again under the same key, and charged once", async () => {
      await saveCard();
      await save();
      shop.stripe.unreachable = true;
      await look();
      expect(await newest()).toMatchObject({ status: "pending" });
      shop.stripe.unreachable = false;
      await look();
      expect(intents().length).toBe(0);
      await look(120_000);
      await look(240_000);
      expect(intents().length).toBe(1);
      shop.stripe.finish(await lastIntent());
      await shop.rest();
      expect(await shop.balance()).toBe("10");
      expect(shop.gateway.faults.length).toBeGreaterThan(0);
    });

    test("that the bank declines later is a failure, and tried again after a pause", async () => {
      await saveCard();
      await save();
      await look();
      shop.stripe.finish(await lastIntent(), "declined");
      await shop.rest();
      expect(await newest()).toMatchObject({ status: "failed", failure: "Your card was declined." });
      await look();
      expect(intents().length).toBe(1);
      await look(601_000);
      expect(intents().length).toBe(2);
    });

    test("ends with the card: removed here, or at Stripe", async () => {
      await saveCard();
      await save();
      expect((await shop.gateway.operator.send("DELETE", "/billing/card")).status).toBe(200);
      await shop.rest();
      expect(await settingsNow()).toMatchObject({ card: null, auto_top_up: { enabled: false } });
      await look();
      expect(intents().length).toBe(0);
    });

    test("stays within the month's cap, of which the workspace is told once", async () => {
      await saveCard();
      await save({ monthly_cap_usd: "15" });
      await look();
      shop.stripe.finish(await lastIntent());
      await shop.rest();
      await shop.spend("10");
      await look();
      await look();
      expect(intents().length).toBe(1);
      expect((await shop.told()).filter((type) => type === "topup.capped").length).toBe(1);
      expect((await save({ pack_usd: "50", monthly_cap_usd: "49" })).status).toBe(400);
    });

    test("that fails three times in a row is switched off, and the workspace is told", async () => {
      await saveCard();
      await save();
      shop.stripe.decline = "Your card has insufficient funds.";
      for (let attempt = 1; attempt <= 3; attempt++) {
        await look(attempt * 3_600_000);
        expect(await newest()).toMatchObject({ status: "failed", failure: "Your card has insufficient funds." });
        expect(intents().length).toBe(attempt);
      }
      await look(4 * 3_600_000);
      expect(intents().length).toBe(3);
      expect(letters).toEqual(["owner@localhost: Automatic top-ups are off"]);
      expect(await settingsNow()).toMatchObject({ auto_top_up: { enabled: false, failures: 3 } });
      expect((await shop.told()).filter((type) => type === "topup.disabled").length).toBe(1);
      expect((await shop.told()).filter((type) => type === "payment.failed").length).toBe(3);
    });
  });
});
