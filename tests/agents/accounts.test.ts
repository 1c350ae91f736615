// Accounts over HTTP, as a program that signs in reads them: the personal one, names that are free or not, and workspaces
// that never share a slug.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { arrayAt, isObject, stringAt } from "../../server/contracts/json.ts";
import { forEachEngine } from "../support/engines.ts";
import { asObject } from "../support/gateway.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp, type SignedInPerson } from "../support/people.ts";

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  let home: string;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
    home = stringAt((await gateway.operator.send("GET", "")).body, "id") ?? "";
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  const me = async (person: SignedInPerson) => (await person.send("GET", "/api/v1/me")).body;
  const accountsOf = async (person: SignedInPerson) => (arrayAt(await me(person), "accounts") ?? []).filter(isObject);
  const check = async (name: string) => {
    const response = await fetch(`${gateway.url}/api/v1/accounts/check/${name}`);
    return [response.status, asObject(await response.json())["available"]];
  };

  test("are made for somebody who has none, and named after them", async () => {
    const ada = await signUp(gateway, { name: "Ada Lovelace King" });
    expect(await me(ada)).toMatchObject({
      user: { id: ada.id, email: ada.email, first_name: "Ada", last_name: "Lovelace King" },
      session: { expires_at: expect.any(String) },
      accounts: [{ name: "ada-lovelace-kings-workspace", type: "personal", role: "owner", workos_org_id: "" }],
    });
    const second = await signUp(gateway, { name: "Ada Lovelace King" });
    expect((await accountsOf(second))[0]).toMatchObject({ name: "ada-lovelace-kings-workspace-2" });
  });

  test("are told apart: the first that a person owns is the personal one", async () => {
    const guest = await signUp(gateway, { roles: { [home]: "viewer" } });
    expect(await accountsOf(guest)).toEqual([expect.objectContaining({ id: home, type: "personal", role: "viewer" })]);
    const made = await guest.send("POST", "/api/v1/accounts", { name: "guest-house", type: "personal" });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ name: "guest-house", type: "personal", role: "owner", status: "active" }),
    ]);
    expect((await accountsOf(guest)).map(({ name, type }) => [name, type])).toEqual([
      ["guest-house", "personal"],
      ["default", "organization"],
    ]);
    expect((await guest.send("GET", "/api/v1/agents/guest-house")).body).toEqual({ agents: [], count: 0 });
  });

  test("have a name that nobody else has, also when several want it at once", async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => signUp(gateway)));
    const answers = await Promise.all(people.map((one) => one.send("POST", "/api/v1/accounts", { name: "wanted" })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ error_code: "conflict" });
    const names = await Promise.all(people.map((one) => one.send("POST", "/api/workspaces", { name: "Wanted!" })));
    const slugs = names.map(({ body }) => stringAt(body, "slug") ?? "");
    expect(slugs.toSorted()).toEqual(["wanted-2", "wanted-3", "wanted-4", "wanted-5"]);
  });

  test("say beforehand whether a name is free", async () => {
    expect(await check("wanted")).toEqual([200, false]);
    expect(await check("quite-free")).toEqual([200, true]);
    for (const name of ["x", "1st", "Upper", "a--b", "a-", "admin", "check", "x".repeat(40)]) {
      expect([name, await check(name)]).toEqual([name, [200, false]]);
    }
    const ada = await signUp(gateway);
    for (const name of ["x", "admin", "Upper"]) {
      expect((await ada.send("POST", "/api/v1/accounts", { name })).status).toBe(400);
    }
  });

  test("get another name from their admins, which counts at once", async () => {
    const ada = await signUp(gateway);
    const { id } = asObject((await ada.send("POST", "/api/workspaces", { name: "Renamed" })).body);
    const rename = (slug: string) => ada.send("PATCH", `/api/workspaces/${String(id)}`, { slug });
    expect((await rename("wanted")).status).toBe(409);
    expect((await rename("Not a slug")).status).toBe(400);
    expect((await rename("brand-new")).body).toMatchObject({ slug: "brand-new", name: "Renamed" });
    expect((await rename("brand-new")).status).toBe(200);
    expect((await ada.send("GET", "/api/v1/agents/brand-new")).status).toBe(200);
    expect((await ada.send("GET", "/api/v1/agents/renamed")).body).toMatchObject({ error_code: "account_not_found" });
  });

  test("are nobody's business but their members'", async () => {
    const ada = await signUp(gateway);
    const there = await ada.send("GET", "/api/v1/accounts/default/variables");
    const nowhere = await ada.send("GET", "/api/v1/accounts/no-such-one/variables");
    expect([there.status, there.body["error_code"], there.body["hint"]]).toEqual([
      nowhere.status,
      nowhere.body["error_code"],
      nowhere.body["hint"],
    ]);
    expect(String(there.body["error"]).replace("default", "no-such-one")).toBe(String(nowhere.body["error"]));
    const signedOut = await fetch(`${gateway.url}/api/v1/me`);
    expect([signedOut.status, asObject(await signedOut.json())["error_code"]]).toEqual([401, "unauthorized"]);
    const wrongMethod = await fetch(`${gateway.url}/api/v1/me`, { method: "DELETE" });
    expect([wrongMethod.status, asObject(await wrongMethod.json())["error_code"]]).toEqual([405, "method_not_allowed"]);
  });
});
