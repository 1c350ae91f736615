import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Hono } from "hono";
import { readBuiltConsole } from "./built-console.ts";
import { mountConsole } from "./mount-console.ts";

const script = "console.log('the console');\n".repeat(100);
const page = `<html><meta name="astrolabe-base" content="/" /><meta name="astrolabe-address" content="" /><script src="./assets/index-abc.js"></script></html>`;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrolabe-console-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), page);
  writeFileSync(join(folder, "theme.js"), "1");
  writeFileSync(join(folder, ".sources"), "not for visitors");
  writeFileSync(join(folder, "assets/index-abc.js"), script);
  writeFileSync(join(folder, "assets/index-abc.js.gz"), gzipSync(script));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function serve(address = "https://gateway.example"): Hono {
  const app = new Hono();
  app.get("/models", (context) => context.json({ object: "list" }));
  mountConsole(app, readBuiltConsole(folder, address));
  app.notFound((context) => context.json({ error: "not found" }, 404));
  return app;
}

const asBrowser = { headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };

describe("the page", () => {
  test("is answered at the root and at the console's own addresses, with the headers that guard it", async () => {
    for (const path of ["/", "/w/ws_1/keys", "/sign-in", "/operator/workspaces"]) {
      const response = await serve().request(path, asBrowser);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get("cache-control")).toBe("no-cache");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(response.headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
      expect(response.headers.get("permissions-policy")).toContain("camera=()");
    }
  });

  test("is not sent again while it is the same", async () => {
    const first = await serve().request("/", asBrowser);
    const etag = first.headers.get("etag") ?? "";
    const again = await serve().request("/", { headers: { "if-none-match": etag } });
    expect([etag.length > 10, again.status, await again.text()]).toEqual([true, 304, ""]);
  });

  test("leaves the API's addresses and unknown ones alone", async () => {
    expect(await (await serve().request("/models", asBrowser)).json()).toEqual({ object: "list" });
    for (const path of ["/nothing", "/v1/nothing", "/api/nothing", "/wx", "/.sources", "/assets/../.sources"]) {
      expect([path, (await serve().request(path, asBrowser)).status]).toEqual([path, 404]);
    }
    expect((await serve().request("/w/ws_1", { headers: { accept: "application/json" } })).status).toBe(404);
    expect((await serve().request("/w/ws_1", { ...asBrowser, method: "POST" })).status).toBe(404);
  });

  test("is answered where the published command line says that a blueprint is, to browsers only", async () => {
    const status = async (path: string, accept: string) =>
      (await serve().request(path, { headers: { accept } })).status;
    expect(await status("/my-team/my-agent", asBrowser.headers.accept)).toBe(200);
    expect(await status("/my-team/my-agent", "*/*")).toBe(404);
    for (const path of [
      "/my-team/my-agent/more",
      "/My-team/agent",
      "/my-team/a.php",
      "/anthropic/models",
      "/assets/gone",
    ]) {
      expect([path, await status(path, asBrowser.headers.accept)]).toEqual([path, 404]);
    }
  });

  test("names the server's address and finds its files below the path of it", async () => {
    const text = await (await serve("https://host.example/astrolabe").request("/w/a/b")).text();
    expect(text).toContain(`name="astrolabe-base" content="/astrolabe/"`);
    expect(text).toContain(`name="astrolabe-address" content="https://host.example/astrolabe"`);
    expect(text).toContain(`src="/astrolabe/assets/index-abc.js"`);
  });

  test("takes an address as text, whatever it holds", async () => {
    const text = await (await serve(`https://host.example/"><script>alert(1)</script>$&`).request("/")).text();
    expect(text).not.toContain("<script>alert");
    expect(text.match(/<script/g)).toHaveLength(1);
  });
});

describe("a file", () => {
  test("of the build is kept for ever, and sent compressed to those who take it", async () => {
    const plain = await serve().request("/assets/index-abc.js");
    expect(plain.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(plain.headers.get("content-type")).toStartWith("text/javascript");
    expect(await plain.text()).toBe(script);
    const zipped = await serve().request("/assets/index-abc.js", { headers: { "accept-encoding": "gzip, br" } });
    expect([zipped.headers.get("content-encoding"), zipped.headers.get("vary")]).toEqual(["gzip", "accept-encoding"]);
    expect(Bun.gunzipSync(new Uint8Array(await zipped.arrayBuffer()))).toEqual(new TextEncoder().encode(script));
    const refused = await serve().request("/assets/index-abc.js", { headers: { "accept-encoding": "gzip;q=0" } });
    expect(refused.headers.get("content-encoding")).toBeNull();
  });

  test("whose name stays is asked for again", async () => {
    const response = await serve().request("/theme.js");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    const etag = response.headers.get("etag") ?? "";
    expect((await serve().request("/theme.js", { headers: { "if-none-match": etag } })).status).toBe(304);
  });
});

test("without a build the page is one sentence on how to make it", async () => {
  const app = new Hono();
  mountConsole(app, readBuiltConsole(join(folder, "missing"), "http://localhost"));
  const response = await app.request("/", asBrowser);
  expect([response.status, await response.text()]).toEqual([
    503,
    "The console is not built: run `npm run build`, or start the server with `npm start`.\n",
  ]);
});
