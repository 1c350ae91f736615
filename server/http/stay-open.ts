// Exempts a connection from the idle timeout: an answer may take its time once the request is read.

import type { Context } from "hono";

/** What Bun hands to each request. */
type ServerBindings = { readonly timeout?: (request: Request, seconds: number) => void };

/** Gives what to call once the request's body is read. */
export function stayOpen(context: Pick<Context, "env" | "req">): () => void {
  return () => {
    const server: ServerBindings | undefined = context.env;
    server?.timeout?.(context.req.raw, 0);
  };
}
