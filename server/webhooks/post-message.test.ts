import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { messagePoster } from "./post-message.ts";
import { checkedAddress, urlFault, type ResolveHost } from "./receiver-address.ts";

const loopback: ResolveHost = async () => [{ address: "127.0.0.1", family: 4 }];
const message = { body: '{"type":"webhook.test"}', headers: { "webhook-id": "evt_1" } };
const never = new AbortController().signal;

let server: Bun.Server<undefined>;
const seen: { path: string; method: string; host: string | null; id: string | null; body: string }[] = [];
beforeAll(() => {
  server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      const { pathname: path } = new URL(request.url);
      const { headers, method } = request;
      seen.push({ path, method, host: headers.get("host"), id: headers.get("webhook-id"), body: await request.text() });
      if (path === "/hangs") return new Promise<Response>(() => undefined);
      if (path === "/moved") return Response.redirect("/target", 307);
      if (path === "/endless") {
        return new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) }));
      }
      return new Response(null, { status: path === "/broken" ? 503 : 204 });
    },
  });
});
afterAll(() => server.stop(true));

const at = (path: string) => `http://hooks.astrolabe.dev:${server.port}${path}`;

describe("posting a message", () => {
  const post = messagePoster({ allowPrivate: true, resolve: loopback, timeoutMs: 1_000 });

  test("connects to the address that was looked up, under the name of the URL", async () => {
    expect(await post(at("/a?b=c"), message, never)).toEqual({ status: 204, error: undefined });
    const host = `hooks.astrolabe.dev:${server.port}`;
    expect(seen.at(-1)).toEqual({ path: "/a", method: "POST", host, id: "evt_1", body: message.body });
  });

  test("fails on any status but 2xx, and follows no redirect", async () => {
    expect(await post(at("/broken"), message, never)).toEqual({ status: 503, error: "the receiver answered 503" });
    expect(await post(at("/moved"), message, never)).toEqual({ status: 307, error: "the receiver answered 307" });
    expect(seen.some(({ path }) => path === "/target")).toBe(false);
  });

  test("does not wait for a body without end", async () => {
    expect(await post(at("/endless"), message, never)).toEqual({ status: 200, error: undefined });
  });

  test("gives up when no answer comes in time, and at once when the server stops", async () => {
    expect(await post(at("/hangs"), message, never)).toEqual({ status: undefined, error: "no answer within 1 s" });
    const stopping = new AbortController();
    const patient = messagePoster({ allowPrivate: true, resolve: loopback, timeoutMs: 60_000 });
    const outcome = patient(at("/hangs"), message, stopping.signal);
    stopping.abort();
    expect(await outcome).toEqual({ status: undefined, error: "the server is stopping" });
    const nowhere: ResolveHost = () => new Promise(() => undefined);
    const lost = messagePoster({ allowPrivate: true, resolve: nowhere, timeoutMs: 50 });
    expect((await lost(at("/"), message, never)).error).toBe("no answer within 0.05 s");
  });

  test("says in few words why nothing could be sent, without the address", async () => {
    const refused = await post("http://hooks.astrolabe.dev:1/secret-path", message, never);
    expect(refused).toEqual({ status: undefined, error: "it could not be sent (ECONNREFUSED)" });
    const empty = messagePoster({ allowPrivate: true, resolve: async () => [] });
    expect((await empty(at("/"), message, never)).error).toBe("the host name has no address");
  });

  test("never reaches an address that is not public, however the name leads there", async () => {
    const before = seen.length;
    const strict = messagePoster({ allowPrivate: false, resolve: loopback });
    const { port } = server;
    const refused = [
      `https://hooks.astrolabe.dev:${port}/`,
      `https://127.0.0.1:${port}/`,
      `https://[::1]:${port}/`,
      at("/"),
    ];
    for (const url of refused) expect([url, (await strict(url, message, never)).status]).toEqual([url, undefined]);
    expect(seen.length).toBe(before);
  });
});

describe("a receiver's address", () => {
  test("must be https on the public internet, without credentials", () => {
    for (const good of ["https://hooks.astrolabe.dev", "https://hooks.astrolabe.dev:8443/a?b=c", "https://8.8.8.8/"]) {
      expect([good, urlFault(good, false)]).toEqual([good, undefined]);
    }
    const bad = [
      "hooks.astrolabe.dev",
      "http://hooks.astrolabe.dev",
      "ftp://hooks.astrolabe.dev",
      "https://user:word@hooks.astrolabe.dev",
      "https://localhost/",
      "https://gateway/",
      "https://10.0.0.1/",
      "https://0x7f000001/",
      "https://2130706433/",
      "https://169.254.169.254/latest/meta-data",
      "https://[::ffff:127.0.0.1]/",
      "https://[fd00::1]/",
      "https://127.0.0.1.nip.io/",
      `https://hooks.astrolabe.dev/${"a".repeat(2_048)}`,
    ];
    for (const url of bad) expect([url, urlFault(url, false) === undefined]).toEqual([url, false]);
  });

  test("may be http and private where the operator allows it", () => {
    expect(urlFault("http://localhost:3000/hook", true)).toBeUndefined();
    expect(urlFault("ftp://localhost", true)).toBeDefined();
  });

  test("of a name that leads to a public and a private address is refused", async () => {
    const mixed: ResolveHost = async () => [
      { address: "8.8.8.8", family: 4 },
      { address: "10.0.0.1", family: 4 },
    ];
    await expect(checkedAddress("hooks.astrolabe.dev", mixed, false)).rejects.toThrow("not public");
    const open: ResolveHost = async () => [{ address: "8.8.8.8", family: 4 }];
    expect(await checkedAddress("hooks.astrolabe.dev", open, false)).toEqual({ address: "8.8.8.8", family: 4 });
  });
});
