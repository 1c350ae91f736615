// A gateway that sells credits through the Stripe double, with what tests of payments do again and again.

import { arrayAt, isObject, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { asId, newId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { noMoney, parseUsd, picodollars } from "../../server/money/picodollars.ts";
import type { KnownKeys } from "./gateway.ts";
import { startOperatedGateway, type OperatedGateway } from "./operator.ts";
import { StripeDouble } from "./stripe-double.ts";

export type Shop = {
  readonly gateway: OperatedGateway;
  readonly stripe: StripeDouble;
  readonly workspaceId: WorkspaceId;
  /** Opens a checkout; gives our payment and Stripe's session. */
  readonly order: (pack?: string, saveCard?: boolean) => Promise<{ paymentId: string; sessionId: string }>;
  /** Opens a checkout and pays it; gives our payment and Stripe's payment intent. */
  readonly buy: (pack?: string, saveCard?: boolean) => Promise<{ paymentId: string; intentId: string }>;
  readonly payment: (id: string) => Promise<JsonObject>;
  /** Decimal USD of the balance, without trailing zeros. */
  readonly balance: () => Promise<string>;
  /** Takes so much from the balance, as requests would. */
  readonly spend: (usd: string) => Promise<void>;
  /** Resolves when everything that Stripe reported has been applied. */
  readonly rest: () => Promise<void>;
  /** Types of the events in the workspace's feed, oldest first. */
  readonly told: () => Promise<string[]>;
  readonly entries: () => Promise<JsonObject[]>;
  readonly close: () => Promise<void>;
};

/** @param beside a shop on the same database: both sell through one Stripe. */
export async function openShop(environment: Record<string, string>, beside?: Shop): Promise<Shop> {
  const stripe = beside?.stripe ?? new StripeDouble();
  const credits = { ASTROLABE_INIT_CREDITS_USD: "0" };
  const known: KnownKeys | undefined = beside?.gateway;
  const gateway = await startOperatedGateway({ ...credits, ...stripe.environment, ...environment }, known);
  const { send } = gateway.operator;
  const workspace = stringAt((await send("GET", "")).body, "id") ?? "";
  const workspaceId = asId<WorkspaceId>(workspace);
  const rest = async (): Promise<void> => {
    await stripe.idle();
    await gateway.wired.control.billing.idle();
  };
  const order: Shop["order"] = async (pack = "10", saveCard = false) => {
    const { status, body } = await send("POST", "/billing/checkouts", { pack_usd: pack, save_card: saveCard });
    if (status !== 201) throw new Error(JSON.stringify(body));
    const sessionId = stringAt(body, "checkout_url")?.split("/").at(-1) ?? "";
    return { paymentId: stringAt(body, "id") ?? "", sessionId };
  };
  const list = async (path: string): Promise<JsonObject[]> =>
    (arrayAt((await send("GET", path)).body, "data") ?? []).filter((item) => isObject(item)).toReversed();
  return {
    gateway,
    stripe,
    workspaceId,
    order,
    rest,
    async buy(pack, saveCard) {
      const { paymentId, sessionId } = await order(pack, saveCard);
      const intentId = stripe.pay(sessionId);
      await rest();
      return { paymentId, intentId };
    },
    payment: async (id) => (await send("GET", `/billing/payments/${id}`)).body,
    balance: async () => shortUsd((await send("GET", "/billing")).body["balance_usd"]),
    async spend(usd) {
      const amount = picodollars(-(parseUsd(usd) ?? noMoney));
      const result = await gateway.wired.services.ledger.submit({
        type: "adjust",
        workspaceId,
        entryId: newId("ent"),
        amount,
        counterpart: "adjustments",
        memo: "spent by a test",
        at: Date.now(),
      });
      if (!result.ok) throw new Error(result.refusal.reason);
    },
    told: async () => (await list("/events?limit=200")).map((event) => stringAt(event, "type") ?? ""),
    entries: () => list("/ledger-entries?limit=200"),
    async close() {
      await rest();
      await gateway.close();
      if (beside === undefined) await stripe.close();
    },
  };
}

/** `10.000000000000` as `10`. */
export function shortUsd(amount: unknown): string {
  return typeof amount === "string" ? amount.replace(/\.?0+$/, "") || "0" : String(amount);
}
