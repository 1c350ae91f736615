// A workspace that buys credits, for pictures and tests: a saved card, payments of every outcome, an automatic top-up.

import { stringAt } from "../../server/contracts/json.ts";
import type { StripeDouble } from "../support/stripe-double.ts";
import type { Stage } from "./with-browser.ts";

export async function fillBilling({ gateway, address }: Pick<Stage, "gateway" | "address">, stripe: StripeDouble) {
  const { send } = gateway.operator;
  stripe.reportTo(address);
  const order = async (pack: string, save = false): Promise<string> => {
    const { body } = await send("POST", "/billing/checkouts", { pack_usd: pack, save_card: save });
    return stringAt(body, "checkout_url")?.split("/").at(-1) ?? "";
  };
  const first = stripe.pay(await order("100", true));
  const slow = await order("250");
  stripe.payLater(slow);
  stripe.bounce(slow);
  stripe.pay(await order("50"));
  await order("25");
  await rest();
  stripe.refund(first, 2_500);
  await rest();
  await send("PATCH", "/credits", { low_balance_threshold_usd: "10" });
  const topUp = { enabled: true, threshold_usd: "20", pack_usd: "50", monthly_cap_usd: "200" };
  const details = {
    name: "Acme GmbH",
    address: "Lange Straße 1\n10115 Berlin",
    tax_id: "DE123456789",
    email: "billing@acme.dev",
  };
  await send("PATCH", "/billing/settings", { auto_top_up: topUp, details });

  async function rest(): Promise<void> {
    await stripe.idle();
    await gateway.wired.control.billing.idle();
  }
}
