// The session's cookie under http, https and a path, and links that are made for the public address whatever is asked for.

import { afterEach, describe, expect, test } from "bun:test";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { cookieOf, signUp } from "../support/people.ts";
import { visitor } from "../support/people-browsers.ts";

const password = "correct horse battery";
let gateway: TestGateway;
afterEach(() => gateway.close());

async function signInAt(publicUrl: string) {
  gateway = await startGateway({ ASTROLABE_PUBLIC_URL: publicUrl, ASTROLABE_SIGN_UP: "open" });
  const jar = visitor(gateway);
  const { status, headers } = await jar.post("/sign-up/email", { name: "Ada", email: "ada@example.com", password });
  const [cookie = ""] = headers.getSetCookie();
  return { jar, status, cookie };
}

describe("the session's cookie", () => {
  test("over https is bound to the host, to https, and out of reach of scripts and other sites", async () => {
    const { jar, status, cookie } = await signInAt("https://gateway.example.com");
    expect(status).toBe(200);
    expect(cookie).toStartWith("__Host-astrolabe.session_token=");
    const flags = cookie.split("; ").slice(1);
    expect(flags.toSorted()).toEqual(["HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Lax", "Secure"].toSorted());
    expect(await jar.me()).toMatchObject({ email: "ada@example.com" });
  });

  test("over http, for a server on this machine, is all of that but secure", async () => {
    const { jar, cookie } = await signInAt("http://127.0.0.1:8787");
    expect(cookie).toStartWith("astrolabe.session_token=");
    expect(cookie).not.toContain("Secure");
    expect(cookie).toContain("HttpOnly");
    expect(cookie).not.toContain("Domain");
    expect(await jar.me()).toBeDefined();
  });

  test("serves a public address with a path as well", async () => {
    const { jar } = await signInAt("https://example.com/gateway");
    expect(await jar.me()).toMatchObject({ email: "ada@example.com" });
    expect((await gateway.wired.control.ownerLink()) ?? "").toStartWith("https://example.com/gateway/claim?token=");
    const code = await jar.post("/device/code", { client_id: "ast" });
    expect(code.body["verification_uri"]).toBe("https://example.com/gateway/device");
  });

  test("is prolonged while it is used, and not before it is a day old", async () => {
    gateway = await startGateway();
    const { id } = await signUp(gateway);
    const cookie = await cookieOf(gateway, id);
    const { query } = gateway.wired.database;
    const refresh = () => fetch(`${gateway.url}/api/auth/get-session`, { headers: { cookie } });
    expect((await refresh()).headers.getSetCookie()).toEqual([]);
    const inFiveDays = Date.now() + 5 * 86_400_000;
    await query.updateTable("sessions").set({ expires_at: inFiveDays }).execute();
    expect((await refresh()).headers.getSetCookie().join()).toContain("Max-Age=604800");
    const { expires_at } = await query
      .selectFrom("sessions")
      .select("expires_at")
      .orderBy("expires_at", "desc")
      .executeTakeFirstOrThrow();
    expect(Number(expires_at)).toBeGreaterThan(inFiveDays + 86_400_000);
    await query
      .updateTable("sessions")
      .set({ expires_at: Date.now() - 1 })
      .execute();
    expect((await fetch(`${gateway.url}/api/me`, { headers: { cookie } })).status).toBe(401);
  });
});

test("the Host header decides nothing", async () => {
  gateway = await startGateway();
  const response = await fetch(`${gateway.url}/api/auth/device/code`, {
    method: "POST",
    headers: { host: "evil.example", "x-forwarded-host": "evil.example", "content-type": "application/json" },
    body: JSON.stringify({ client_id: "ast" }),
  });
  expect(await response.text()).not.toContain("evil.example");
});

test("a body that is too large is refused unread", async () => {
  gateway = await startGateway();
  const large = { email: "ada@example.com", password: "x".repeat(70_000) };
  expect((await visitor(gateway).post("/sign-in/email", large)).status).toBe(413);
});
