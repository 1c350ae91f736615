// A Stripe for tests, on a real socket: takes what our server sends as strictly as Stripe does, has a page on which a
// customer pays, and reports by signed webhooks. Tests decide what customers, banks and cards do.

import { objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { checkedCall, KeptAnswers, StripeRefusal, type CheckedCall } from "./stripe-api.ts";
import { newEvent, sendEvent, type DeliveryChanges, type StripeEvent } from "./stripe-events.ts";
import { centsIn } from "./stripe-form.ts";
import { checkoutPage } from "./stripe-page.ts";

const secretKey = "sk_test_astrolabe";
export const webhookSecret = "whsec_astrolabe_test";

type Ending = "won" | "lost";

export class StripeDouble {
  /** Variables of a server that sells through this Stripe. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything that was reported so far, delivered or not. */
  readonly events: StripeEvent[] = [];
  /** Every call of the API that was accepted or refused. */
  readonly calls: CheckedCall[] = [];
  /** While set, cards are declined with these words. */
  decline: string | undefined;
  /** While true, connections are cut before an answer. */
  unreachable = false;
  readonly #server: Bun.Server<undefined>;
  readonly #things = new Map<string, JsonObject>();
  readonly #kept = new KeptAnswers();
  readonly #endpoints: string[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #count = 0;

  constructor() {
    this.#server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => this.#answer(request) });
    this.environment = {
      STRIPE_SECRET_KEY: secretKey,
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STRIPE_API_BASE: this.url,
    };
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}`;
  }

  /** From now on events go to this server by themselves, as they happen. */
  reportTo(serverUrl: string): void {
    this.#endpoints.push(`${serverUrl}/api/billing/stripe/webhook`);
  }

  /** Resolves when everything that was to be delivered has been. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Delivers one event to one server; gives the status of its answer. */
  deliver(event: StripeEvent, serverUrl: string, changes?: DeliveryChanges): Promise<number> {
    return sendEvent(`${serverUrl}/api/billing/stripe/webhook`, event, webhookSecret, changes);
  }

  /** The customer pays on the page, or saves a card on it. @returns the payment intent's id; empty for a saved card. */
  pay(sessionId: string): string {
    const session = this.thing(sessionId);
    if (stringAt(session, "mode") === "setup") {
      this.#saveCard(stringAt(session, "customer") ?? "");
      this.#change(sessionId, { status: "complete", payment_status: "no_payment_required" });
      this.report("checkout.session.completed", sessionId);
      return "";
    }
    const intentId = this.#intentOf(session);
    this.#succeed(intentId);
    this.#change(sessionId, { status: "complete", payment_status: "paid", payment_intent: intentId });
    this.report("checkout.session.completed", sessionId);
    this.#invoice(session);
    return intentId;
  }

  /** The customer chose a slow way of paying; `arrive` or `bounce` ends it. */
  payLater(sessionId: string): string {
    const intentId = this.#intentOf(this.thing(sessionId));
    this.#change(sessionId, { status: "complete", payment_status: "unpaid", payment_intent: intentId });
    this.report("checkout.session.completed", sessionId);
    return intentId;
  }

  arrive(sessionId: string): void {
    this.#succeed(stringAt(this.thing(sessionId), "payment_intent") ?? "");
    this.#change(sessionId, { payment_status: "paid" });
    this.report("checkout.session.async_payment_succeeded", sessionId);
  }

  bounce(sessionId: string): void {
    this.report("checkout.session.async_payment_failed", sessionId);
  }

  expire(sessionId: string): void {
    this.#change(sessionId, { status: "expired" });
    this.report("checkout.session.expired", sessionId);
  }

  /** A charge that was accepted for a saved card succeeds after all, or is declined. */
  finish(intentId: string, outcome: "succeeds" | "declined" = "succeeds"): void {
    if (outcome === "succeeds") return this.#succeed(intentId);
    this.#change(intentId, {
      status: "requires_payment_method",
      last_payment_error: { type: "card_error", message: "Your card was declined." },
    });
    this.report("payment_intent.payment_failed", intentId);
  }

  /** Somebody refunds at Stripe itself. @returns the refund's id */
  refund(intentId: string, cents: number): string {
    const chargeId = this.#chargeOf(intentId);
    const amount_refunded = Number(this.thing(chargeId)["amount_refunded"]) + cents;
    const amount = Number(this.thing(chargeId)["amount"]);
    if (amount_refunded > amount) {
      throw new StripeRefusal(
        400,
        "invalid_request_error",
        "Refund amount is greater than unrefunded amount on charge.",
      );
    }
    const status = { status: "succeeded", currency: "usd" };
    const id = this.#make("re", "refund", { charge: chargeId, payment_intent: intentId, amount: cents, ...status });
    this.#change(chargeId, { amount_refunded, refunded: amount_refunded === amount });
    this.report("refund.created", id);
    this.report("charge.refunded", chargeId);
    return id;
  }

  failRefund(refundId: string): void {
    const refund = this.thing(refundId);
    const chargeId = stringAt(refund, "charge") ?? "";
    const amount_refunded = Number(this.thing(chargeId)["amount_refunded"]) - Number(refund["amount"]);
    this.#change(chargeId, { amount_refunded, refunded: false });
    this.#change(refundId, { status: "failed", failure_reason: "lost_or_stolen_card" });
    this.report("refund.failed", refundId);
    this.report("charge.refund.updated", refundId);
  }

  /** A bank disputes, or only asks. @returns the dispute's id */
  dispute(intentId: string, cents: number, onlyAsks = false): string {
    const about = { charge: this.#chargeOf(intentId), payment_intent: intentId, amount: cents, currency: "usd" };
    const status = onlyAsks ? "warning_needs_response" : "needs_response";
    const id = this.#make("du", "dispute", { ...about, status, reason: "fraudulent", withdrawn: !onlyAsks });
    this.report("charge.dispute.created", id);
    if (!onlyAsks) this.report("charge.dispute.funds_withdrawn", id);
    return id;
  }

  closeDispute(disputeId: string, ending: Ending): void {
    this.#change(disputeId, { status: ending, ...(ending === "won" && { withdrawn: false }) });
    this.report("charge.dispute.closed", disputeId);
    if (ending === "won") this.report("charge.dispute.funds_reinstated", disputeId);
  }

  /** What is left of a payment in whole cents: charged, minus refunds, minus what banks hold back. Never below zero. */
  netOf(intentId: string): number {
    const charge = this.#things.get(this.#chargeOf(intentId));
    if (charge === undefined) return 0;
    const disputed = [...this.#things.values()]
      .filter((thing) => thing["object"] === "dispute" && thing["payment_intent"] === intentId)
      .filter(({ withdrawn }) => withdrawn === true)
      .reduce((sum, { amount }) => sum + Number(amount), 0);
    return Math.max(0, Number(charge["amount"]) - Number(charge["amount_refunded"]) - disputed);
  }

  /** @throws StripeRefusal when there is none */
  thing(id: string): JsonObject {
    const thing = this.#things.get(id);
    if (thing === undefined) throw new StripeRefusal(404, "invalid_request_error", `No such thing: '${id}'`);
    return thing;
  }

  /** Reports the thing as it is now. */
  report(type: string, id: string): StripeEvent {
    const event = newEvent(
      `evt_${++this.#count}${Bun.randomUUIDv7().slice(-6)}`,
      type,
      structuredClone(this.thing(id)),
    );
    this.events.push(event);
    for (const endpoint of this.#endpoints) {
      const sending = sendEvent(endpoint, event, webhookSecret)
        .catch(() => undefined)
        .finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
    }
    return event;
  }

  async close(): Promise<void> {
    await this.idle();
    await this.#server.stop(true);
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    try {
      if (pathname.startsWith("/pay/")) return await this.#customer(request, pathname.slice("/pay/".length));
      if (this.unreachable) return new Response("Bad gateway", { status: 502 });
      const call = await checkedCall(request, secretKey);
      this.calls.push(call);
      return this.#kept.find(call) ?? this.#first(call);
    } catch (error) {
      if (error instanceof StripeRefusal) return error.response();
      return Response.json({ error: { type: "invalid_request_error", message: String(error) } }, { status: 400 });
    }
  }

  /** Also a declined card is an answer that its key repeats. */
  #first(call: CheckedCall): Response {
    try {
      const thing = this.#perform(call);
      this.#kept.keep(call, 200, thing);
      return Response.json(thing);
    } catch (error) {
      if (!(error instanceof StripeRefusal) || error.kind !== "card_error") throw error;
      this.#kept.keep(call, error.status, { error: { type: error.kind, message: error.message, ...error.more } });
      return error.response();
    }
  }

  #perform({ name, id, form }: CheckedCall): JsonObject {
    switch (name) {
      case "POST /v1/customers":
        return this.thing(this.#make("cus", "customer", form));
      case "POST /v1/customers/*":
        return this.#change(id, form);
      case "POST /v1/checkout/sessions":
        return this.#openSession(form);
      case "POST /v1/payment_intents":
        return this.#chargeCard(form);
      case "POST /v1/refunds": {
        const intentId = stringAt(form, "payment_intent") ?? "";
        const left = Number(this.thing(this.#chargeOf(intentId))["amount"]);
        return this.thing(this.refund(intentId, form["amount"] === undefined ? left : centsIn(form, "amount")));
      }
      default:
        this.report("payment_method.detached", id);
        return this.#change(id, { customer: null });
    }
  }

  #openSession(form: JsonObject): JsonObject {
    this.thing(stringAt(form, "customer") ?? "");
    const price = objectAt(objectAt(objectAt(form, "line_items") ?? {}, "0") ?? {}, "price_data") ?? {};
    const isPayment = form["mode"] === "payment";
    if (isPayment && (centsIn(price, "unit_amount") < 50 || price["currency"] !== "usd")) {
      throw new StripeRefusal(400, "invalid_request_error", "Amount must be at least 0.50 usd.");
    }
    const amount = isPayment ? { amount_total: centsIn(price, "unit_amount"), currency: "usd" } : {};
    const id = this.#make("cs_test", "checkout.session", {
      ...form,
      ...amount,
      status: "open",
      payment_status: "unpaid",
      payment_intent: null,
    });
    return this.#change(id, { url: `${this.url}/pay/${id}` });
  }

  #chargeCard(form: JsonObject): JsonObject {
    const card = this.thing(stringAt(form, "payment_method") ?? "");
    if (card["customer"] !== form["customer"]) {
      throw new StripeRefusal(400, "invalid_request_error", "The payment method does not belong to the customer.");
    }
    const amount = centsIn(form, "amount");
    const id = this.#make("pi", "payment_intent", { ...form, amount, amount_received: 0, status: "processing" });
    if (this.decline === undefined) return this.thing(id);
    const failure = { type: "card_error", message: this.decline };
    this.#change(id, { status: "requires_payment_method", last_payment_error: failure });
    this.report("payment_intent.payment_failed", id);
    throw new StripeRefusal(402, "card_error", this.decline, { code: "card_declined" });
  }

  #intentOf(session: JsonObject): string {
    const known = stringAt(session, "payment_intent");
    if (known !== undefined) return known;
    const { metadata, setup_future_usage = null } = objectAt(session, "payment_intent_data") ?? {};
    const about = { amount: Number(session["amount_total"]), amount_received: 0, currency: "usd", setup_future_usage };
    const customer = stringAt(session, "customer") ?? "";
    return this.#make("pi", "payment_intent", { ...about, customer, metadata, status: "processing" });
  }

  #succeed(intentId: string): void {
    const intent = this.thing(intentId);
    const amount = Number(intent["amount"]);
    if (stringAt(intent, "setup_future_usage") === "off_session") this.#saveCard(stringAt(intent, "customer") ?? "");
    const chargeId = this.#make("ch", "charge", {
      amount,
      amount_refunded: 0,
      currency: "usd",
      payment_intent: intentId,
      metadata: intent["metadata"],
      receipt_url: `https://pay.stripe.test/receipts/${intentId}`,
      refunded: false,
    });
    this.#change(intentId, { status: "succeeded", amount_received: amount, latest_charge: chargeId });
    this.report("charge.succeeded", chargeId);
    this.report("payment_intent.succeeded", intentId);
  }

  #saveCard(customer: string): void {
    const card = { brand: "visa", last4: "4242", exp_month: 8, exp_year: 2031 };
    this.report("payment_method.attached", this.#make("pm", "payment_method", { customer, type: "card", card }));
  }

  #invoice(session: JsonObject): void {
    const creation = objectAt(session, "invoice_creation") ?? {};
    if (creation["enabled"] !== "true") return;
    const metadata = objectAt(objectAt(creation, "invoice_data") ?? {}, "metadata");
    const page = "https://invoice.stripe.test/i/acct_1/test";
    const links = { hosted_invoice_url: page, invoice_pdf: `${page}/pdf` };
    this.report("invoice.paid", this.#make("in", "invoice", { metadata, ...links, status: "paid" }));
  }

  #chargeOf(intentId: string): string {
    return stringAt(this.thing(intentId), "latest_charge") ?? "";
  }

  /** What the customer's browser sees and sends. */
  async #customer(request: Request, sessionId: string): Promise<Response> {
    const session = this.thing(sessionId);
    if (request.method === "GET") return checkoutPage(session);
    this.pay(sessionId);
    await this.idle();
    return Response.redirect(stringAt(session, "success_url") ?? "", 303);
  }

  #make(prefix: string, object: string, fields: JsonObject): string {
    const id = `${prefix}_${++this.#count}${Bun.randomUUIDv7().slice(-12)}`;
    this.#things.set(id, { id, object, created: Math.floor(Date.now() / 1000), livemode: false, ...fields });
    return id;
  }

  #change(id: string, fields: JsonObject): JsonObject {
    const thing = { ...this.thing(id), ...fields };
    this.#things.set(id, thing);
    return thing;
  }
}
