// The front door of agents: who is let in, by a code that works once, and what passes through it in both directions.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { arrayAt, isObject, objectAt, parseJson, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { specOf, startDeployer, type Deployer } from "../support/deploying.ts";
import { asObject } from "../support/gateway.ts";
import type { Program } from "../support/memory-container.ts";
import { makeAccessToken, signUp, type SignedInPerson } from "../support/people.ts";

/** Tells what it got; streams, takes uploads and sockets. */
const mirror: Program = async () => ({
  async fetch(request, server) {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/socket") {
      const isUpgraded = server.upgrade(request, { headers: { "sec-websocket-protocol": "chat.v1" } });
      return isUpgraded ? undefined : new Response("no socket", { status: 400 });
    }
    if (pathname === "/stream") return new Response(slowly(), { headers: { "content-type": "text/event-stream" } });
    if (pathname === "/away") return Response.redirect("https://elsewhere.test/", 302);
    if (pathname === "/zipped") {
      const headers = { "content-encoding": "gzip", "content-type": "text/plain" };
      return new Response(Bun.gzipSync("squeezed"), { headers });
    }
    const headers = new Headers({ connection: "x-inner", "x-inner": "secret", "x-outer": "shown" });
    headers.append("set-cookie", "mine=1; Domain=agents.test; Path=/");
    headers.append("set-cookie", "astrolabe_agent_pass=forged");
    const body = {
      method: request.method,
      path: pathname + search,
      headers: Object.fromEntries(request.headers),
      text: await request.text(),
    };
    return Response.json(body, { headers });
  },
  websocket: {
    open: (socket) => void socket.send("welcome"),
    message: (socket, message) => void (message === "leave" ? socket.close(4001, "as asked") : socket.send(message)),
  },
});

function slowly(): ReadableStream {
  let count = 0;
  return new ReadableStream({
    async pull(controller) {
      if (count > 0) await Bun.sleep(30);
      controller.enqueue(new TextEncoder().encode(`data: ${count++}\n\n`));
      if (count === 4) controller.close();
    },
  });
}

const spec = specOf("agent:\n  image: mirror\n  interfaces: { frontend: true }\n");
const html = { accept: "text/html,application/xhtml+xml" };

