// What the control API says about policies and versions, who may change them, and what happens to those who change them
// at the same time; on a real database of each engine.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { forEachEngine } from "../../../tests/support/engines.ts";
import { arrayAt, isObject, objectAt, stringAt, type Json, type JsonObject } from "../../contracts/json.ts";
import { openTestControlPlane, type TestControlPlane } from "../../control-plane.test-kit.ts";
import { memberRoles, type MemberRole } from "../../workspaces/workspace.ts";
import { createWorkspace } from "../../workspaces/manage-workspaces.ts";

forEachEngine((engine) => {
  let plane: TestControlPlane;
  let home: string;
  let workspace: string;
  beforeEach(async () => {
    plane = await openTestControlPlane(await engine.environment());
    workspace = (await createWorkspace(plane.services.workspaces, "Acme")).id;
    home = `/api/workspaces/${workspace}`;
  });
  afterEach(() => plane.close());

  type Send = (method: string, path: string, body?: JsonObject) => Promise<{ status: number; body: JsonObject }>;

  async function as(role: MemberRole): Promise<Send & { email: string }> {
    const person = await plane.signIn({ workspace, role });
    const send: Send = (method, path, body) => person.send(method, home + path, body);
    return Object.assign(send, { email: person.user.email });
  }

  const errorOf = ({ body }: { body: JsonObject }) => objectAt(body, "error") ?? {};
  const rows = (body: JsonObject, field: string) => (arrayAt(body, field) ?? []).filter(isObject);
  const pointers = (body: JsonObject, field: string) => rows(body, field).map((row) => stringAt(row, "pointer"));

  async function published(send: Send, ...policies: JsonObject[]): Promise<void> {
    await send("POST", "/stacks", { slug: "mine", name: "Mine", clone_from: "low-cost" });
    for (const [index, policy] of policies.entries()) {
      await send("PATCH", "/stacks/mine", { policy });
      await send("POST", "/stacks/mine/publish", { note: `step ${index + 1}` });
    }
  }

  describe("a policy under review", () => {
    const review = async (policy: Json) => (await (await as("viewer"))("POST", "/stacks/review", { policy })).body;

    test("has its problems told with a pointer to each field", async () => {
      const reviewed = await review({ objective: { qualityTarget: "best", speed: 1 }, budget: { warnPercent: 101 } });
      expect(reviewed).toMatchObject({ valid: false, warnings: [], explanation: [] });
      expect(pointers(reviewed, "problems").sort()).toEqual([
        "/budget/warnPercent",
        "/objective/qualityTarget",
        "/objective/speed",
      ]);
    });

    test("is warned of unknown names, with those that may be meant", async () => {
      const reviewed = await review({
        boundaries: { blockedModels: ["anthropic/claude-sonet-4.6"], allowedProviders: ["sandbx", "sandbox"] },
      });
      expect(reviewed["valid"]).toBe(true);
      expect(rows(reviewed, "warnings")).toMatchObject([
        {
          pointer: "/boundaries/blockedModels/0",
          suggestions: expect.arrayContaining(["anthropic/claude-sonnet-4.6"]),
        },
        { pointer: "/boundaries/allowedProviders/0", suggestions: ["sandbox"] },
      ]);
    });

    test("is warned when no model is left, by the field that leaves none", async () => {
      const cases: [Json, string][] = [
        [{ boundaries: { blockedModels: ["*"] } }, "/boundaries/blockedModels"],
        [{ boundaries: { regions: ["moon"] } }, "/boundaries/regions"],
        [{ budget: { perRequestMaxUsd: "0.000000000001" } }, "/budget/perRequestMaxUsd"],
        [{ objective: { maxExpectedCostUsd: "0.000000000001" } }, "/objective/maxExpectedCostUsd"],
      ];
      for (const [policy, pointer] of cases) {
        const left = rows(await review(policy), "warnings").filter((one) =>
          stringAt(one, "message")?.includes("No model is left"),
        );
        expect(left.map((one) => one["pointer"])).toEqual([pointer]);
      }
      const rule = { when: { category: ["coding"] }, use: ["openai/gpt-5.4"] };
      const rules = {
        boundaries: { blockedModels: ["openai/*"] },
        objective: { primary: "custom_rules", rules: [rule] },
      };
      expect(pointers(await review(rules), "warnings")).toEqual(["/objective/rules/0/use"]);
    });

    test("is put into plain words, field by field", async () => {
      const { explanation } = await review({ objective: { latencySloMs: 1500 } });
      expect(explanation).toContainEqual({
        group: "objective",
        pointer: "/objective/latencySloMs",
        sentence: "The first words should come within 1.5 s; where no model is as fast, the fastest goes first.",
        standard: false,
      });
    });
  });

  describe("versions", () => {
    test("say who published them, differ field by field, and are rolled back by activating an older one", async () => {
      const developer = await as("developer");
      await published(
        developer,
        { objective: { qualityTarget: "high" } },
        { boundaries: { blockedModels: ["x-ai/*"] } },
      );
      const listed = rows((await developer("GET", "/stacks/mine/versions")).body, "data");
      expect(listed).toMatchObject([
        { version: 2, note: "step 2", published_by: developer.email },
        { version: 1, note: "step 1", published_by: developer.email },
      ]);
      const { body } = await developer("GET", "/stacks/mine/difference?from=1&to=2");
      expect(body).toMatchObject({
        from: 1,
        to: 2,
        changes: [
          {
            pointer: "/boundaries/blockedModels",
            before: [],
            after: ["x-ai/*"],
            words_before: "No model is blocked.",
            words_after: "x-ai/* never answers.",
          },
          { pointer: "/objective/qualityTarget", before: "high", after: "standard" },
        ],
      });
      expect((await developer("GET", "/stacks/mine/difference")).body["changes"]).toEqual([]);
      const rolled = await developer("POST", "/stacks/mine/versions/1/activate");
      expect(rolled.body).toMatchObject({ active_version: 1, updated_by: developer.email });
      const back = await developer("GET", "/stacks/mine/difference?from=active&to=2");
      expect(back.body).toMatchObject({ from: 1, to: 2 });
    });

    test("answer 404 for one that does not exist, and 400 for what is no version", async () => {
      const developer = await as("developer");
      await published(developer);
      expect((await developer("GET", "/stacks/mine/difference")).status).toBe(404);
      expect((await developer("GET", "/stacks/mine/difference?from=7&to=draft")).status).toBe(404);
      expect((await developer("GET", "/stacks/mine/difference?from=newest")).status).toBe(400);
    });
  });

  describe("two who edit one stack", () => {
    test("do not overwrite each other: the later hears what the other wrote", async () => {
      const [first, second] = [await as("developer"), await as("admin")];
      await published(first);
      const seen = (await second("GET", "/stacks/mine")).body["revision"];
      const mine = { policy: { objective: { qualityTarget: "high" } }, if_revision: seen ?? null };
      const saved = await first("PATCH", "/stacks/mine", mine);
      expect([saved.status, saved.body["revision"]]).toEqual([200, Number(seen) + 1]);
      const late = await second("PATCH", "/stacks/mine", { name: "Ours", if_revision: seen ?? null });
      expect(late.status).toBe(409);
      expect(errorOf(late)).toMatchObject({
        code: "conflict",
        details: {
          revision: Number(seen) + 1,
          updated_by: first.email,
          policy: { objective: { qualityTarget: "high" } },
        },
      });
      expect((await first("GET", "/stacks/mine")).body["name"]).toBe("Mine");
    });

    test("cannot publish a draft that they have not seen", async () => {
      const developer = await as("developer");
      await published(developer);
      const { revision } = (await developer("GET", "/stacks/mine")).body;
      await developer("PATCH", "/stacks/mine", { policy: {} });
      const late = await developer("POST", "/stacks/mine/publish", { if_revision: revision ?? null });
      expect([late.status, errorOf(late)["code"]]).toEqual([409, "conflict"]);
      const now = await developer("POST", "/stacks/mine/publish", { if_revision: Number(revision) + 1 });
      expect([now.status, now.body["version"]]).toEqual([201, 1]);
    });

    test("win once each when they save at the same moment", async () => {
      const developer = await as("developer");
      await published(developer);
      const { revision } = (await developer("GET", "/stacks/mine")).body;
      const save = (name: string) => developer("PATCH", "/stacks/mine", { name, if_revision: revision ?? null });
      const statuses = (await Promise.all(["a", "b", "c"].map(save))).map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, 409, 409]);
    });
  });

  test("stacks say where they are used: by the workspace and by keys that live", async () => {
    const owner = await as("owner");
    await published(owner, {});
    const key = await owner("POST", "/keys", { name: "ci", stack: "mine" });
    await owner("POST", "/keys", { name: "app", stack: "low-cost" });
    const used = async (slug: string) => {
      const { body } = await owner("GET", "/stacks");
      return rows(body, "data").find((stack) => stack["slug"] === slug)?.["used_by"];
    };
    expect(await used("mine")).toEqual({ workspace: false, keys: 1 });
    expect(await used("default-optimizer")).toEqual({ workspace: true, keys: 0 });
    await owner("PATCH", "", { stack: "mine" });
    expect((await owner("GET", "/stacks/mine/uses")).body).toMatchObject({ workspace: true, keys: [{ name: "ci" }] });
    await owner("POST", `/keys/${stringAt(key.body, "id")}/revoke`);
    expect(await used("mine")).toEqual({ workspace: true, keys: 0 });
    expect(await used("low-cost")).toEqual({ workspace: false, keys: 1 });
  });

  test("members read and try out stacks; owners, admins and developers change them", async () => {
    await published(await as("owner"), {});
    const changes: [string, string, JsonObject?][] = [
      ["POST", "/stacks", { slug: "other", name: "Other" }],
      ["PATCH", "/stacks/mine", { name: "Mine" }],
      ["POST", "/stacks/mine/publish"],
      ["POST", "/stacks/mine/versions/1/activate"],
      ["POST", "/stacks/mine/archive"],
      ["POST", "/stacks/mine/restore"],
    ];
    const request = { request: { input: "Hello." }, protocol: "responses" };
    const reads: [string, string, JsonObject?][] = [
      ["GET", "/stacks"],
      ["GET", "/stacks/mine"],
      ["GET", "/stacks/mine/versions"],
      ["GET", "/stacks/mine/difference"],
      ["GET", "/stacks/mine/uses"],
      ["GET", "/stack-traffic"],
      ["POST", "/stacks/review", { policy: {} }],
      ["POST", "/stacks/dry-run", request],
      ["POST", "/stacks/what-if", { stack: "mine" }],
    ];
    const builds = ["owner", "admin", "developer"];
    for (const role of memberRoles) {
      const send = await as(role);
      for (const [method, path, body] of reads) {
        expect([role, path, (await send(method, path, body)).status]).toEqual([role, path, 200]);
      }
      for (const [method, path, body] of changes) {
        const { status } = await send(method, path, body);
        expect([role, path, status === 403]).toEqual([role, path, !builds.includes(role)]);
      }
    }
  });

  test("nobody reaches the stacks, keys or requests of another workspace", async () => {
    const owner = await as("owner");
    await published(owner, {});
    const other = (await createWorkspace(plane.services.workspaces, "Other")).id;
    const stranger = await plane.signIn({ workspace: other, role: "owner" });
    const { id } = (await owner("POST", "/keys", { name: "ci" })).body;
    const request = { request: { input: "Hello." }, protocol: "responses" };
    const from = (path: string, body: JsonObject) => stranger.send("POST", `/api/workspaces/${other}${path}`, body);
    expect((await from("/stacks/dry-run", { ...request, stack: "mine" })).status).toBe(404);
    expect((await from("/stacks/dry-run", { ...request, key: id ?? "" })).status).toBe(404);
    expect((await from("/stacks/what-if", { stack: "mine" })).status).toBe(404);
    const foreign = await from("/stacks/what-if", { stack: "fast", scope: { key: id ?? "" } });
    expect(foreign.body).toMatchObject({ totals: { found: 0 } });
    expect((await stranger.send("GET", `${home}/stacks/mine/uses`)).status).toBe(404);
  });
});
