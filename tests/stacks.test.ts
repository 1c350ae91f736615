// Routing stacks over HTTP: a stack's life in the control API, and which stack a request runs under.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { objectAt, stringAt } from "../server/contracts/json.ts";
import { billingOf } from "./support/gateway.ts";
import { refusalOf, startOperatedGateway, type OperatedGateway, type Operator } from "./support/operator.ts";

let gateway: OperatedGateway;
let operator: Operator;
beforeAll(async () => {
  gateway = await startOperatedGateway();
  operator = gateway.operator;
});
afterAll(() => gateway.close());

function stackOf(response: Response): [string | null, string | null] {
  return [response.headers.get("x-astrolabe-stack-name"), response.headers.get("x-astrolabe-stack-version")];
}

describe("a stack's life", () => {
  test("clone, edit, publish, activate an older version, archive, restore: each counts from the next request on", async () => {
    const { send, ask } = operator;
    const cloned = await send("POST", "/stacks", { slug: "ours", name: "Ours", clone_from: "low-cost" });
    expect([cloned.status, cloned.body["cloned_from"], cloned.body["active_version"]]).toEqual([201, "low-cost", null]);
    expect(await refusalOf(await ask("ours"))).toEqual([404, "routing_stack_resolution_failed"]);

    expect(await send("POST", "/stacks/ours/publish", { note: "as cloned" })).toMatchObject({
      status: 201,
      body: { version: 1 },
    });
    const first = await ask("ours");
    expect(stackOf(first)).toEqual(["ours", "1"]);
    expect((await gateway.traceOf(first))["plan"]).toMatchObject({ quality_target: "draft" });

    const policy = objectAt(cloned.body, "policy") ?? {};
    const objective = { ...objectAt(policy, "objective"), qualityTarget: "high" };
    expect((await send("PATCH", "/stacks/ours", { policy: { ...policy, objective } })).status).toBe(200);
    expect((await gateway.traceOf(await ask("ours")))["plan"]).toMatchObject({ quality_target: "draft" });
    await send("POST", "/stacks/ours/publish", { activate: false });
    expect(stackOf(await ask("ours"))).toEqual(["ours", "1"]);
    await send("POST", "/stacks/ours/versions/2/activate");
    const second = await ask("ours");
    expect(stackOf(second)).toEqual(["ours", "2"]);
    expect((await gateway.traceOf(second))["plan"]).toMatchObject({ quality_target: "high" });
    await send("POST", "/stacks/ours/versions/1/activate");
    expect(stackOf(await ask("ours"))).toEqual(["ours", "1"]);

    await send("POST", "/stacks/ours/archive");
    expect(await refusalOf(await ask("ours"))).toEqual([404, "routing_stack_resolution_failed"]);
    await send("POST", "/stacks/ours/restore");
    expect(stackOf(await ask("ours"))).toEqual(["ours", "1"]);
  });

  test("ten publications in a row are each seen by the very next request", async () => {
    const models = ["openai/gpt-5.4", "anthropic/claude-sonnet-4.6"];
    for (let round = 1; round <= 10; round++) {
      const allowedModels = [models[round % 2] ?? ""];
      expect(await operator.publish("turning", { boundaries: { allowedModels } })).toBe(round);
      const response = await operator.ask("turning");
      expect(stackOf(response)).toEqual(["turning", String(round)]);
      expect(response.headers.get("x-astrolabe-model")).toBe(allowedModels[0] ?? "");
    }
  });

  test("managed stacks cannot be changed, and a stack of another workspace does not exist here", async () => {
    expect((await operator.send("PATCH", "/stacks/fast", { name: "Faster" })).status).toBe(403);
    const other = await operator.send("POST", "/api/workspaces", { name: "Other" });
    const place = `/api/workspaces/${stringAt(other.body, "id")}/stacks`;
    await operator.send("POST", place, { slug: "theirs", name: "Theirs" });
    expect((await operator.send("POST", `${place}/theirs/publish`)).status).toBe(201);
    expect(await refusalOf(await operator.ask("theirs"))).toEqual([404, "routing_stack_not_found"]);
  });
});

describe("request before key before workspace before the managed default", () => {
  const plain = { model: "astrolabe/auto", input: "Write one sentence explaining routing stacks." };
  let key: { secret: string; id: string };

  beforeEach(async () => {
    key = await operator.key();
    await operator.send("PATCH", "", { stack: null });
  });
  afterAll(() => operator.send("PATCH", "", { stack: null }));

  const assignToKey = (stack: string | null) => operator.send("PATCH", `/keys/${key.id}`, { stack });
  const assignToWorkspace = (stack: string | null) => operator.send("PATCH", "", { stack });
  const askPlainly = () => gateway.post("/v1/responses", plain, { key: key.secret });

  test("each level wins over those below it and gives way when it is taken back", async () => {
    const expectStack = async (response: Response, slug: string, source: string) => {
      expect(stackOf(response)).toEqual([slug, "1"]);
      expect((await gateway.traceOf(response))["stack"]).toMatchObject({ slug, source, version: 1 });
    };
    await expectStack(await askPlainly(), "default-optimizer", "default");
    await assignToWorkspace("research");
    await expectStack(await askPlainly(), "research", "workspace");
    await assignToKey("fast");
    await expectStack(await askPlainly(), "fast", "key");
    await expectStack(await operator.ask("low-cost", {}, { key: key.secret }), "low-cost", "request");
    await assignToKey(null);
    await expectStack(await askPlainly(), "research", "workspace");
    await assignToWorkspace(null);
    await expectStack(await askPlainly(), "default-optimizer", "default");
  });

  test("a stack that cannot be used is refused at every level; nothing below it is tried, called or charged", async () => {
    await operator.publish("gone", {});
    await operator.publish("gone-too", {});
    await assignToWorkspace("gone");
    await assignToKey("gone-too");
    await operator.send("POST", "/stacks/gone/archive");
    await operator.send("POST", "/stacks/gone-too/archive");
    const before = await gateway.credits();

    const byRequest = await operator.ask("no-such-stack", {}, { key: key.secret });
    expect(await refusalOf(byRequest)).toEqual([404, "routing_stack_not_found"]);
    const byKey = await askPlainly();
    expect(await refusalOf(byKey)).toEqual([404, "routing_stack_resolution_failed"]);
    await assignToKey(null);
    const byWorkspace = await askPlainly();
    expect(await refusalOf(byWorkspace)).toEqual([404, "routing_stack_resolution_failed"]);

    for (const response of [byRequest, byKey, byWorkspace]) {
      expect(response.headers.get("x-astrolabe-policy-status")).toBe("not_evaluated");
      const trace = await gateway.traceOf(response);
      expect(trace["attempts"]).toEqual([]);
      expect(billingOf(trace)).toMatchObject({ status: "unbillable", hold_usd: "0.000000000000" });
    }
    expect(await gateway.credits()).toEqual(before);
  });

  test("an archived stack can no longer be assigned, an unknown one never", async () => {
    await operator.publish("retired", {});
    await operator.send("POST", "/stacks/retired/archive");
    expect((await assignToKey("retired")).status).toBe(400);
    expect((await assignToWorkspace("nobody-made-this")).status).toBe(400);
  });
});
