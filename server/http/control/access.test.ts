// Who gets through the control API's door, and with what.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openTestControlPlane, type TestControlPlane } from "../../control-plane.test-kit.ts";
import { objectAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import { createWorkspace } from "../../workspaces/manage-workspaces.ts";

let plane: TestControlPlane;
let mine: string;
let other: string;

beforeEach(async () => {
  plane = await openTestControlPlane();
  mine = (await createWorkspace(plane.services.workspaces, "Mine")).id;
  other = (await createWorkspace(plane.services.workspaces, "Other")).id;
});
afterEach(() => plane.close());

const errorOf = (body: JsonObject) => objectAt(body, "error") ?? {};

describe("a person who is signed in", () => {
  test("does what their role allows, and hears which role the rest needs", async () => {
    const developer = await plane.signIn({ workspace: mine, role: "developer" });
    expect((await developer.send("POST", `/api/workspaces/${mine}/keys`, { name: "ci" })).status).toBe(201);
    const refused = await developer.send("PATCH", `/api/workspaces/${mine}`, { name: "x" });
    expect([refused.status, errorOf(refused.body)]).toMatchObject([
      403,
      { code: "forbidden", details: { role: "developer", roles: ["owner", "admin"] } },
    ]);
    expect(stringAt(errorOf(refused.body), "message")).toContain("owner, admin");
  });

  test("cannot tell a workspace that is not theirs from one that does not exist", async () => {
    const owner = await plane.signIn({ workspace: mine, role: "owner" });
    const strange = await owner.send("GET", `/api/workspaces/${other}`);
    const missing = await owner.send("GET", "/api/workspaces/ws_none");
    expect([strange.status, missing.status]).toEqual([404, 404]);
    const words = ({ body }: { body: JsonObject }) => stringAt(errorOf(body), "message")?.replace(/ws_\w+/, "ws");
    expect(words(strange)).toBe(words(missing) ?? "");
  });

  test("sees the workspaces that they are a member of; an operator sees all", async () => {
    const owner = await plane.signIn({ workspace: mine, role: "owner" });
    const operator = await plane.signIn({ isOperator: true });
    expect((await owner.send("GET", "/api/workspaces")).body["data"]).toMatchObject([{ id: mine }]);
    expect((await operator.send("GET", "/api/workspaces")).body["data"]).toMatchObject([{ id: other }, { id: mine }]);
  });

  test("does not change a workspace's status, unless they are an operator", async () => {
    const owner = await plane.signIn({ workspace: mine, role: "owner" });
    const operator = await plane.signIn({ isOperator: true });
    expect((await owner.send("PATCH", `/api/workspaces/${mine}`, { status: "suspended" })).status).toBe(403);
    expect((await operator.send("PATCH", `/api/workspaces/${mine}`, { status: "suspended" })).status).toBe(200);
  });

  test("loses access with the membership, at once", async () => {
    const viewer = await plane.signIn({ workspace: mine, role: "viewer" });
    expect((await viewer.send("GET", `/api/workspaces/${mine}`)).status).toBe(200);
    await plane.database.query.deleteFrom("members").where("user_id", "=", viewer.user.id).execute();
    expect((await viewer.send("GET", `/api/workspaces/${mine}`)).status).toBe(404);
  });

  test("is refused before the body is read", async () => {
    const viewer = await plane.signIn({ workspace: mine, role: "viewer" });
    const path = `/api/workspaces/${mine}/keys`;
    const refused = await plane.app.request(path, { method: "POST", headers: viewer.headers, body: "{" });
    expect(refused.status).toBe(403);
  });
});

describe("a cookie", () => {
  const changing = (headers: Record<string, string>, body?: string) =>
    plane.app.request(`/api/workspaces/${mine}`, { method: "PATCH", headers, ...(body === undefined ? {} : { body }) });

  test("changes something only from the server's own pages", async () => {
    const { headers } = await plane.signIn({ workspace: mine, role: "owner" });
    const { cookie = "" } = headers;
    const json = { cookie, "content-type": "application/json" };
    const body = '{"name":"x"}';
    const proofs = [
      { "sec-fetch-site": "same-origin" },
      { origin: "http://gateway.test" },
      { origin: "http://localhost:8787", host: "localhost:8787" },
    ];
    for (const proof of proofs)
      expect([proof, (await changing({ ...json, ...proof }, body)).status]).toEqual([proof, 200]);
    const others = [
      {},
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: "http://gateway.test" },
      { "sec-fetch-site": "none" },
      { origin: "https://evil.example", host: "gateway.test" },
      { origin: "http://gateway.test.evil.example" },
      { origin: "null" },
    ];
    for (const origin of others) {
      const refused = await changing({ ...json, ...origin }, body);
      expect([origin, refused.status]).toEqual([origin, 403]);
    }
  });

  test("changes something only with JSON, which forms cannot send", async () => {
    const { headers } = await plane.signIn({ workspace: mine, role: "owner" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
      expect((await changing({ ...headers, "content-type": type }, '{"name":"x"}')).status).toBe(403);
    }
  });

  test("reads from anywhere that the browser lets read", async () => {
    const { headers } = await plane.signIn({ workspace: mine, role: "viewer" });
    const read = await plane.app.request(`/api/workspaces/${mine}`, { headers: { cookie: headers["cookie"] ?? "" } });
    expect(read.status).toBe(200);
  });
});

test("a bearer session needs no proof of origin: no browser sends it by itself", async () => {
  const program = await plane.signIn({ workspace: mine, role: "owner", via: "bearer" });
  expect((await program.send("PATCH", `/api/workspaces/${mine}`, { name: "x" })).status).toBe(200);
});
