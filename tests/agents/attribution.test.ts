// What a deployment spends is told by agent, deployment and revision: in traces, in lists and in sums, under its names of
// now, by a key that lives as long as the deployment does.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { keyOfDeployment, revokeKeyOfDeployment } from "../../server/agents/gateway-keys.ts";
import { asId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { arrayAt, isObject, objectAt, stringAt, type JsonObject } from "../../server/contracts/json.ts";
import { getWorkspace } from "../../server/workspaces/manage-workspaces.ts";
import { forEachEngine } from "../support/engines.ts";
import { startOperatedGateway, type OperatedGateway } from "../support/operator.ts";

const question = { model: "astrolabe/auto", input: "Write one sentence explaining routing stacks." };

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

  const services = () => gateway.wired.control.services;

  async function deployed(deploymentId: string, agent: string, name: string) {
    const workspace = await getWorkspace(services().workspaces, asId<WorkspaceId>(home));
    return keyOfDeployment(services().agents.gatewayKeys, { workspace, deploymentId, agent, name });
  }

  /** As whoever runs deployments stores it. */
  async function insertDeployment(id: string, name: string, revisions: readonly [number, string, number][]) {
    const { query } = gateway.wired.database;
    const now = Math.floor(gateway.wired.services.now());
    await query
      .insertInto("deployments")
      .values({
        id,
        workspace_id: home,
        blueprint_id: "bp_1",
        blueprint_name: "poet",
        display_name: name,
        label: id,
        status: "active",
        status_reason: null,
        status_since: now,
        wish: "running",
        revision: revisions.length,
        serving_revision: revisions.length,
        running: 1,
        sealed_values: null,
        version: 1,
        due_at: null,
        tries: 0,
        lease_by: null,
        lease_until: 0,
        created_by: "operator",
        created_at: now,
        updated_at: now,
      })
      .execute();
    for (const [number, build, from] of revisions) {
      const next = revisions.find(([later]) => later === number + 1);
      await query
        .insertInto("deployment_revisions")
        .values({
          deployment_id: id,
          number,
          build_id: build,
          status: next ? "replaced" : "active",
          reason: "deploy",
          from_revision: null,
          failure: null,
          sealed_template: "",
          vault_names: JSON.stringify(["API_KEY"]),
          created_by: "operator",
          created_at: from,
          started_at: from,
          serving_from: from,
          serving_to: next?.[2] ?? null,
        })
        .execute();
    }
  }

  const send = async (path: string) => (await gateway.operator.send("GET", path)).body;
  const rows = (body: JsonObject) => (arrayAt(body, "data") ?? []).filter(isObject);

  test("names agent, deployment, revision and build in the trace, and filters lists, sums and exports", async () => {
    const now = Math.floor(gateway.wired.services.now());
    await insertDeployment("dep_a", "poet-prod", [
      [1, "b1", now - 100_000],
      [2, "b2", now - 50_000],
    ]);
    await insertDeployment("dep_b", "poet-beta", [[1, "b9", now - 100_000]]);
    const a = await deployed("dep_a", "poet", "poet-first-name");
    const b = await deployed("dep_b", "poet", "poet-beta");
    const answered = await gateway.post("/v1/responses", question, { key: a.secret });
    const agent = {
      kind: "deployment",
      name: "poet",
      deployment: { id: "dep_a", name: "poet-prod" },
      revision: 2,
      build: "b2",
    };
    const trace = await gateway.traceOf(answered);
    expect(trace["agent"]).toEqual(agent);
    await gateway.traceOf(await gateway.post("/v1/responses", question, { key: b.secret }));
    await gateway.traceOf(await gateway.post("/v1/responses", question));
    const detail = await send(`/traces/${answered.headers.get("x-astrolabe-cloud-request-id")}`);
    expect(objectAt(detail, "trace")?.["agent"]).toEqual(agent);

    const [one] = rows(await send("/usage?deployment=dep_a"));
    expect(one).toMatchObject({ agent: "poet", deployment_id: "dep_a", key_id: a.key.id });
    expect(rows(await send("/traces?deployment=dep_b"))).toEqual([
      expect.objectContaining({ agent: "poet", deployment_id: "dep_b" }),
    ]);
    expect(rows(await send("/usage?agent=poet&deployment=dep_b")).length).toBe(1);
    expect(rows(await send("/usage?agent=nobody"))).toEqual([]);
    const all = objectAt(await send("/usage/series"), "total")?.["requests"];
    const total = async (query: string) => objectAt(await send(`/usage/series?${query}`), "total")?.["requests"];
    expect([await total("deployment=dep_a"), await total("agent=nobody")]).toEqual([1, 0]);
    const ofPoet = Number(await total("agent=poet"));
    expect(ofPoet).toBeGreaterThanOrEqual(2);
    expect(ofPoet).toBeLessThan(Number(all));
    const grouped = await send("/usage/series?group_by=agent");
    const [none, poet] = (arrayAt(grouped, "groups") ?? []).filter(isObject).toSorted((one) => (one["name"] ? 1 : -1));
    expect([none?.["name"], poet?.["name"], poet?.["label"], poet?.["requests"]]).toEqual([
      null,
      "poet",
      "poet",
      ofPoet,
    ]);
    expect(Number(none?.["requests"]) + ofPoet).toBe(Number(all));
    const byDeployment = (arrayAt(await send("/usage/series?group_by=deployment"), "groups") ?? []).filter(isObject);
    expect(byDeployment.find(({ name }) => name === "dep_a")).toMatchObject({ label: "poet-prod", requests: 1 });
    const names = await send("/usage/names");
    expect(arrayAt(names, "agent")).toEqual([{ name: "poet", label: "poet" }]);
    expect(arrayAt(names, "deployment")).toEqual(
      expect.arrayContaining([
        { name: "dep_a", label: "poet-prod" },
        { name: "dep_b", label: "poet-beta" },
      ]),
    );
  });

  test("tells the vault which deployments use a variable, and deployments when their key is rotated", async () => {
    const path = `/api/v1/accounts/${home}`;
    await gateway.operator.send("POST", `${path}/variables`, { variables: [{ name: "API_KEY", value: "x" }] });
    const { body } = await gateway.operator.send("GET", `${path}/variables/API_KEY`);
    expect(arrayAt(body, "used_by")).toEqual([
      { deployment_id: "dep_a", name: "poet-prod" },
      { deployment_id: "dep_b", name: "poet-beta" },
    ]);
    const told: string[] = [];
    services().agents.keyRotations.listen(async (deploymentId) => void told.push(deploymentId));
    const before = await deployed("dep_a", "poet", "poet-prod");
    const rotated = await gateway.operator.send("POST", `${path}/ai-gateway-keys/${before.key.id}/rotate`, {});
    expect(rotated.body).toMatchObject({
      kind: "deployment",
      deployment: { id: "dep_a", agent: "poet", name: "poet-prod" },
    });
    expect(told).toEqual(["dep_a"]);
    const after = await deployed("dep_a", "poet", "poet-prod");
    expect([after.key.id, after.secret === before.secret]).toEqual([before.key.id, false]);
    for (const key of [before.secret, after.secret]) {
      expect((await gateway.post("/v1/responses", question, { key })).status).toBe(200);
    }
  });

  test("is the same key on every deploy, for all who deploy at once, until it is revoked", async () => {
    const keys = await Promise.all(Array.from({ length: 6 }, () => deployed("dep_once", "poet", "once")));
    expect(new Set(keys.map(({ secret }) => secret)).size).toBe(1);
    expect(keys[0]?.key.expiresAt).toBeUndefined();
    gateway.clock.aheadMs += 90 * 86_400_000;
    const later = await deployed("dep_once", "poet", "once");
    expect(later.secret).toBe(keys[0]?.secret ?? "");
    expect((await gateway.post("/v1/responses", question, { key: later.secret })).status).toBe(200);
    await revokeKeyOfDeployment(services().agents.gatewayKeys, "dep_once");
    await revokeKeyOfDeployment(services().agents.gatewayKeys, "dep_once");
    expect((await gateway.post("/v1/responses", question, { key: later.secret })).status).toBe(401);
    const again = await deployed("dep_once", "poet", "once");
    expect([again.key.id === later.key.id, again.secret === later.secret]).toEqual([false, false]);
  });
});
