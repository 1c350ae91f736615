// What a person learns about themselves, their sessions, and how long each session lasts.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, stringAt } from "../../contracts/json.ts";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { startOperatedGateway, type OperatedGateway } from "../../../tests/support/operator.ts";
import { cookieOf, signUp } from "../../../tests/support/people.ts";

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  let workspace: string;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
    const [first] = (arrayAt((await gateway.operator.send("GET", "/api/workspaces")).body, "data") ?? []).filter(
      isObject,
    );
    workspace = stringAt(first ?? {}, "id") ?? "";
  });
  afterAll(() => gateway.close());

  describe("a person who is signed in", () => {
    test("sees who they are and which workspaces they are in, with their role", async () => {
      const ada = await signUp(gateway, { name: "Ada", roles: { [workspace]: "developer" } });
      const { status, body } = await ada.send("GET", "/api/me");
      expect([status, body]).toMatchObject([
        200,
        {
          id: ada.id,
          email: ada.email,
          name: "Ada",
          is_operator: false,
          has_password: false,
          two_factor_enabled: false,
          workspaces: [{ id: workspace, name: "Default", status: "active", role: "developer" }],
        },
      ]);
    });

    test("ends one session or all others, which counts at once; the tokens are shown to nobody", async () => {
      const ada = await signUp(gateway);
      const other = await cookieOf(gateway, ada.id);
      const third = await cookieOf(gateway, ada.id);
      const isIn = async (cookie: string) =>
        (await fetch(`${gateway.url}/api/me`, { headers: { cookie } })).status === 200;
      const { body } = await ada.send("GET", "/api/me/sessions");
      const sessions = (arrayAt(body, "data") ?? []).filter(isObject);
      expect(sessions.map(({ current }) => current).filter(Boolean)).toEqual([true]);
      expect(sessions.length).toBe(3);
      for (const cookie of [ada.cookie, other, third]) {
        expect(JSON.stringify(body)).not.toContain(decodeURIComponent(cookie).split("=")[1]?.split(".")[0] ?? "?");
      }
      expect([await isIn(other), await isIn(third)]).toEqual([true, true]);
      const oldest = sessions.filter(({ current }) => current === false).at(0);
      expect((await ada.send("DELETE", `/api/me/sessions/${stringAt(oldest ?? {}, "id")}`)).status).toBe(200);
      expect([await isIn(other), await isIn(third)].filter(Boolean).length).toBe(1);
      expect((await ada.send("DELETE", "/api/me/sessions")).body).toEqual({ object: "ended_sessions", ended: 1 });
      expect([await isIn(other), await isIn(third), await isIn(ada.cookie)]).toEqual([false, false, true]);
    });

    test("cannot end the session of someone else", async () => {
      const [ada, eve] = [await signUp(gateway), await signUp(gateway)];
      const id = stringAt((await ada.send("GET", "/api/me")).body, "session_id");
      expect((await eve.send("DELETE", `/api/me/sessions/${id}`)).status).toBe(404);
      expect((await ada.send("GET", "/api/me")).status).toBe(200);
    });

    test("is not there for a cookie whose signature is wrong, or with a made-up bearer token", async () => {
      const ada = await signUp(gateway);
      const forged = ada.cookie.replace(/.{8}$/, "AAAAAA%3D");
      const asked = (headers: Record<string, string>) => fetch(`${gateway.url}/api/me`, { headers });
      expect((await asked({ cookie: forged })).status).toBe(401);
      expect((await asked({ cookie: ada.cookie, authorization: "Bearer nonsense" })).status).toBe(401);
    });
  });

  test("no row of the database opens a session", async () => {
    const ada = await signUp(gateway);
    const rows = await gateway.wired.database.query.selectFrom("sessions").selectAll().execute();
    const token = decodeURIComponent(ada.cookie).split("=")[1]?.split(".")[0] ?? "?";
    expect(
      JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
    ).not.toContain(token);
    const stored = rows.find((row) => row.user_id === ada.id)?.token ?? "";
    const response = await fetch(`${gateway.url}/api/me`, { headers: { authorization: `Bearer ${stored}` } });
    expect(response.status).toBe(401);
  });

  test("strangers learn the ways of signing in and nothing else", async () => {
    const ways = await (await fetch(`${gateway.url}/api/auth-methods`)).json();
    expect(ways).toEqual({
      object: "auth_methods",
      password: true,
      sign_up: "invited",
      magic_link: false,
      password_reset: false,
      passkey: false,
      providers: [],
      claimed: false,
    });
    expect((await fetch(`${gateway.url}/api/me`)).status).toBe(401);
  });
});
