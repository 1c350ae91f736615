// The life of a deployment over HTTP: what is validated before it, the revisions that it goes through, and that whatever
// goes wrong the revision that served goes on serving. The runtime is the tests' own, so that it can fail when told to.

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { arrayAt, isObject, objectAt, parseJson, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { RuntimeError } from "../../runtimes/runtime.ts";
import { forEachEngine } from "../support/engines.ts";
import { signUp } from "../support/people.ts";
import { deployingAs, sendTemplate, specOf, startDeployer, stepsOf, type Deployer } from "../support/deploying.ts";
import type { Program } from "../support/memory-container.ts";

/** Writes what it was given, and answers with it. */
const serving: Program = async ({ environment, write }) => {
  write(`INFO version ${environment["VERSION"] ?? "-"}`);
  return { fetch: () => Response.json(environment) };
};
const ending: Program = async ({ write }) => {
  write("FATAL no words come", "stderr");
  return 1;
};
const programs = { "poet:1": serving, "poet:2": serving, "poet:bad": ending, "store:1": serving };

const agent = (image: string, more = "") =>
  specOf(`agent:\n  image: ${image}\n  interfaces: { frontend: true }\n${more}`);
const asking = (image: string) =>
  agent(
    image,
    `models:
  default: { provider: gateway, models: [claude-haiku-4-5, claude-opus-4-8] }
inputs:
  tone: { name: TONE, datatype: string }
  key: { name: OTHER_KEY, datatype: string, secret: true, optional: true }
`,
  );

forEachEngine((engine) => {
  let poets: Deployer;
  beforeAll(async () => {
    poets = await startDeployer(await engine.environment(), programs);
    await poets.register("b1", asking("poet:1"));
    await poets.register("b2", asking("poet:2"));
    await poets.register("bad", asking("poet:bad"));
  });
  afterEach(() => {
    poets.runtime.failure = undefined;
    poets.runtime.beforeSwitch = undefined;
  });
  afterAll(async () => {
    expect(poets.gateway.faults).toEqual([]);
    await poets.close();
  });

  const given = (build: string, more: JsonObject = {}): JsonObject => ({
    build,
    variables: { TONE: { value: "dark" } },
    ...more,
  });
  const environmentOf = async (id: string) =>
    poets.runtime.environmentOf(stringAt(await poets.get(id), "namespace") ?? "", "agent");
  const errorsOf = ({ body }: { body: JsonObject }) =>
    (arrayAt(objectAt(body, "validation") ?? {}, "errors") ?? []).filter(isObject).map((error) => error["field"]);
  const statusesOf = async (id: string) => {
    const { body } = await poets.ada.send("GET", `/api/v1/deployments/${id}/revisions`);
    return (arrayAt(body, "revisions") ?? [])
      .filter(isObject)
      .map((one) => `${String(one["revision"])} ${String(one["status"])}`);
  };

  test("a template says what is missing or wrong, field by field, and is signed only when nothing is", async () => {
    const bare = await poets.template({});
    expect(errorsOf(bare)).toEqual(["variables.TONE"]);
    expect(bare.body["signature"]).toBeUndefined();
    const wrong = await poets.template({
      variables: { TONE: { ref: "NOWHERE" }, TYPO: { value: "x" } },
      models: { default: "gpt-1", other: "x" },
      schedules: { nightly: "0 6 * * *" },
    });
    expect(errorsOf(wrong).toSorted()).toEqual([
      "models.default",
      "models.other",
      "schedules.nightly",
      "variables.TONE",
    ]);
    expect(JSON.stringify(objectAt(wrong.body, "validation"))).toContain("variables.TYPO");
    const good = await poets.template(given("b1"));
    expect(objectAt(good.body, "validation")).toMatchObject({ valid: true, errors: [] });
    expect(stringAt(good.body, "signature")).toMatch(/^[0-9a-f]{64}$/);
    expect(objectAt(good.body, "template")).toMatchObject({
      models: { default: "claude-haiku-4-5" },
      reason: "deploy",
    });
    const unknown = await Promise.all([
      poets.template({ build: "nope" }),
      poets.template({}, "nobody"),
      poets.template({ deployment_id: "dep_none" }),
    ]);
    expect(unknown.map(({ status, body }) => [status, body["error_code"]])).toEqual([
      [404, "build_not_found"],
      [404, "blueprint_not_found"],
      [404, "deployment_not_found"],
    ]);
  });

  test("a template cannot be changed after it was signed, but for what it is called", async () => {
    const { body } = await poets.template(given("b1"));
    const template = objectAt(body, "template") ?? {};
    const signature = stringAt(body, "signature") ?? "";
    const send = (changed: JsonObject, by = signature) =>
      sendTemplate(poets.gateway, poets.ada, { ...template, ...changed }, by);
    const refused = await Promise.all([
      send({ build_id: "b2" }),
      send({ variables: { TONE: { value: "light" } } }),
      send({ issued_at: new Date(Date.now() + 1_000).toISOString() }),
      send({}, ""),
      send(
        {},
        signature.replace(/^./, (first) => (first === "0" ? "1" : "0")),
      ),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    const renamed = await send({ target: { display_name: "renamed" } });
    expect(renamed.status).toBe(200);
    await poets.until(stringAt(renamed.body, "deployment_id") ?? "", "active");
    const taken = await send({ target: { display_name: "renamed" } });
    expect([taken.status, taken.body["error_code"]]).toEqual([409, "conflict"]);
  });

  test("a deployment comes up with the gateway's key, its model and what it was given", async () => {
    const id = await poets.deployed("first", given("b1", { models: { default: "claude-opus-4-8" } }));
    const deployment = await poets.get(id);
    expect(deployment).toMatchObject({
      name: "poet",
      display_name: "first",
      build_id: "b1",
      status: "active",
      serving_revision: 1,
      access: "members",
      uses_gateway: true,
      external_urls: [{ type: "frontend", ready: true }],
      workloads: [{ name: "agent", component: "agent", state: "running" }],
    });
    expect(stepsOf(deployment)).toEqual(["preparing", "start", "healthy", "switch", "switched"]);
    const environment = (await environmentOf(id)) ?? {};
    expect(environment).toMatchObject({
      TONE: "dark",
      MODEL_DEFAULT: "claude-opus-4-8",
      ASTRO_GATEWAY_URL: "http://gateway.test/v1",
      ASTRO_AGENT_ID: id,
      ASTRO_AGENT_BUILD: "b1",
    });
    expect(environment["ASTRO_EXTERNAL_AGENT_URL"]).toBe(stringAt(objectOf(deployment, "external_urls"), "url") ?? "");
    const asked = await poets.gateway.post(
      "/v1/responses",
      { model: "astrolabe/auto", input: "A poem." },
      { key: environment["ASTRO_GATEWAY_API_KEY"] ?? "" },
    );
    expect(asked.status).toBe(200);
    const usage = await poets.ada.send("GET", `/api/v1/deployments/${id}/usage`);
    expect(usage.body).toMatchObject({ requests: 1, by_revision: [{ revision: 1, requests: 1 }] });
    expect(Number(usage.body["cost_usd"])).toBeGreaterThan(0);
  });

  test("a redeploy keeps the key and what is not given anew; a rollback brings back what was", async () => {
    const id = await poets.deployed("second", given("b1", { interfaces: { adapters: ["web"] } }));
    const first = (await environmentOf(id)) ?? {};
    await poets.deployed("second", { build: "b2", deployment_id: id, models: { default: "claude-opus-4-8" } });
    expect(await environmentOf(id)).toEqual({
      ...first,
      MODEL_DEFAULT: "claude-opus-4-8",
      ASTRO_AGENT_BUILD: "b2",
    });
    expect(await poets.get(id)).toMatchObject({ build_id: "b2", access: "public", serving_revision: 2 });
    expect((await poets.act(id, "rollback")).status).toBe(200);
    const back = await poets.until(id, "active");
    expect(back).toMatchObject({
      build_id: "b1",
      serving_revision: 3,
      newest: { reason: "rollback", from_revision: 1 },
    });
    expect(await environmentOf(id)).toEqual(first);
    expect(await statusesOf(id)).toEqual(["3 active", "2 replaced", "1 replaced"]);
    const history = await poets.ada.send("GET", `/api/v1/agents/${poets.slug}/poet/deployment/history`);
    expect(
      (arrayAt(history.body, "deployments") ?? []).filter(isObject).filter((one) => one["id"] === id),
    ).toHaveLength(3);
  });

  test("values are shown to nobody, and are gone with the deployment", async () => {
    const secret = "s3cret-value-of-the-test";
    const id = await poets.deployed(
      "quiet",
      given("b1", { variables: { TONE: { value: "x" }, OTHER_KEY: { value: secret } } }),
    );
    const shown = await Promise.all(
      ["", "/revisions", "/revisions/1", "/logs", "/usage"].map(async (rest) =>
        JSON.stringify(
          (await poets.ada.send("GET", `/api/v1/deployments/${id}${rest}`).catch(() => ({ body: {} }))).body,
        ),
      ),
    );
    expect(shown.join()).not.toContain(secret);
    const again = await poets.template({ build: "b1", deployment_id: id });
    expect(JSON.stringify(again.body)).not.toContain(secret);
    expect(objectAt(again.body, "template")).toMatchObject({ variables: { OTHER_KEY: { kept: true } } });
    const { query } = poets.gateway.wired.database;
    const stored = async () =>
      JSON.stringify(
        await query
          .selectFrom("deployment_revisions")
          .select(["sealed_template", "vault_names"])
          .where("deployment_id", "=", id)
          .execute(),
      );
    expect(await stored()).not.toContain(secret);
    await poets.ada.send("POST", "/api/v1/undeploy", { deployment_id: id });
    await poets.until(id, "undeployed");
    expect(parseJson(await stored())).toEqual([{ sealed_template: "", vault_names: "[]" }]);
  });

  test("a revision that does not come up leaves the older one serving, and says why", async () => {
    const id = await poets.deployed("steady", given("b1"));
    const before = await environmentOf(id);
    await poets.deployed("steady", { build: "bad", deployment_id: id });
    expect(await poets.get(id)).toMatchObject({
      status: "active",
      build_id: "b1",
      revision: 2,
      serving_revision: 1,
      status_reason: expect.stringContaining("Revision 1 serves on."),
      newest: { status: "failed", failure: { code: "exited", workload: "agent", log_lines: ["FATAL no words come"] } },
    });
    expect(await environmentOf(id)).toEqual(before);
    const fresh = await poets.deployed("hopeless", given("bad"));
    expect(await poets.get(fresh)).toMatchObject({ status: "failed", serving_revision: null, workloads: [] });
  });

  test("without a key nothing is started, and the older revision serves on", async () => {
    const id = await poets.deployed("keyless", given("b1"));
    const { gatewayKeys } = poets.gateway.wired.control.services.agents;
    const { records } = gatewayKeys;
    const before = await environmentOf(id);
    const current = records.current.bind(records);
    records.current = () => Promise.reject(new Error("the vault of keys is closed"));
    await poets.deploy("keyless", { build: "b2", deployment_id: id });
    const rolledOut = () => poets.runtime.calls.filter((call) => call.startsWith("rollOut")).length;
    const rollouts = rolledOut();
    await untilFailed(id);
    records.current = current;
    expect(rolledOut()).toBe(rollouts);
    expect(await poets.get(id)).toMatchObject({
      status: "active",
      serving_revision: 1,
      newest: { status: "failed", failure: { code: "key_not_minted" } },
    });
    expect(await environmentOf(id)).toEqual(before);
    expect(poets.gateway.faults.splice(0).join()).toContain("the vault of keys is closed");
  });

  async function untilFailed(id: string): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      if ((await statusesOf(id))[0]?.endsWith("failed")) return;
      await Bun.sleep(10);
    }
    throw new Error("it did not fail");
  }

  test("it is paused and woken with the same key, and a revision deployed meanwhile starts it", async () => {
    const id = await poets.deployed("sleeper", given("b1"));
    const before = await environmentOf(id);
    await poets.act(id, "stop");
    expect(await poets.until(id, "stopped")).toMatchObject({ workloads: [{ state: "stopped" }] });
    expect((await poets.act(id, "stop")).status).toBe(200);
    await poets.act(id, "wakeup");
    await poets.until(id, "active");
    expect(await environmentOf(id)).toEqual(before);
    await poets.act(id, "stop");
    await poets.until(id, "stopped");
    await poets.deployed("sleeper", { build: "b2", deployment_id: id });
    expect(await poets.get(id)).toMatchObject({ status: "active", serving_revision: 2 });
  });

  test("a paused one stays paused when a deploy of it fails", async () => {
    const id = await poets.deployed("paused", given("b1"));
    await poets.act(id, "stop");
    await poets.until(id, "stopped");
    await poets.deployed("paused", { build: "bad", deployment_id: id });
    expect(await poets.get(id)).toMatchObject({ status: "stopped", serving_revision: 1 });
  });

  test("containers that somebody else took away are noticed, and come back", async () => {
    const id = await poets.deployed("robbed", given("b1"));
    await poets.runtime.endContainers(stringAt(await poets.get(id), "namespace") ?? "");
    expect(await poets.get(id)).toMatchObject({ status: "scaled_down" });
    await poets.act(id, "wakeup");
    expect(await poets.until(id, "active")).toMatchObject({ workloads: [{ state: "running" }] });
  });

  test("a suspended workspace runs nothing; when it is resumed everything is as it was", async () => {
    const id = await poets.deployed("guilty", given("b1"));
    const before = await environmentOf(id);
    const suspend = (status: string) => poets.gateway.operator.send("PATCH", "", { status });
    expect((await suspend("suspended")).status).toBe(200);
    await poets.until(id, "suspended");
    for (const action of ["wakeup", "redeploy", "rollback", "pods/agent/restart"]) {
      const refused = await poets.act(id, action);
      expect([action, refused.status, refused.body["error_code"]]).toEqual([action, 402, "account_suspended"]);
    }
    await suspend("active");
    await poets.until(id, "active");
    expect(await environmentOf(id)).toEqual(before);
  });

  test("undeploying ends the key first, then everything; the name is free, repeating it changes nothing", async () => {
    const id = await poets.deployed("goner", given("b1"));
    const key = ((await environmentOf(id)) ?? {})["ASTRO_GATEWAY_API_KEY"] ?? "";
    const label = stringAt(await poets.get(id), "namespace") ?? "";
    poets.runtime.failure = new RuntimeError("unavailable", "The engine is gone.", { hint: "Start it." });
    const undeploy = () => poets.ada.send("POST", "/api/v1/undeploy", { deployment_id: id });
    expect((await undeploy()).body).toMatchObject({ status: "undeploying" });
    expect((await poets.gateway.post("/v1/responses", { model: "astrolabe/auto", input: "x" }, { key })).status).toBe(
      401,
    );
    await Bun.sleep(50);
    expect(await poets.get(id)).toMatchObject({ status: "undeploying", status_reason: "The engine is gone." });
    poets.runtime.failure = undefined;
    const other = stringAt((await poets.deploy("goner", given("b1"))).body, "deployment_id") ?? "";
    poets.gateway.wired.agents.start();
    await poets.until(id, "undeployed");
    expect(poets.runtime.calls).toContain(`remove ${label}`);
    expect((await undeploy()).body).toMatchObject({ status: "undeployed" });
    expect((await poets.act(id, "wakeup")).status).toBe(404);
    await poets.until(other, "active");
  });

  test("rotating its key rolls it out with the new secret", async () => {
    const id = await poets.deployed("rotated", given("b1"));
    const before = ((await environmentOf(id)) ?? {})["ASTRO_GATEWAY_API_KEY"];
    const key = stringAt(objectAt(await poets.get(id), "gateway_key") ?? {}, "id") ?? "";
    const rotated = await poets.ada.send("POST", `/api/v1/accounts/${poets.slug}/ai-gateway-keys/${key}/rotate`, {});
    expect(rotated.status).toBe(200);
    for (let tries = 0; (await poets.get(id))["serving_revision"] !== 2 && tries < 500; tries++) await Bun.sleep(10);
    expect(await poets.get(id)).toMatchObject({ serving_revision: 2, newest: { reason: "key_rotation" } });
    const after = ((await environmentOf(id)) ?? {})["ASTRO_GATEWAY_API_KEY"] ?? "";
    expect(after).not.toBe(before);
    expect(
      (await poets.gateway.post("/v1/responses", { model: "astrolabe/auto", input: "x" }, { key: after })).status,
    ).toBe(200);
  });

  test("a newer revision takes the place of one that is still coming up", async () => {
    const id = await poets.deployed("hasty", given("b1"));
    const entered = Promise.withResolvers<void>();
    poets.runtime.beforeSwitch = (_, signal) => {
      entered.resolve();
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    };
    await poets.deploy("hasty", { build: "b2", deployment_id: id });
    await entered.promise;
    poets.runtime.beforeSwitch = undefined;
    await poets.deploy("hasty", { build: "b1", deployment_id: id });
    await poets.until(id, "active");
    for (let tries = 0; (await poets.get(id))["serving_revision"] !== 3 && tries < 500; tries++) await Bun.sleep(10);
    expect(await statusesOf(id)).toEqual(["3 active", "2 superseded", "1 replaced"]);
  });

  test("strangers find nothing, and viewers change nothing", async () => {
    const id = await poets.deployed("private", given("b1"));
    const stranger = await signUp(poets.gateway);
    const viewer = await signUp(poets.gateway, { roles: { [poets.home]: "viewer" } });
    for (const rest of ["", "/revisions", "/logs", "/usage"]) {
      const refused = await stranger.send("GET", `/api/v1/deployments/${id}${rest}`);
      expect([refused.status, refused.body["error_code"]]).toEqual([404, "deployment_not_found"]);
    }
    expect((await viewer.send("GET", `/api/v1/deployments/${id}`)).status).toBe(200);
    expect((await deployingAs(poets.gateway, viewer, poets.slug).act(id, "stop")).status).toBe(403);
    expect((await viewer.send("POST", "/api/v1/undeploy", { deployment_id: id })).status).toBe(403);
    expect((await stranger.send("POST", "/api/v1/undeploy", { deployment_id: id })).status).toBe(404);
    const made = await poets.template(given("b1"));
    const template = objectAt(made.body, "template") ?? {};
    const signature = stringAt(made.body, "signature") ?? "";
    expect((await sendTemplate(poets.gateway, viewer, template, signature)).status).toBe(403);
    expect((await sendTemplate(poets.gateway, stranger, template, signature)).status).toBe(404);
  });

  function objectOf(deployment: JsonObject, list: string): JsonObject {
    const [first] = (arrayAt(deployment, list) ?? []).filter(isObject);
    return first ?? {};
  }
});
