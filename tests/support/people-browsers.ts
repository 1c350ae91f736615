// Browsers at addresses of their own, so that tests do not use up each other's tries; for gateways behind one proxy.

import { stringAt, objectAt } from "../../server/contracts/json.ts";
import { BrowserJar, type Answered } from "./browser-jar.ts";
import type { TestGateway } from "./gateway.ts";

export type Visitor = BrowserJar & { readonly address: string };

let visitors = 0;

/** The gateway is to run with `behindProxy`. */
export function visitor(gateway: TestGateway): Visitor {
  visitors += 1;
  const address = `198.51.${Math.floor(visitors / 250)}.${(visitors % 250) + 1}`;
  return Object.assign(new BrowserJar(gateway.url, gateway.publicUrl, { "x-forwarded-for": address }), { address });
}

export const behindProxy = { ASTROLABE_TRUST_PROXY: "1" } as const;

/** Why a step was refused, as pages read it. */
export function reasonOf({ body }: Answered): string | undefined {
  return stringAt(objectAt(objectAt(body, "error") ?? {}, "details") ?? {}, "reason");
}

let people = 0;
export function newEmail(): string {
  people += 1;
  return `person-${people}@example.com`;
}
