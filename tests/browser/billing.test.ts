// Billing in a real browser: a pack is bought on Stripe's page, the credits arrive, the ledger tells of them.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { stringAt } from "../../server/contracts/json.ts";
import { StripeDouble } from "../support/stripe-double.ts";
import { seriousViolations } from "./accessibility.ts";
import { openBrowser } from "./browser.ts";
import { startConsole } from "./console-server.ts";
import { fillBilling } from "./fill-billing.ts";
import { settled } from "./settled.ts";
import { stageOf, withBrowser, type Stage } from "./with-browser.ts";

describe("where Stripe sells the credits,", () => {
  let stage: Stage;
  const stripe = new StripeDouble();
  beforeAll(async () => {
    const server = await startConsole({ ...stripe.environment });
    stage = stageOf(server, await openBrowser());
    stripe.reportTo(server.address);
  }, 120_000);
  afterAll(async () => {
    await stage.browser.close();
    await stage.gateway.close();
    await stripe.close();
  });

  const billing = () => `${stage.address}/w/${stage.workspaceId}/billing`;

  test("a pack is bought on Stripe's page, and the credits are there on the way back", async () => {
    await stage.as(await stage.person(), async (page) => {
      await page.goto(billing());
      await settled(page);
      await page.getByRole("group", { name: "Pack" }).getByText("$100").click();
      await page.getByRole("button", { name: "Pay $100" }).click();
      await page.getByRole("button", { name: "Pay", exact: true }).click();
      await page.waitForURL("**/billing?payment=*&result=done");
      await page.getByText("$100.00 are in the ledger").waitFor();
      await page.getByText("$125.00").first().waitFor();
      await page.getByRole("tab", { name: "Ledger" }).click();
      await page.waitForURL("**/billing?tab=ledger");
      await page.getByRole("link", { name: "Receipt" }).first().waitFor();
      await page.getByRole("tab", { name: "Payments" }).click();
      await page.getByText("Paid", { exact: true }).waitFor();
      const [receipt] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "Receipt" }).click(),
      ]);
      expect(receipt.suggestedFilename()).toMatch(/^receipt-R-.*\.pdf$/);
    });
  }, 60_000);

  test("whoever leaves Stripe's page has paid nothing, and is told so", async () => {
    await stage.as(await stage.person(), async (page) => {
      await page.goto(billing());
      await page.getByRole("button", { name: "Pay $25" }).click();
      await page.getByRole("link", { name: "Back" }).click();
      await page.getByText("Nothing was paid").waitFor();
      await page.getByRole("button", { name: "Close" }).click();
      await page.waitForURL(billing());
    });
  }, 60_000);

  test("a payment is said to be confirmed for as long as Stripe has not reported it", async () => {
    const { body } = await stage.gateway.operator.send("POST", "/billing/checkouts", { pack_usd: "50" });
    const session = stringAt(body, "checkout_url")?.split("/").at(-1) ?? "";
    await stage.as(await stage.person(), async (page) => {
      await page.goto(`${billing()}?payment=${stringAt(body, "id")}&result=done`);
      await page.getByText("The payment is being confirmed").waitFor();
      stripe.pay(session);
      await page.getByText("$50.00 are in the ledger").waitFor();
    });
  }, 60_000);

  test("a saved card and automatic top-ups are set, and seen after a reload", async () => {
    await stage.as(await stage.person(), async (page) => {
      await page.goto(billing());
      await page.getByRole("button", { name: "Save a card" }).click();
      await page.getByRole("button", { name: "Save card" }).click();
      await page.getByText("The card is saved").waitFor();
      await page.goto(billing());
      await page.getByRole("switch", { name: "Top up automatically" }).click();
      await page.getByLabel("When below").fill("$15");
      await page.getByRole("button", { name: "Save top-ups" }).click();
      await page.getByText("Automatic top-ups are on.").waitFor();
      await page.reload();
      expect(await page.getByLabel("When below").inputValue()).toBe("15");
    });
  }, 60_000);

  test("the ledger is filtered in the address", async () => {
    await stage.as(await stage.person(), async (page) => {
      await page.goto(`${billing()}?tab=ledger`);
      await settled(page);
      await page.getByLabel("Kind").selectOption("debit");
      await page.waitForURL("**/billing?tab=ledger&kind=debit");
      await page.getByText("No entry matches").waitFor();
      await page.getByRole("button", { name: "Show all entries" }).click();
      await page.waitForURL("**/billing?tab=ledger");
    });
  }, 60_000);

  test("members who cannot pay see the balance, and whom to ask", async () => {
    const viewer = await stage.person({ roles: { [stage.workspaceId]: "viewer" } });
    await stage.as(viewer, async (page) => {
      await page.goto(billing());
      await page.getByText("Owners, admins and billing members").waitFor();
      await page.getByText("Available", { exact: true }).waitFor();
      expect(await page.getByRole("tab").count()).toBe(0);
      expect(await seriousViolations(page)).toEqual([]);
    });
  }, 60_000);

  test("no view has a serious violation of accessibility", async () => {
    await fillBilling(stage, stripe);
    const owner = await stage.person();
    const views = [
      ["credits", "light"],
      ["payments", "dark"],
      ["ledger", "light"],
      ["statements", "dark"],
    ] as const;
    for (const [tab, theme] of views) {
      await stage.as(
        owner,
        async (page) => {
          await page.goto(`${billing()}?tab=${tab}`);
          await settled(page);
          expect([tab, theme, await seriousViolations(page)]).toEqual([tab, theme, []]);
        },
        { theme },
      );
    }
  }, 120_000);
});

describe("where nothing is sold,", () => {
  const stage = withBrowser();

  test("members read whom to ask, and operators how to grant", async () => {
    const address = `${stage().address}/w/${stage().workspaceId}/billing`;
    await stage().as(await stage().person(), async (page) => {
      await page.goto(address);
      await page.getByText("Ask the operator of this server for credits").waitFor();
    });
    await stage().as(await stage().person({ operator: true }), async (page) => {
      await page.goto(address);
      await page.getByText("npx astrolabe credits grant 10").waitFor();
      expect(await seriousViolations(page)).toEqual([]);
    });
  }, 60_000);
});
