// The registry over HTTP, as programs that push use it: builds, what is refused and why, who may read what, images of
// readmes, and an end to how many builds are kept.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { asId, type BlueprintId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { forEachEngine } from "../support/engines.ts";
import { asObject } from "../support/gateway.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";
import { signUp, type SignedInPerson } from "../support/people.ts";

const spec = "spec: blueprint/v1\nname: poet\nagent:\n  image: registry.example/acme/poet:b1\n";
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  let home: string;
  let slug: string;
  let ada: SignedInPerson;
  let stranger: SignedInPerson;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
    const workspace = (await gateway.operator.send("GET", "")).body;
    home = stringAt(workspace, "id") ?? "";
    slug = stringAt(workspace, "slug") ?? "";
    ada = await signUp(gateway, { roles: { [home]: "developer" } });
    stranger = await signUp(gateway);
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  const path = (rest = "") => `/api/v1/agents/${slug}${rest && `/${rest}`}`;
  const register = (name: string, body: JsonObject, person = ada) =>
    person.send("POST", path(`${name}/register`), { build_id: "b1", registry: "", spec_content: spec, ...body });
  const get = (rest: string, person = ada) => person.send("GET", path(rest));
  const buildsOf = async (name: string) =>
    (arrayAt((await get(`${name}/builds`)).body, "builds") ?? []).filter(isObject);

  test("takes a build, shows it as the newest, and gives its text back", async () => {
    const registered = await register("poet", {
      registry: "registry.example/acme",
      readme: "---\ndescription: writes\n---\n# Poet\n",
    });
    expect([registered.status, registered.body]).toEqual([
      201,
      expect.objectContaining({ account: slug, name: "poet", build_id: "b1", visibility: "private", hints: [] }),
    ]);
    const { body } = await get("poet");
    expect(body).toMatchObject({ account: slug, name: "poet", visibility: "private", metrics: { deploy_count: 0 } });
    expect(arrayAt(body, "versions")).toEqual([
      expect.objectContaining({ build_id: "b1", agent_card: { body: "# Poet" } }),
    ]);
    expect((await get("poet/builds/latest")).body).toMatchObject({ build_id: "b1", spec_content: spec });
    const listed = await ada.send("GET", path());
    expect(listed.body).toMatchObject({ count: 1 });
    expect((await ada.send("GET", `/api/v1/agents/${home}/poet`)).body).toEqual(body);
  });

  test("never changes a build", async () => {
    const again = await register("poet", { spec_content: `${spec}# changed\n` });
    expect([again.status, again.body["error_code"]]).toEqual([409, "conflict"]);
    const raced = await Promise.all(Array.from({ length: 4 }, () => register("raced", { build_id: "same" })));
    expect(raced.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  });

  test("says everything that is wrong with the text, with its places", async () => {
    const refused = await register("wrong", { spec_content: "spec: blueprint/v1\nname: Poet!\nagnet:\n  image: x\n" });
    expect([refused.status, refused.body["error_code"]]).toEqual([400, "invalid_blueprint"]);
    expect(stringAt(refused.body, "details")).toContain("astropods.yml:3:1");
    expect(arrayAt(objectAt(refused.body, "facts") ?? {}, "diagnostics")?.length).toBeGreaterThan(1);
    expect((await get("wrong")).status).toBe(404);
  });

  const refusals: readonly (readonly [string, string, string])[] = [
    ["a name with its account", "name: poet", 'name: "@acme/poet"'],
    [
      "something that is still to be built",
      "image: registry.example/acme/poet:b1",
      "build: { context: ., dockerfile: D }",
    ],
    [
      "a secret with a default",
      "agent:",
      "inputs: { KEY: { name: KEY, datatype: string, secret: true, default: x } }\nagent:",
    ],
  ];
  for (const [what, from, to] of refusals) {
    test(`refuses ${what}`, async () => {
      const refused = await register("refused", { spec_content: spec.replace(from, to) });
      expect([refused.status, refused.body["error_code"], refused.body["details"]]).toEqual([
        400,
        "invalid_blueprint",
        expect.stringMatching(/astropods\.yml:\d+:\d+: /),
      ]);
    });
  }

  test("keeps warnings with the build, and says them", async () => {
    const text = `${spec}  astro_ai_gateway: true\n`;
    const { body } = await register("warned", { spec_content: text });
    expect(arrayAt(body, "validation_warnings")).toEqual([
      expect.objectContaining({ severity: "warning", code: "gateway-boolean", line: 5 }),
    ]);
    expect(arrayAt(body, "hints")?.length).toBe(1);
    expect((await buildsOf("warned"))[0]).toMatchObject({
      validation_warnings: [expect.objectContaining({ code: "gateway-boolean" })],
    });
  });

  test("refuses names and ids that cannot be ones", async () => {
    for (const name of ["Poet", "-x", "x".repeat(64), encodeURIComponent("@acme/poet")]) {
      expect((await register(name, {})).status).toBe(400);
    }
    for (const build_id of ["", "a/b", "a b", "x".repeat(65)]) {
      expect((await register("poet", { build_id })).status).toBe(400);
    }
    expect((await register("poet", { build_id: "big", spec_content: "#".repeat(262_145) })).status).toBe(400);
  });

  test("names the account, the blueprint or the build that is missing", async () => {
    const code = async (url: string) => (await ada.send("GET", url)).body["error_code"];
    expect(await code("/api/v1/agents/no-such-account/poet")).toBe("account_not_found");
    expect(await code(path("nothing"))).toBe("blueprint_not_found");
    expect(await code(path("poet/builds/nothing"))).toBe("build_not_found");
    expect((await stranger.send("GET", "/api/v1/nothing")).body).toMatchObject({ error_code: "not_found" });
  });

  test("takes an empty blueprint once", async () => {
    const make = () => ada.send("POST", path(), { name: "empty", visibility: "public" });
    const [first, second] = [await make(), await make()];
    expect([first.status, second.status]).toEqual([201, 409]);
    expect((await get("empty/builds/latest")).body["error_code"]).toBe("build_not_found");
  });

  describe("what is private", () => {
    test("is for members alone; what is public is for everybody signed in, until it is archived", async () => {
      await register("shown", {});
      for (const rest of ["shown", "shown/builds", "shown/builds/b1"]) {
        expect((await get(rest, stranger)).body["error_code"]).toBe("blueprint_not_found");
      }
      expect((await stranger.send("GET", path())).body).toMatchObject({
        agents: [expect.objectContaining({ name: "empty" })],
      });
      const opened = await ada.send("PUT", path("shown/visibility"), { visibility: "public" });
      expect(opened.body).toMatchObject({ visibility: "public" });
      for (const rest of ["shown", "shown/builds", "shown/builds/b1"]) {
        expect((await get(rest, stranger)).status).toBe(200);
      }
      expect((await stranger.send("PATCH", path("shown"), { visibility: "private" })).status).toBe(404);
      expect((await ada.send("POST", path("shown/archive"))).body).toMatchObject({ archived_at: expect.any(String) });
      expect((await get("shown", stranger)).status).toBe(404);
      expect((await get("shown")).status).toBe(200);
      const names = async (query: string) =>
        (arrayAt((await ada.send("GET", path() + query)).body, "agents") ?? [])
          .filter(isObject)
          .map(({ name }) => name);
      expect(await names("")).not.toContain("shown");
      expect(await names("?archived=true")).toContain("shown");
    });

    test("comes back from the archive with the next push, as visible as it was", async () => {
      const { body } = await register("shown", { build_id: "b2" });
      expect(body).toMatchObject({ visibility: "public" });
      expect((await get("shown", stranger)).status).toBe(200);
    });
  });

  test("keeps a hundred builds and those that are deployed", async () => {
    const { query } = gateway.wired.database;
    await register("many", { build_id: "first" });
    const { blueprint_id } = await query
      .selectFrom("agent_builds")
      .select("blueprint_id")
      .where("build_id", "=", "first")
      .executeTakeFirstOrThrow();
    const older = Array.from({ length: 99 }, (_, index) => ({
      blueprint_id,
      build_id: `old-${index}`,
      spec_content: spec,
      readme: "",
      registry: "",
      warnings: "[]",
      published_at: 1_000 + index,
      published_by: "operator",
    }));
    await query.insertInto("agent_builds").values(older).execute();
    const at = { created_at: 1, updated_at: 1, status_since: 1, lease_until: 0 };
    const nothing = { status_reason: null, sealed_values: null, due_at: null, lease_by: null };
    await query
      .insertInto("deployments")
      .values({
        ...at,
        ...nothing,
        id: "dep_old",
        workspace_id: home,
        blueprint_id,
        blueprint_name: "many",
        display_name: "many",
        label: "many",
        status: "active",
        wish: "running",
        revision: 1,
        serving_revision: 1,
        running: 1,
        version: 1,
        tries: 0,
        created_by: "operator",
      })
      .execute();
    const times = { created_at: 1, started_at: 1, serving_from: 1, serving_to: null };
    await query
      .insertInto("deployment_revisions")
      .values({
        ...times,
        deployment_id: "dep_old",
        number: 1,
        build_id: "old-0",
        status: "active",
        reason: "deploy",
        from_revision: null,
        failure: null,
        sealed_template: "",
        vault_names: "[]",
        created_by: "operator",
      })
      .execute();
    const { body } = await register("many", { build_id: "new-1" });
    expect(arrayAt(body, "pruned_builds")).toEqual([]);
    const next = await register("many", { build_id: "new-2" });
    expect(arrayAt(next.body, "pruned_builds")).toEqual(["old-1"]);
    const kept = await buildsOf("many");
    expect(kept.map(({ build_id }) => build_id)).toContain("old-0");
    expect(kept.length).toBe(101);
    expect(kept[0]).toMatchObject({ build_id: "new-2", deployed: false });
    expect((await get("many")).body).toMatchObject({ metrics: { deploy_count: 1 } });
    // Deployed after it was chosen to go: what is deleted is looked at once more.
    const { records } = gateway.wired.control.services.agents.registry;
    await records.deleteBuilds(asId<BlueprintId>(blueprint_id), ["old-0", "old-2"]);
    const ids = (await buildsOf("many")).map(({ build_id }) => build_id);
    expect([ids.includes("old-0"), ids.includes("old-2")]).toEqual([true, false]);
    await records.archive(asId<BlueprintId>(blueprint_id), 1);
    const [archived] = await records.archived(asId<WorkspaceId>(home), 1);
    if (archived !== undefined) await records.purge(archived);
    expect((await get("many")).status).toBe(200);
  });

  test("keeps two hundred blueprints in use, and of archived ones what was archived last", async () => {
    const { query } = gateway.wired.database;
    const owner = await signUp(gateway);
    const account = (await owner.send("POST", "/api/v1/accounts", { name: `crowded-${engine.name.toLowerCase()}` }))
      .body;
    const workspace_id = stringAt(account, "id") ?? "";
    const make = (name: string) => owner.send("POST", `/api/v1/agents/${workspace_id}`, { name });
    const crowd = Array.from({ length: 400 }, (_, index) => ({
      id: `bp_${engine.name}_${index}`,
      workspace_id,
      name: `agent-${index}`,
      visibility: "private",
      created_at: 1,
      archived_at: index < 200 ? index + 1 : null,
    }));
    await query.insertInto("agent_blueprints").values(crowd).execute();
    const refused = await make("one-more");
    expect([refused.status, refused.body["error_code"]]).toEqual([409, "conflict"]);
    await owner.send("DELETE", `/api/v1/agents/${workspace_id}/agent-399`);
    expect((await make("one-more")).status).toBe(201);
    const left = await query
      .selectFrom("agent_blueprints")
      .select("name")
      .where("workspace_id", "=", workspace_id)
      .execute();
    const names = left.map(({ name }) => name);
    expect([names.length, names.includes("agent-0"), names.includes("agent-1")]).toEqual([400, false, true]);
  });

  describe("images of a readme", () => {
    const upload = async (files: readonly (readonly [string, Uint8Array<ArrayBuffer>])[], person = ada) => {
      const form = new FormData();
      for (const [name, content] of files) form.append(name, new File([content], "image"));
      const { "content-type": _, ...headers } = person.headers;
      const token = { authorization: `Bearer ${gateway.operator.token}` };
      const sent = { method: "POST", headers: person === ada ? token : headers, body: form };
      const response = await fetch(gateway.url + path("poet/readme-assets"), sent);
      return { status: response.status, body: asObject(await response.json()) };
    };

    test("are put into it by their addresses, and shown to whoever may read it", async () => {
      const { body } = await upload([["docs/one.png", png]]);
      const assets = objectAt(body, "assets") ?? {};
      const address = stringAt(assets, "docs/one.png") ?? "";
      await register("poet", {
        build_id: "with-image",
        readme: "![one](./docs/one.png) ![other](https://x.example/y.png) <img src='docs/one.png'>",
        readme_assets: { ...assets, "https://x.example/y.png": "https://evil.example/y.png" },
      });
      const shown = (await get("poet/builds/with-image")).body["readme"];
      expect(shown).toBe(`![one](${address}) ![other](https://x.example/y.png) <img src='${address}'>`);
      const url = address.replace("http://gateway.test", gateway.url);
      const image = await fetch(url, { headers: { cookie: ada.cookie } });
      expect([image.status, image.headers.get("content-type")]).toEqual([200, "image/png"]);
      expect(image.headers.get("content-security-policy")).toContain("sandbox");
      expect(new Uint8Array(await image.arrayBuffer())).toEqual(png);
      expect((await fetch(url, { headers: { cookie: stranger.cookie } })).status).toBe(404);
      expect((await fetch(url)).status).toBe(401);
    });

    test("go when newer ones take their place", async () => {
      const { readmeImages } = gateway.wired.control.services.agents;
      const workspaceId = asId<WorkspaceId>(home);
      const image = (name: string, hash: string) => ({
        workspaceId,
        name,
        hash,
        mediaType: "image/png",
        content: new Uint8Array(10),
      });
      const bounds = { perBlueprint: 2, perWorkspaceBytes: 45 };
      const kept = async (names: readonly string[]) =>
        (
          await Promise.all(names.map(async (each) => (await readmeImages.find(workspaceId, ...pair(each))) && each))
        ).filter((each) => each !== undefined);
      const pair = (each: string): [string, string] => [`tale-${each.charAt(0)}`, each];
      for (const [at, each] of ["a1", "a2", "b1", "b2", "a3", "a2"].entries()) {
        await readmeImages.store([image(...pair(each))], bounds, 1e13 + at);
      }
      expect(await kept(["a1", "a2", "a3", "b1", "b2"])).toEqual(["a2", "a3", "b1", "b2"]);
      await readmeImages.store([image("tale-c", "c1")], bounds, 2e13);
      expect(await kept(["a2", "a3", "b1", "b2"])).toEqual(["a2", "a3", "b2"]);
    });

    test("are images, and not too many", async () => {
      const page = new TextEncoder().encode("<!doctype html><script>alert(1)</script>");
      expect((await upload([["page.png", new Uint8Array(page)]])).status).toBe(400);
      const many = Array.from({ length: 21 }, (_, index) => [`${index}.png`, png] as const);
      expect((await upload(many)).status).toBe(400);
      expect((await upload([["big.png", new Uint8Array(11 * 1_048_576)]])).status).toBe(413);
      expect((await upload([["one.png", png]], stranger)).status).toBe(403);
    });
  });
});
