// Whether a webhook was signed by Stripe, as https://docs.stripe.com/webhooks/signature says: HMAC-SHA256 over the time
// and the body exactly as it arrived.

import { timingSafeEqual } from "node:crypto";

const toleranceSeconds = 300;
/** While a secret is changed Stripe signs with two; more than a few are not from Stripe. */
const mostSignatures = 10;

/**
 * Whether one of the header's signatures is right and made within five minutes of now, to either side.
 * @param header `Stripe-Signature`: `t=<Unix seconds>,v1=<hexadecimal>,...`
 */
export function isSignedByStripe(body: Uint8Array, header: string | undefined, secret: string, nowMs: number): boolean {
  const parts = (header ?? "").split(",").map((part) => part.trim());
  const time = parts.find((part) => part.startsWith("t="))?.slice(2) ?? "";
  if (!/^\d{1,12}$/.test(time) || Math.abs(nowMs / 1000 - Number(time)) > toleranceSeconds) return false;
  const expected = new Bun.CryptoHasher("sha256", secret).update(`${time}.`).update(body).digest();
  const given = parts.filter((part) => part.startsWith("v1=")).slice(0, mostSignatures);
  return given.some((signature) => {
    const bytes = Buffer.from(signature.slice(3), "hex");
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}
