// What Stripe's API takes and refuses: which parameters each call knows, which it needs, and keys that repeat an answer.

import { isObject, type JsonObject } from "../../server/contracts/json.ts";
import { readForm } from "./stripe-form.ts";

type Call = { readonly needs: readonly string[]; readonly knows: readonly string[] };

const session = [
  "mode",
  "customer",
  "client_reference_id",
  "line_items",
  "invoice_creation",
  "payment_intent_data",
  "metadata",
  "success_url",
  "cancel_url",
  "allowed_payment_method_types",
  "adaptive_pricing",
  "currency",
];

/** By method and path, ids as `*`. */
const calls: Readonly<Record<string, Call>> = {
  "POST /v1/customers": { needs: ["metadata"], knows: ["name", "email", "address", "metadata"] },
  "POST /v1/customers/*": { needs: [], knows: ["name", "email", "address", "metadata"] },
  "POST /v1/checkout/sessions": { needs: ["mode", "customer", "success_url"], knows: session },
  "POST /v1/payment_intents": {
    needs: ["amount", "currency", "customer", "payment_method", "confirm", "off_session"],
    knows: [
      "amount",
      "currency",
      "customer",
      "payment_method",
      "allowed_payment_method_types",
      "confirm",
      "off_session",
      "description",
      "metadata",
    ],
  },
  "POST /v1/refunds": { needs: ["payment_intent"], knows: ["payment_intent", "amount", "metadata", "reason"] },
  "POST /v1/payment_methods/*/detach": { needs: [], knows: [] },
};

/** A refusal as Stripe words it. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly kind: string;
  readonly more: JsonObject;

  constructor(status: number, kind: string, message: string, more: JsonObject = {}) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.more = more;
  }

  response(): Response {
    return Response.json({ error: { type: this.kind, message: this.message, ...this.more } }, { status: this.status });
  }
}

export type CheckedCall = {
  readonly name: string;
  readonly id: string;
  readonly form: JsonObject;
  readonly key: string;
};

/** Reads a call as strictly as Stripe does. @throws StripeRefusal */
export async function checkedCall(request: Request, secretKey: string): Promise<CheckedCall> {
  const { headers, method, url } = request;
  const refuse = (message: string, status = 400): never => {
    throw new StripeRefusal(status, "invalid_request_error", message);
  };
  if (headers.get("authorization") !== `Bearer ${secretKey}`) refuse("Invalid API Key provided.", 401);
  if (!/^\d{4}-\d{2}-\d{2}\.\w+$/.test(headers.get("stripe-version") ?? "")) refuse("No Stripe-Version.");
  const path = new URL(url).pathname;
  const id = /\/((?:cus|pm)_[^/]+)/.exec(path)?.[1] ?? "";
  const name = `${method} ${id === "" ? path : path.replace(id, "*")}`;
  const call = calls[name] ?? refuse(`Unrecognized request URL (${name}).`, 404);
  const type = headers.get("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) refuse("The body must be form-encoded.");
  const form = readForm(await request.text());
  const unknown = Object.keys(form).find((field) => !call.knows.includes(field));
  if (unknown !== undefined) refuse(`Received unknown parameter: ${unknown}`);
  const missing = call.needs.find((field) => form[field] === undefined);
  if (missing !== undefined) refuse(`Missing required param: ${missing}.`);
  const key = headers.get("idempotency-key") ?? refuse("Without an Idempotency-Key a retry would pay twice.");
  return { name, id, form, key };
}

type Kept = { readonly call: string; readonly status: number; readonly body: JsonObject };

/** The same key gives the same answer; for another call it is refused. */
export class KeptAnswers {
  readonly #kept = new Map<string, Kept>();

  find({ key, name, form }: CheckedCall): Response | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    if (kept.call === `${name} ${JSON.stringify(form)}`) {
      return Response.json(kept.body, { status: kept.status, headers: { "idempotent-replayed": "true" } });
    }
    const message = "Keys for idempotent requests can only be used with the same parameters they were first used with.";
    throw new StripeRefusal(400, "idempotency_error", message);
  }

  keep({ key, name, form }: CheckedCall, status: number, body: unknown): void {
    if (isObject(body)) this.#kept.set(key, { call: `${name} ${JSON.stringify(form)}`, status, body });
  }
}
