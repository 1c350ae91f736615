// Access review from the first look to the decision, on a real database of each engine.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { openTestControlPlane, type TestControlPlane, type TestPerson } from "../../control-plane.test-kit.ts";
import { arrayAt, isObject, stringAt, type JsonObject } from "../../contracts/json.ts";

const answers = { name: "Ada", company: "Analytical", use: "Notes", expected_monthly_volume: "1M tokens" };

forEachEngine((engine) => {
  let plane: TestControlPlane;
  let operator: TestPerson;
  let person: TestPerson;
  let home: string;

  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
    operator = await plane.signIn({ isOperator: true, email: "operator@example.com" });
    await operator.send("PATCH", "/api/operator/settings", { access_review: true });
    person = await plane.signIn({ email: "ada@example.com" });
    const made = await person.send("POST", "/api/workspaces", { name: "Ada's" });
    expect(made.body["status"]).toBe("access_pending");
    home = `/api/workspaces/${made.body["id"]}`;
  });
  afterEach(() => plane.close());

  const listOf = (body: JsonObject) => (arrayAt(body, "data") ?? []).filter((item) => isObject(item));
  const pending = async () => listOf((await operator.send("GET", "/api/operator/access-requests?status=pending")).body);
  const ask = async () => stringAt((await person.send("POST", `${home}/access`, answers)).body, "id") ?? "";
  const keyStatus = async () => {
    const created = await person.send("POST", `${home}/keys`, { name: "ci" });
    return (await plane.keys.authenticate(stringAt(created.body, "secret") ?? ""))?.workspace.status;
  };

  describe("access review", () => {
    test("opens a workspace by an operator's approval, and tells both sides", async () => {
      expect((await person.send("GET", `${home}/access`)).body).toMatchObject({ pending: true, request: null });
      const id = await ask();
      expect(await pending()).toMatchObject([{ id, ...answers, email: "ada@example.com", status: "pending" }]);
      expect(plane.mails).toMatchObject([{ to: "operator@example.com" }]);
      expect(await keyStatus()).toBe("access_pending");
      const path = `/api/operator/access-requests/${id}/approve`;
      expect((await operator.send("POST", path, { note: "Welcome." })).body).toMatchObject({
        status: "approved",
        note: "Welcome.",
      });
      expect(await keyStatus()).toBe("active");
      expect((await person.send("GET", home)).body["status"]).toBe("active");
      expect(plane.mails[1]).toMatchObject({ to: "ada@example.com", paragraphs: [expect.anything(), "Welcome."] });
      expect(listOf((await person.send("GET", `${home}/events`)).body)).toMatchObject([
        { type: "access.approved", data: { request_id: id, note: "Welcome." } },
        { type: "access.requested", data: { request_id: id } },
      ]);
    });

    test("declines with a note, after which another request can be sent", async () => {
      const id = await ask();
      await operator.send("POST", `/api/operator/access-requests/${id}/decline`, { note: "Say more." });
      expect((await person.send("GET", `${home}/access`)).body).toMatchObject({
        pending: true,
        request: { status: "declined", note: "Say more." },
      });
      expect(await pending()).toEqual([]);
      const second = await ask();
      expect(await pending()).toMatchObject([{ id: second }]);
    });

    test("takes one request at a time and decides it once", async () => {
      const id = await ask();
      expect((await person.send("POST", `${home}/access`, answers)).status).toBe(409);
      const path = `/api/operator/access-requests/${id}`;
      const decisions = await Promise.all([
        operator.send("POST", `${path}/approve`),
        operator.send("POST", `${path}/decline`),
      ]);
      expect(decisions.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    test("is asked of nobody whose workspace is open", async () => {
      await operator.send("POST", `/api/operator/access-requests/${await ask()}/approve`);
      expect((await person.send("POST", `${home}/access`, answers)).status).toBe(409);
    });

    test("does not open a workspace that was suspended meanwhile", async () => {
      const id = await ask();
      await operator.send("POST", `${home.replace("/api/", "/api/operator/")}/suspend`, { reason: "Fraud" });
      await operator.send("POST", `/api/operator/access-requests/${id}/approve`);
      expect((await person.send("GET", home)).body).toMatchObject({ status: "suspended", status_reason: "Fraud" });
    });

    test("leaves operators' own workspaces open", async () => {
      expect((await operator.send("POST", "/api/workspaces", { name: "Ours" })).body["status"]).toBe("active");
    });
  });
});
