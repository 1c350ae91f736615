import { describe, expect, test } from "bun:test";
import { Stripe } from "stripe";
import { isSignedByStripe } from "./stripe-signature.ts";

const secret = "whsec_test";
const body = Buffer.from('{"id":"evt_1"}');
const now = Date.parse("2030-01-01T00:00:00Z");
const seconds = now / 1000;

/** As Stripe's own library signs. */
const sign = (timestamp = seconds, payload = body.toString(), by = secret): Promise<string> =>
  Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret: by, timestamp });

describe("a signature of Stripe", () => {
  test("is right for the body it was made of, within five minutes", async () => {
    for (const time of [seconds, seconds - 299, seconds + 299]) {
      expect(isSignedByStripe(body, await sign(time), secret, now)).toBe(true);
    }
  });

  test("is wrong for another body, another secret or another time", async () => {
    const right = await sign();
    const wrong = [
      await sign(seconds, `${body} `),
      await sign(seconds, body.toString(), "whsec_other"),
      await sign(seconds - 301),
      await sign(seconds + 301),
      right.replace(`t=${seconds}`, `t=${seconds + 1}`),
      right.replace("v1=", "v0="),
      right.slice(0, -2),
    ];
    for (const header of wrong) expect([header, isSignedByStripe(body, header, secret, now)]).toEqual([header, false]);
  });

  test("may stand beside others, as while a secret is changed", async () => {
    const [, other] = (await sign(seconds, body.toString(), "whsec_old")).split(",");
    const [, right] = (await sign()).split(",");
    expect(isSignedByStripe(body, `t=${seconds},${other},${right}`, secret, now)).toBe(true);
  });

  test("is asked for: nothing and nonsense are not signed", () => {
    for (const header of [
      undefined,
      "",
      "t=",
      "v1=",
      `t=${seconds}`,
      `t=${seconds},v1=`,
      `t=NaN,v1=${"0".repeat(64)}`,
    ]) {
      expect([header, isSignedByStripe(body, header, secret, now)]).toEqual([header, false]);
    }
  });
});
