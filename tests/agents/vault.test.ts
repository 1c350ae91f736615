// The vault of an account over HTTP: secrets are written and never read, plain variables are both, and nothing of either
// stands in the audit log or, as text, in the database.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { arrayAt, isObject, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { reveal } from "../../server/agents/vault.ts";
import { asId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { forEachEngine } from "../support/engines.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp, type SignedInPerson } from "../support/people.ts";

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  let home: string;
  let ada: SignedInPerson;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
    home = stringAt((await gateway.operator.send("GET", "")).body, "id") ?? "";
    ada = await signUp(gateway, { roles: { [home]: "developer" } });
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  const path = (name = "") => `/api/v1/accounts/${home}/variables${name && `/${name}`}`;
  const set = async (variables: JsonObject[], more: JsonObject = {}) =>
    arrayAt((await ada.send("POST", path(), { variables, ...more })).body, "results");
  const vault = () => gateway.wired.control.services.agents.vault;

  test("shows a plain variable and no secret, and gives both to the account's deployments alone", async () => {
    expect(
      await set([
        { name: "API_KEY", value: "sk-very-secret-value", description: "of the provider" },
        { name: "REGION", value: "eu-central-1", secret: false },
      ]),
    ).toEqual([
      { name: "API_KEY", status: "created" },
      { name: "REGION", status: "created" },
    ]);
    const { body } = await ada.send("GET", path());
    expect(arrayAt(body, "variables")).toEqual([
      expect.objectContaining({ name: "API_KEY", secret: true, description: "of the provider", updated_by: ada.email }),
      expect.objectContaining({ name: "REGION", secret: false, value: "eu-central-1", used_by: [] }),
    ]);
    expect(JSON.stringify(body)).not.toContain("sk-very-secret-value");
    expect(JSON.stringify((await ada.send("GET", path("API_KEY"))).body)).not.toContain("sk-very");
    const workspaceId = asId<WorkspaceId>(home);
    const revealed = await reveal(vault(), workspaceId, ["API_KEY", "REGION", "MISSING"]);
    expect(Object.fromEntries(revealed)).toEqual({ API_KEY: "sk-very-secret-value", REGION: "eu-central-1" });
    expect((await reveal(vault(), asId<WorkspaceId>("ws_other"), ["API_KEY"])).size).toBe(0);
  });

  test("keeps what is there when asked to, and says so; else it is overwritten", async () => {
    await set([{ name: "TOKEN", value: "one", secret: false, description: "kept" }]);
    expect(await set([{ name: "TOKEN", value: "two", secret: false }], { overwrite: false })).toEqual([
      expect.objectContaining({ name: "TOKEN", status: "exists" }),
    ]);
    expect((await ada.send("GET", path("TOKEN"))).body).toMatchObject({ value: "one" });
    await set([{ name: "TOKEN", value: "two", secret: false }]);
    expect((await ada.send("GET", path("TOKEN"))).body).toMatchObject({ value: "two", description: "kept" });
  });

  test("says of each variable what is wrong with it, and writes the others", async () => {
    const results = await set([
      { name: "1BAD", value: "x" },
      { name: "EMPTY", value: "" },
      { name: "LONG", value: "x".repeat(32_769) },
      { name: "FINE", value: "x" },
    ]);
    expect((results ?? []).filter(isObject).map(({ name, status }) => [name, status])).toEqual([
      ["1BAD", "failed"],
      ["EMPTY", "failed"],
      ["LONG", "failed"],
      ["FINE", "created"],
    ]);
  });

  test("never makes a stored secret readable", async () => {
    await set([{ name: "HIDDEN", value: "never to be seen" }]);
    const refused = await ada.send("PUT", path("HIDDEN"), { secret: false });
    expect([refused.status, refused.body["error_code"]]).toEqual([400, "invalid_request"]);
    const changed = await ada.send("PUT", path("HIDDEN"), { secret: false, value: "to be seen" });
    expect(changed.body).toMatchObject({ secret: false, value: "to be seen" });
    const { records } = vault();
    const about = { by: "x", at: 1 };
    await set([{ name: "HIDDEN", value: "a secret again" }]);
    expect(await records.update(asId<WorkspaceId>(home), "HIDDEN", { ...about, secret: false })).toBe(false);
  });

  test("has an end, also for several who write together", async () => {
    const many = (from: number) =>
      Array.from({ length: 200 }, (_, index) => ({ name: `MANY_${from + index}`, value: "x", secret: false }));
    const results = (await Promise.all([set(many(0)), set(many(200)), set(many(400))])).flat();
    const { body } = await ada.send("GET", path());
    expect(arrayAt(body, "variables")?.length).toBe(500);
    expect(results.filter((one) => isObject(one) && one["status"] === "failed").length).toBeGreaterThan(99);
    expect((await ada.send("POST", path(), { variables: [...many(0), { name: "X", value: "x" }] })).status).toBe(400);
  });

  test("deletes, and knows nothing of it afterwards", async () => {
    expect((await ada.send("DELETE", path("REGION"))).body).toEqual({ name: "REGION", deleted: true, used_by: [] });
    for (const method of ["GET", "PUT", "DELETE"] as const) {
      const sent = method === "PUT" ? { value: "x" } : undefined;
      expect((await ada.send(method, path("REGION"), sent)).status).toBe(404);
    }
  });

  test("leaves no value in the audit log, nor in the database as text", async () => {
    const { body } = await gateway.operator.send("GET", "/audit-events?limit=200");
    const events = (arrayAt(body, "data") ?? []).filter(isObject);
    expect(events.map(({ action }) => action)).toContain("setVariables");
    expect(JSON.stringify(events)).not.toContain("sk-very-secret-value");
    const rows = await gateway.wired.database.query.selectFrom("account_variables").selectAll().execute();
    const text = rows.map((row) => Object.values(row).join(" ")).join(" ");
    expect(text).toContain("API_KEY");
    expect(text).not.toContain("very-secret");
    expect(text).not.toContain("to be seen");
  });

  test("opens nothing that was moved to another name", async () => {
    await set([{ name: "MANY_0", value: "plain text", secret: false }]);
    const { query } = gateway.wired.database;
    const from = await query
      .selectFrom("account_variables")
      .select("sealed")
      .where("name", "=", "API_KEY")
      .executeTakeFirstOrThrow();
    await query.updateTable("account_variables").set({ sealed: from.sealed }).where("name", "=", "MANY_0").execute();
    const { status, body } = await ada.send("GET", path("MANY_0"));
    expect([status, JSON.stringify(body).includes("very-secret")]).toEqual([500, false]);
    gateway.faults.length = 0;
  });
});
