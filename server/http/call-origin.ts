// Where a request comes from: the address of its connection, or what proxies in front of the server say of it.

import type { Context } from "hono";
import type { CallOrigin } from "../audit-log/audit-event.ts";

/** What Bun hands to each request: the means to know the other end of its connection. */
type ServerBindings = { readonly requestIP?: (request: Request) => { readonly address: string } | null };

const longestAddress = 45;

/**
 * @param trustedProxies how many proxies in front of the server add to `X-Forwarded-For`. The client writes that header
 * too, so only as many entries count from its end as there are proxies.
 */
export function callOrigin(context: Context, trustedProxies: number): CallOrigin {
  const server: ServerBindings | undefined = context.env;
  const connected = server?.requestIP?.(context.req.raw)?.address;
  const forwarded = (context.req.header("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  const told = trustedProxies === 0 ? undefined : forwarded.at(-trustedProxies);
  return {
    address: (told === undefined || told === "" ? connected : told)?.slice(0, longestAddress),
    userAgent: context.req.header("user-agent"),
  };
}
