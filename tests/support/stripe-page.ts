// The page at Stripe on which a customer pays: one button that pays, one link that goes back.

import { stringAt, type JsonObject } from "../../server/contracts/json.ts";

export function checkoutPage(session: JsonObject): Response {
  const isSetup = session["mode"] === "setup";
  const cancelUrl = stringAt(session, "cancel_url") ?? "";
  const amount = isSetup ? "" : `<p>${(Number(session["amount_total"]) / 100).toFixed(2)} USD</p>`;
  const html = `<!doctype html><html lang="en"><title>Checkout</title><main><h1>Checkout</h1>${amount}
<form method="post"><button>${isSetup ? "Save card" : "Pay"}</button></form><a href="${escaped(cancelUrl)}">Back</a></main></html>`;
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
