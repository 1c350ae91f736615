// Members and invitations as people meet them, on a real database of each engine.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { openTestControlPlane, type TestControlPlane, type TestPerson } from "../../control-plane.test-kit.ts";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../contracts/json.ts";
import { createWorkspace } from "../../workspaces/manage-workspaces.ts";

forEachEngine((engine) => {
  let plane: TestControlPlane;
  let workspace: string;
  let home: string;
  let owner: TestPerson;
  let admin: TestPerson;

  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
    workspace = (await createWorkspace(plane.services.workspaces, "Acme")).id;
    home = `/api/workspaces/${workspace}`;
    owner = await plane.signIn({ workspace, role: "owner", name: "Olga" });
    admin = await plane.signIn({ workspace, role: "admin" });
  });
  afterEach(() => plane.close());

  const listOf = (body: JsonObject) => (arrayAt(body, "data") ?? []).filter((item) => isObject(item));
  const codeOf = (body: JsonObject) => stringAt(objectAt(body, "error") ?? {}, "code");
  const memberPath = ({ user }: TestPerson) => `${home}/members/${user.id}`;
  const roles = async () =>
    Object.fromEntries(
      listOf((await owner.send("GET", `${home}/members`)).body).map((member) => [member["id"], member["role"]]),
    );

  describe("members", () => {
    test("are listed page by page and change role at once", async () => {
      const viewer = await plane.signIn({ workspace, role: "viewer" });
      const changed = await admin.send("PATCH", memberPath(viewer), { role: "developer" });
      expect(changed.body).toMatchObject({ object: "member", id: viewer.user.id, role: "developer" });
      expect((await viewer.send("POST", `${home}/keys`, { name: "ci" })).status).toBe(201);
      const first = (await owner.send("GET", `${home}/members?limit=2`)).body;
      const second = (await owner.send("GET", `${home}/members?limit=2&cursor=${first["next_cursor"]}`)).body;
      expect([...listOf(first), ...listOf(second)].map(({ role }) => role).sort()).toEqual([
        "admin",
        "developer",
        "owner",
      ]);
    });

    test("become owners, and stop being it, only by owners", async () => {
      const viewer = await plane.signIn({ workspace, role: "viewer" });
      const asAdmin = [
        await admin.send("PATCH", memberPath(viewer), { role: "owner" }),
        await admin.send("PATCH", memberPath(admin), { role: "owner" }),
        await admin.send("PATCH", memberPath(owner), { role: "viewer" }),
        await admin.send("DELETE", memberPath(owner)),
        await admin.send("POST", `${home}/invitations`, { email: "boss@example.com", role: "owner" }),
      ];
      expect(asAdmin.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
      expect((await owner.send("PATCH", memberPath(admin), { role: "owner" })).status).toBe(200);
      expect((await owner.send("PATCH", memberPath(owner), { role: "viewer" })).status).toBe(200);
      expect(await roles()).toEqual({
        [owner.user.id]: "viewer",
        [admin.user.id]: "owner",
        [viewer.user.id]: "viewer",
      });
    });

    test("always include an owner, however many leave at once", async () => {
      expect(codeOf((await owner.send("DELETE", memberPath(owner))).body)).toBe("conflict");
      expect(codeOf((await owner.send("PATCH", memberPath(owner), { role: "admin" })).body)).toBe("conflict");
      expect(codeOf((await owner.send("POST", `${home}/leave`)).body)).toBe("conflict");
      const second = await plane.signIn({ workspace, role: "owner" });
      const left = await Promise.all([owner, second].map((person) => person.send("POST", `${home}/leave`)));
      expect(left.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    test("who are removed or leave get in no more", async () => {
      const viewer = await plane.signIn({ workspace, role: "viewer" });
      expect((await admin.send("DELETE", memberPath(viewer))).body).toMatchObject({
        id: viewer.user.id,
        removed: true,
      });
      expect((await viewer.send("GET", home)).status).toBe(404);
      expect((await admin.send("DELETE", memberPath(viewer))).status).toBe(404);
      expect((await admin.send("POST", `${home}/leave`)).status).toBe(200);
      expect((await admin.send("GET", home)).status).toBe(404);
    });
  });

  describe("an invitation", () => {
    const tokenOf = (body: JsonObject) => new URL(stringAt(body, "link") ?? "").searchParams.get("token") ?? "";
    const preview = (token: string) =>
      plane.app.request("/api/invitations/preview", { method: "POST", body: JSON.stringify({ token }) });
    const inviteOne = async (email = "New@Example.com", role = "developer") => {
      const { status, body } = await owner.send("POST", `${home}/invitations`, { email, role });
      expect(status).toBe(201);
      return { body, token: tokenOf(body) };
    };

    test("lets the invited address in, once, with the role it names", async () => {
      const { body, token } = await inviteOne();
      expect(body).toMatchObject({ email: "new@example.com", status: "open", mailed: true });
      expect(stringAt(body, "link")).toStartWith("http://gateway.test/invitation?token=");
      const guest = await plane.signIn({ email: "new@example.com" });
      const accepted = await guest.send("POST", "/api/invitations/accept", { token });
      expect(accepted.body).toEqual({
        object: "membership",
        workspace_id: workspace,
        workspace_name: "Acme",
        role: "developer",
      });
      expect((await guest.send("POST", `${home}/keys`, { name: "ci" })).status).toBe(201);
      expect((await guest.send("POST", "/api/invitations/accept", { token })).status).toBe(404);
      expect(listOf((await owner.send("GET", `${home}/invitations`)).body)).toEqual([]);
    });

    test("is accepted by one of two who try at once", async () => {
      const { token } = await inviteOne();
      const guest = await plane.signIn({ email: "new@example.com" });
      const tries = await Promise.all([1, 2].map(() => guest.send("POST", "/api/invitations/accept", { token })));
      expect(tries.map(({ status }) => status).sort()).toEqual([200, 404]);
    });

    test("is mailed with its link", async () => {
      const { body } = await inviteOne();
      expect(plane.mails).toMatchObject([{ to: "new@example.com", action: { url: stringAt(body, "link") } }]);
      expect(plane.mails[0]?.paragraphs.join(" ")).toContain("Olga");
    });

    test("shows whoever holds it the workspace's and the inviter's name, and no more", async () => {
      const { token, body } = await inviteOne();
      const shown = await preview(token);
      expect(await shown.json()).toEqual({
        object: "invitation_preview",
        workspace_name: "Acme",
        inviter_name: "Olga",
        expires_at: stringAt(body, "expires_at") ?? "",
      });
      expect((await preview(`${token}x`)).status).toBe(404);
    });

    test("is for its address alone", async () => {
      const { token } = await inviteOne();
      const other = await plane.signIn({ email: "other@example.com" });
      const refused = await other.send("POST", "/api/invitations/accept", { token });
      expect([refused.status, JSON.stringify(refused.body).includes("new@")]).toEqual([403, false]);
      expect((await other.send("GET", home)).status).toBe(404);
    });

    test("ends after seven days, when it is revoked, and when a new link is made", async () => {
      const first = await inviteOne("a@example.com");
      const resent = await owner.send("POST", `${home}/invitations/${first.body["id"]}/resend`);
      expect((await preview(first.token)).status).toBe(404);
      expect((await preview(tokenOf(resent.body))).status).toBe(200);
      expect((await owner.send("DELETE", `${home}/invitations/${first.body["id"]}`)).status).toBe(200);
      expect((await preview(tokenOf(resent.body))).status).toBe(404);
      const second = await inviteOne("b@example.com");
      plane.clock.now += 7 * 86_400_000;
      expect((await preview(second.token)).status).toBe(404);
      expect(listOf((await owner.send("GET", `${home}/invitations`)).body)).toMatchObject([
        { email: "b@example.com", status: "expired" },
      ]);
    });

    test("to be an owner is out of an admin's reach", async () => {
      const { body } = await inviteOne("boss@example.com", "owner");
      const path = `${home}/invitations/${body["id"]}`;
      expect((await admin.send("POST", `${path}/resend`)).status).toBe(403);
      expect((await admin.send("DELETE", path)).status).toBe(403);
    });

    test("is refused for members, and twice for one address", async () => {
      const again = await owner.send("POST", `${home}/invitations`, { email: admin.user.email, role: "viewer" });
      expect([again.status, codeOf(again.body)]).toEqual([409, "conflict"]);
      await inviteOne();
      expect(
        (await owner.send("POST", `${home}/invitations`, { email: "new@example.com", role: "viewer" })).status,
      ).toBe(409);
    });

    test("is stored as a hash, and no secret of it stands in the audit log", async () => {
      const { token } = await inviteOne();
      const guest = await plane.signIn({ email: "new@example.com" });
      await guest.send("POST", "/api/invitations/accept", { token });
      const { query } = plane.database;
      const stored = [
        await query.selectFrom("invitations").selectAll().execute(),
        await query.selectFrom("audit_events").selectAll().execute(),
      ];
      const text = JSON.stringify(stored, (_name, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      );
      expect(text).not.toContain(token);
      expect(text).toContain("acceptInvitation");
    });
  });

  describe("a workspace of one's own", () => {
    test("is made at the first look, once, and named after the person", async () => {
      const person = await plane.signIn({ name: "Ada" });
      const looks = await Promise.all([1, 2, 3].map(() => person.send("GET", "/api/me")));
      expect(looks.map(({ status }) => status)).toEqual([200, 200, 200]);
      const own = listOf((await person.send("GET", "/api/workspaces")).body);
      expect(own).toMatchObject([{ name: "Ada's workspace", status: "active" }]);
      const me = (await person.send("GET", "/api/me")).body;
      expect(me["workspaces"]).toMatchObject([{ id: own[0]?.["id"] ?? "", role: "owner" }]);
    });

    test("is not made while an invitation waits, nor where operators make them", async () => {
      await owner.send("POST", `${home}/invitations`, { email: "guest@example.com", role: "viewer" });
      const guest = await plane.signIn({ email: "guest@example.com" });
      expect((await guest.send("GET", "/api/me")).body["workspaces"]).toEqual([]);
      const operator = await plane.signIn({ isOperator: true });
      await operator.send("PATCH", "/api/operator/settings", { workspace_creation: "operators" });
      const person = await plane.signIn();
      expect((await person.send("GET", "/api/me")).body["workspaces"]).toEqual([]);
      expect((await person.send("POST", "/api/workspaces", { name: "Mine" })).status).toBe(403);
      expect((await operator.send("POST", "/api/workspaces", { name: "Ours" })).status).toBe(201);
    });

    test("is made by anybody who is signed in, who then owns it", async () => {
      const person = await plane.signIn();
      const made = await person.send("POST", "/api/workspaces", { name: "Second" });
      expect([made.status, made.body["status"]]).toEqual([201, "active"]);
      const path = `/api/workspaces/${made.body["id"]}`;
      expect((await person.send("PATCH", path, { name: "Renamed" })).status).toBe(200);
      expect((await person.send("POST", `${path}/archive`)).body).toMatchObject({
        status: "suspended",
        status_reason: "Archived by an owner.",
      });
    });
  });
});
