// Serves the console: its page at every address that it knows, its files as they were built, and one sentence on how to
// build it where that has not been done.

import type { Context, Hono } from "hono";
import type { BuiltConsole, BuiltFile, Encoding } from "./built-console.ts";
import { isBlueprintPath, isClientPath } from "./client-routes.ts";
import { securityHeaders } from "./security-headers.ts";

const notBuilt = "The console is not built: run `npm run build`, or start the server with `npm start`.\n";
const forever = "public, max-age=31536000, immutable";

/** Adds the console behind every other route of the app. @param built undefined when there is no build. */
export function mountConsole(app: Hono, built: BuiltConsole | undefined): void {
  app.get("*", async (context, next) => {
    const file = built?.files.get(context.req.path.slice(1));
    if (file !== undefined) return fileResponse(context, file);
    if (isClientPath(context.req.path) && takesHtml(context)) return pageResponse(context, built);
    if (isBlueprintPath(context.req.path) && asksForHtml(context)) return pageResponse(context, built);
    await next();
    return undefined;
  });
}

/** Browsers name it; `curl` takes anything. */
function takesHtml(context: Context): boolean {
  const accept = context.req.header("accept") ?? "*/*";
  return /text\/html|\*\/\*/.test(accept);
}

/** Only a browser names it: a program at a wrong address wants no page. */
function asksForHtml(context: Context): boolean {
  return (context.req.header("accept") ?? "").includes("text/html");
}

function pageResponse(context: Context, built: BuiltConsole | undefined): Response {
  if (built === undefined) return context.text(notBuilt, 503, { ...securityHeaders, "cache-control": "no-store" });
  const headers = { ...securityHeaders, "cache-control": "no-cache", etag: built.pageEtag };
  if (context.req.header("if-none-match") === built.pageEtag) return context.body(null, 304, headers);
  return context.html(built.page, 200, headers);
}

function fileResponse(context: Context, file: BuiltFile): Response {
  const encoding = preferredEncoding(context.req.header("accept-encoding") ?? "", file);
  const headers = {
    "content-type": file.contentType,
    "cache-control": file.immutable ? forever : "no-cache",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    vary: "accept-encoding",
    etag: file.etag,
    ...(encoding !== undefined && { "content-encoding": encoding }),
  };
  if (context.req.header("if-none-match") === file.etag) return new Response(null, { status: 304, headers });
  return new Response(Bun.file((encoding && file.encoded[encoding]) ?? file.path), { headers });
}

function preferredEncoding(accepted: string, { encoded }: BuiltFile): Encoding | undefined {
  const words = accepted
    .toLowerCase()
    .split(",")
    .filter((word) => !/;\s*q=0(?:\.0*)?\s*$/.test(word));
  const names = words.map((word) => word.split(";")[0]?.trim());
  const known: readonly Encoding[] = ["br", "gzip"];
  return known.find((encoding) => encoded[encoding] !== undefined && names.includes(encoding));
}
