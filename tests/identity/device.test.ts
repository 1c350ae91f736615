// A program that a person lets in: RFC 8628, from the code on its screen to a bearer token on the control API.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, stringAt } from "../../server/contracts/json.ts";
import { forEachEngine } from "../support/engines.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { signUp } from "../support/people.ts";
import { behindProxy, visitor, type Visitor } from "../support/people-browsers.ts";

const grantType = "urn:ietf:params:oauth:grant-type:device_code";

forEachEngine((engine) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ ...behindProxy, ...(await engine.environment()) });
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  async function program() {
    const terminal = visitor(gateway);
    const { body } = await terminal.post("/device/code", { client_id: "ast", scope: "control" });
    const deviceCode = stringAt(body, "device_code") ?? "";
    return {
      body,
      userCode: stringAt(body, "user_code") ?? "",
      deviceCode,
      poll: (client_id = "ast") =>
        terminal.post("/device/token", { grant_type: grantType, device_code: deviceCode, client_id }),
      /** As if the interval were over. */
      wait: () => gateway.wired.database.query.updateTable("device_codes").set({ last_polled_at: 1 }).execute(),
    };
  }

  async function person(): Promise<Visitor> {
    const jar = visitor(gateway);
    const [name = "", value = ""] = (await signUp(gateway)).cookie.split("=");
    jar.cookies.set(name, value);
    return jar;
  }

  test("is let in by the person who enters its code, and acts as that person from then on", async () => {
    const { body, userCode, poll, wait } = await program();
    expect(body).toMatchObject({
      verification_uri: "http://gateway.test/device",
      verification_uri_complete: `http://gateway.test/device?user_code=${userCode}`,
      interval: 5,
      expires_in: 600,
    });
    expect((await poll()).body["error"]).toBe("authorization_pending");
    expect((await poll()).body["error"]).toBe("slow_down");
    await wait();
    const ada = await person();
    const shown = await ada.get(
      `/api/auth/device?user_code=${userCode.slice(0, 4)}-${userCode.slice(4).toLowerCase()}`,
    );
    expect(shown.body).toMatchObject({ status: "pending", client_id: "ast", scope: "control" });
    expect((await ada.post("/device/approve", { userCode })).status).toBe(200);
    const { status, body: granted, headers } = await poll();
    expect([status, granted["token_type"], headers.get("set-cookie")]).toEqual([200, "Bearer", null]);
    const token = stringAt(granted, "access_token") ?? "";
    const asked = (path: string, method = "GET", more: RequestInit = {}) =>
      fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${token}` }, ...more });
    expect(await (await asked("/api/me")).json()).toMatchObject({ email: (await ada.me())?.["email"] });
    await wait();
    expect((await poll()).body["error"]).toBe("invalid_grant");
    const sessions = (arrayAt((await ada.get("/api/me/sessions")).body, "data") ?? []).filter(isObject);
    const ended = sessions.find(({ current }) => current === false);
    await ada.send("DELETE", `/api/me/sessions/${stringAt(ended ?? {}, "id")}`);
    expect((await asked("/api/me")).status).toBe(401);
  });

  test("signs out by its token", async () => {
    const { userCode, poll } = await program();
    const ada = await person();
    await ada.get(`/api/auth/device?user_code=${userCode}`);
    await ada.post("/device/approve", { userCode });
    const token = stringAt((await poll()).body, "access_token") ?? "";
    const headers = { authorization: `Bearer ${token}` };
    const out = await fetch(`${gateway.url}/api/auth/sign-out`, { method: "POST", headers });
    expect(out.status).toBe(200);
    expect((await fetch(`${gateway.url}/api/me`, { headers })).status).toBe(401);
    expect(await ada.me()).toBeDefined();
  });

  test("is turned away by the person, and hears it once", async () => {
    const { userCode, poll, wait } = await program();
    const ada = await person();
    await ada.get(`/api/auth/device?user_code=${userCode}`);
    expect((await ada.post("/device/deny", { userCode })).status).toBe(200);
    expect((await poll()).body["error"]).toBe("access_denied");
    await wait();
    expect((await poll()).body["error"]).toBe("invalid_grant");
  });

  describe("a code", () => {
    test("is approved by whoever opened it, and by nobody else", async () => {
      const { userCode, poll } = await program();
      expect((await visitor(gateway).post("/device/approve", { userCode })).status).toBe(401);
      const [ada, eve] = [await person(), await person()];
      await ada.get(`/api/auth/device?user_code=${userCode}`);
      expect((await eve.post("/device/approve", { userCode })).status).toBe(403);
      expect((await poll()).body["error"]).toBe("authorization_pending");
    });

    test("ends, and belongs to one program", async () => {
      const first = await program();
      expect((await first.poll("astrolabe")).body["error"]).toBe("invalid_grant");
      await gateway.wired.database.query.updateTable("device_codes").set({ expires_at: 1 }).execute();
      expect((await first.poll()).body["error"]).toBe("expired_token");
      const stranger = await visitor(gateway).post("/device/code", { client_id: "somebody" });
      expect([stranger.status, stranger.body["error"]]).toEqual([400, "invalid_client"]);
    });

    test("is not to be read in the database", async () => {
      const { userCode, deviceCode } = await program();
      const rows = await gateway.wired.database.query.selectFrom("device_codes").selectAll().execute();
      const stored = JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
      expect([userCode.length, stored.includes(userCode), stored.includes(deviceCode)]).toEqual([8, false, false]);
    });
  });
});