describe("the front door", () => {
  let poets: Deployer;
  const hosts: Record<string, string> = {};
  beforeAll(async () => {
    poets = await startDeployer({}, { mirror });
    await poets.register("b1", spec);
    const all: readonly (readonly [string, JsonObject])[] = [
      ["open", { interfaces: { adapters: ["web"] } }],
      ["members", {}],
      ["other", {}],
      ["closed", { interfaces: { adapters: [] } }],
    ];
    for (const [name, body] of all) {
      const id = await poets.deployed(name, body);
      const deployment = await poets.get(id);
      hosts[name] = `${stringAt(deployment, "namespace")}.agents.test`;
    }
  });
  afterAll(async () => {
    expect(poets.gateway.faults).toEqual([]);
    await poets.close();
  });

  const ask = (name: string, path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(poets.gateway.url + path, {
      redirect: "manual",
      ...init,
      headers: { host: hosts[name] ?? name, ...init.headers },
    });
  const cookiesOf = (response: Response) => response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");

  test("passes requests on with what the agent should know, and without what is ours", async () => {
    const response = await ask("open", "/a/b?c=d", {
      method: "POST",
      body: "words",
      headers: {
        cookie: `${poets.ada.cookie}; theirs=2; astrolabe_agent_pass=x; __Host-astrolabe.session_token=y`,
        "x-forwarded-for": "6.6.6.6",
        "x-real-ip": "6.6.6.6",
        connection: "keep-alive, x-hop",
        "x-hop": "1",
      },
    });
    const seen = asObject(await response.json());
    expect(seen).toMatchObject({ method: "POST", path: "/a/b?c=d", text: "words" });
    const headers = objectAt(seen, "headers") ?? {};
    expect(headers).toMatchObject({
      host: hosts["open"],
      cookie: "theirs=2",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": hosts["open"],
      "x-forwarded-proto": "http",
    });
    expect(Object.keys(headers)).not.toContain("x-hop");
    expect(Object.keys(headers)).not.toContain("x-real-ip");
    expect(response.headers.get("x-outer")).toBe("shown");
    expect(response.headers.get("x-inner")).toBeNull();
    expect(response.headers.getSetCookie()).toEqual(["mine=1; Path=/"]);
    expect((await ask("open", "/away")).headers.get("location")).toBe("https://elsewhere.test/");
    expect(await (await ask("open", "/zipped")).text()).toBe("squeezed");
  });

  test("takes large uploads as they come", async () => {
    const upload = "x".repeat(3 * 1024 * 1024);
    const response = await ask("open", "/upload", { method: "PUT", body: upload });
    expect(stringAt(asObject(await response.json()), "text")?.length).toBe(upload.length);
  });

  test("passes a stream on while it is written", async () => {
    const response = await ask("open", "/stream");
    const times: number[] = [];
    const texts: string[] = [];
    for await (const part of response.body ?? []) {
      times.push(performance.now());
      texts.push(new TextDecoder().decode(part));
    }
    expect(texts.join("")).toBe("data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\n");
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(50);
  });

  test("passes sockets on in both directions, with their protocol and their end", async () => {
    const socket = new WebSocket(`${poets.gateway.url.replace("http", "ws")}/socket`, {
      headers: { host: hosts["open"] ?? "" },
      protocols: ["chat.v1", "chat.v0"],
    });
    const messages: string[] = [];
    const ended = Promise.withResolvers<CloseEvent>();
    socket.addEventListener("message", ({ data }) => {
      messages.push(String(data));
      if (messages.length === 1) socket.send("hello");
      if (messages.length === 2) socket.send("leave");
    });
    socket.addEventListener("close", (event) => ended.resolve(event));
    socket.addEventListener("error", () => ended.reject(new Error("the socket failed")));
    const { code, reason } = await ended.promise;
    expect([messages, socket.protocol, code, reason]).toEqual([["welcome", "hello"], "chat.v1", 4001, "as asked"]);
    const refused = new WebSocket(`${poets.gateway.url.replace("http", "ws")}/socket`, {
      headers: { host: hosts["members"] ?? "" },
    });
    expect(
      await new Promise((resolve) => {
        refused.addEventListener("open", () => resolve("open"));
        refused.addEventListener("error", () => resolve("refused"));
      }),
    ).toBe("refused");
  });

  /** What a browser does that is sent to the console and back; gives the way in and what the agent's host has set. */
  async function handOver(name: string, person: SignedInPerson, path = "/chat?x=1") {
    const sent = await ask(name, path, { headers: html });
    const [browser = ""] = cookiesOf(sent);
    const asked = new URL(sent.headers.get("location") ?? "");
    const answered = await fetch(poets.gateway.url + asked.pathname + asked.search, {
      headers: { ...html, cookie: person.cookie },
      redirect: "manual",
    });
    return {
      sent,
      browser,
      asked,
      answered,
      way: new URL(answered.headers.get("location") ?? "http://nowhere"),
    };
  }
  const enter = (name: string, way: URL, cookie: string) =>
    ask(name, way.pathname + way.search, { headers: { ...html, cookie } });

  test("lets a member in by a code that works once, in the browser that asked", async () => {
    const { sent, browser, asked, way } = await handOver("members", poets.ada);
    expect(sent.status).toBe(302);
    expect(asked.origin + asked.pathname).toBe(
      `http://gateway.test/api/v1/front-door/${hosts["members"]?.split(".")[0]}`,
    );
    expect(way.host).toBe(hosts["members"] ?? "");
    expect(way.pathname).toBe("/.astrolabe/enter");
    expect((await enter("members", way, "")).status).toBe(403);
    const second = await handOver("members", poets.ada);
    expect((await enter("members", second.way, browser)).status).toBe(403);
    const third = await handOver("members", poets.ada);
    const entered = await enter("members", third.way, third.browser);
    expect([entered.status, entered.headers.get("location")]).toEqual([302, "/chat?x=1"]);
    const cookie = entered.headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain("Domain");
    const [pass = ""] = cookiesOf(entered);
    const inside = await ask("members", "/chat", { headers: { cookie: `${pass}; theirs=1` } });
    expect(objectAt(asObject(await inside.json()), "headers")).toMatchObject({ cookie: "theirs=1" });
    expect((await enter("members", third.way, third.browser)).status).toBe(403);
    expect((await ask("other", "/", { headers: { cookie: pass } })).status).toBe(401);
    expect((await ask("members", "/", { headers: { cookie: `${pass.slice(0, -2)}xx` } })).status).toBe(401);
  });

  test("a code for one agent opens no other", async () => {
    const { way, browser } = await handOver("members", poets.ada);
    expect((await enter("other", way, browser)).status).toBe(403);
  });

  test("strangers are told as little as of an agent that is not there, and the others to sign in", async () => {
    const stranger = await signUp(poets.gateway);
    const { answered } = await handOver("members", stranger);
    expect(answered.status).toBe(404);
    const nobody = await fetch(
      `${poets.gateway.url}/api/v1/front-door/${hosts["members"]?.split(".")[0]}?browser=${"a".repeat(43)}&path=/x`,
      {
        redirect: "manual",
      },
    );
    expect(nobody.headers.get("location")).toStartWith("http://gateway.test/sign-in?next=%2Fapi%2Fv1%2Ffront-door%2F");
    expect((await ask("members", "/data.json")).status).toBe(401);
    expect((await ask("nobody.agents.test", "/")).status).toBe(404);
    expect((await ask("closed", "/")).status).toBe(404);
  });

  test("nobody is sent to another server", async () => {
    for (const path of ["//evil.test/", "/\\evil.test", "https://evil.test", "/.astrolabe/enter?code=x"]) {
      const browser = Buffer.alloc(32).toString("base64url");
      const label = hosts["members"]?.split(".")[0];
      const asked = new URLSearchParams({ browser, path });
      const answered = await fetch(`${poets.gateway.url}/api/v1/front-door/${label}?${asked.toString()}`, {
        headers: { ...html, cookie: poets.ada.cookie },
        redirect: "manual",
      });
      expect(new URL(answered.headers.get("location") ?? "").host).toBe(hosts["members"] ?? "");
      const { query } = poets.gateway.wired.database;
      const codes = await query.selectFrom("door_codes").select("path").where("browser_hash", "=", browser).execute();
      expect(codes.every((code) => code.path === "/")).toBe(true);
    }
  });

  test("an access token enters nothing: what opens pages is a session", async () => {
    const { secret } = await makeAccessToken(poets.ada);
    const label = hosts["members"]?.split(".")[0];
    const answered = await fetch(`${poets.gateway.url}/api/v1/front-door/${label}?browser=${"a".repeat(43)}`, {
      headers: { authorization: `Bearer ${secret}` },
      redirect: "manual",
    });
    expect([answered.status, answered.headers.get("location")]).toEqual([403, null]);
  });

  test("whoever leaves the workspace, or signs out, is out", async () => {
    const member = await signUp(poets.gateway, { roles: { [poets.home]: "viewer" } });
    const { way, browser } = await handOver("members", member);
    const [pass = ""] = cookiesOf(await enter("members", way, browser));
    expect((await ask("members", "/", { headers: { cookie: pass } })).status).toBe(200);
    const { query } = poets.gateway.wired.database;
    await query.deleteFrom("members").where("user_id", "=", member.id).execute();
    const left = async () => {
      for (const giveUpAt = Date.now() + 15_000; Date.now() < giveUpAt; await Bun.sleep(200)) {
        if ((await ask("members", "/", { headers: { cookie: pass } })).status === 401) return true;
      }
      return false;
    };
    expect(await left()).toBe(true);
  }, 20_000);

  test("says what is the matter while there is nobody to answer", async () => {
    const id = await poets.deployed("napping", { interfaces: { adapters: ["web"] } });
    const host = `${stringAt(await poets.get(id), "namespace")}.agents.test`;
    await poets.act(id, "stop");
    await poets.until(id, "stopped");
    const page = await ask(host, "/", { headers: html });
    expect([page.status, page.headers.get("content-security-policy")]).toEqual([
      503,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(await page.text()).toContain("napping is paused");
    const json = await ask(host, "/api");
    expect([json.status, asObject(await json.json())]).toEqual([
      503,
      { error: { code: "agent_unavailable", message: expect.any(String) } },
    ]);
    await poets.act(id, "wakeup");
    await poets.until(id, "active");
    expect((await ask(host, "/")).status).toBe(200);
  });

  test("a stranger's request never reaches the agent, whatever it is called", async () => {
    const raw = (head: string) =>
      new Promise<string>((resolve) => {
        const { port } = new URL(poets.gateway.url);
        const socket = connect(Number(port), "127.0.0.1", () => socket.end(`${head}\r\nConnection: close\r\n\r\n`));
        let answer = "";
        socket.on("data", (data) => (answer += String(data)));
        socket.on("close", () => resolve(answer));
      });
    const members = hosts["members"] ?? "";
    for (const host of [members, members.toUpperCase(), `${members}.`, `${members}:80`]) {
      expect(await raw(`GET /data HTTP/1.1\r\nHost: ${host}`)).toMatch(/^HTTP\/1.1 401/);
    }
    expect(await raw("GET /health HTTP/1.1\r\nHost: agents.test")).toContain('"service":"gateway"');
    expect(await raw(`GET /health HTTP/1.1\r\nHost: x${members.replace(".agents", "agents")}`)).toContain(
      '"service":"gateway"',
    );
  });

  test("logs are read and followed as programs expect them", async () => {
    const talking: Program = async ({ write }) => {
      write('{"level":"warn","message":"careful"}');
      write("a plain line", "stderr");
      return { fetch: () => (write("INFO asked"), new Response("ok")) };
    };
    const talkers = await startDeployer({}, { mirror: talking });
    await talkers.register("b1", spec);
    const id = await talkers.deployed("talker", { interfaces: { adapters: ["web"] } });
    const at = `${talkers.gateway.url}/api/v1/deployments/${id}`;
    const listed: unknown = await (
      await fetch(`${at}/logs?workload=agent&container=&since=`, { headers: talkers.ada.headers })
    ).json();
    expect(
      (Array.isArray(listed) ? listed : []).filter(isObject).map(({ level, message }) => [level, message]),
    ).toEqual([
      ["WARN", '{"level":"warn","message":"careful"}'],
      ["ERROR", "a plain line"],
    ]);
    const leaving = new AbortController();
    const stream = await fetch(`${at}/logs/stream?workload=agent`, {
      headers: talkers.ada.headers,
      signal: leaving.signal,
    });
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    let text = "";
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const until = async (wanted: string) => {
      while (!text.includes(wanted)) text += (await reader?.read())?.value ?? "";
    };
    await until("a plain line");
    const host = `${stringAt(await talkers.get(id), "namespace")}.agents.test`;
    await fetch(talkers.gateway.url, { headers: { host } });
    await until("INFO asked");
    leaving.abort();
    const events = text.trim().split("\n\n");
    expect(events[0]).toBe('event: ready\ndata: {"workload":"agent"}');
    expect(events.some((event) => event.startsWith('event: status\ndata: {"status":"active"'))).toBe(true);
    const lines: JsonObject[] = events
      .filter((event) => event.startsWith("data: "))
      .map((event) => asObject(parseJson(event.slice(6))));
    expect(lines.map(({ message }) => message)).toEqual([
      '{"level":"warn","message":"careful"}',
      "a plain line",
      "INFO asked",
    ]);
    const missing = await fetch(`${at}/logs?workload=model-x`, { headers: talkers.ada.headers });
    expect(missing.status).toBe(404);
    expect(arrayAt(asObject(await missing.json()), "x")).toBeUndefined();
    await talkers.close();
  });
});
