// The part of the environment that says how credits are sold.

import { ConfigError, isHttpAddress, type ReadText } from "./config-values.ts";

export type BillingConfig = {
  /** Undefined: operators grant credits by hand. */
  readonly stripe: { readonly secretKey: string; readonly webhookSecret: string; readonly apiBase: string } | undefined;
  /** Who sells the credits, for receipts: several lines. */
  readonly seller: string;
};

/** Both secrets or none: without the webhooks no payment would ever be credited. */
export function readBilling(text: ReadText): BillingConfig {
  const [secretKey, webhookSecret] = [text("STRIPE_SECRET_KEY"), text("STRIPE_WEBHOOK_SECRET")];
  const apiBase = text("STRIPE_API_BASE") ?? "https://api.stripe.com";
  if (!isHttpAddress(apiBase) || new URL(apiBase).pathname !== "/") {
    throw new ConfigError("STRIPE_API_BASE must be an http(s) address without a path.");
  }
  const seller = (text("ASTROLABE_BILLING_SELLER") ?? "Astrolabe").replaceAll("\\n", "\n");
  if (secretKey === undefined && webhookSecret === undefined) return { stripe: undefined, seller };
  if (secretKey === undefined || !/^(?:sk|rk)_/.test(secretKey)) {
    throw new ConfigError("STRIPE_SECRET_KEY must be a secret key of Stripe: sk_... or rk_...");
  }
  if (webhookSecret === undefined || !webhookSecret.startsWith("whsec_")) {
    throw new ConfigError("STRIPE_WEBHOOK_SECRET must be the signing secret of the webhook endpoint: whsec_...");
  }
  return { stripe: { secretKey, webhookSecret, apiBase }, seller };
}
