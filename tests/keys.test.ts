// API keys on the whole server: what they have used, and what stays with them when they are rotated.

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { isObject, stringAt } from "../server/contracts/json.ts";
import { forEachEngine } from "./support/engines.ts";
import { billingOf } from "./support/gateway.ts";
import { refusalOf, startOperatedGateway, type OperatedGateway } from "./support/operator.ts";

const question = { model: "astrolabe/auto", input: "Write one sentence explaining routing stacks." };

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
  });
  afterEach(() => {
    expect(gateway.faults).toEqual([]);
  });
  afterAll(() => gateway.close());

  test("what a key has used is known at once, requests and money, whoever sent them", async () => {
    const { secret, id } = await gateway.operator.key();
    const answered = await gateway.post("/v1/responses", question, { key: secret });
    const refused = await gateway.post("/v1/responses", { model: "no/such-model", input: "Hi" }, { key: secret });
    expect([answered.status, refused.status]).toEqual([200, 404]);
    const debit = stringAt(billingOf(await gateway.traceOf(answered)), "debit_usd");
    await gateway.traceOf(refused);
    const { body } = await gateway.operator.send("GET", "/key-usage");
    const used = { requests: 2, cost_usd: debit };
    const listed = (Array.isArray(body["data"]) ? body["data"] : []).filter((one) => isObject(one));
    expect(listed.find(({ key }) => key === id)).toMatchObject({ today: used, last_30_days: used });
  });

  test("limits and what was spent stay with a key when it is rotated", async () => {
    const { secret, id } = await gateway.operator.key({ spend_limit_usd: "0.03" });
    const dear = { model: "anthropic/claude-opus-4.7", max_output_tokens: 1_000, input: "[sandbox:tokens=800] Tell." };
    expect((await gateway.post("/v1/responses", dear, { key: secret })).status).toBe(200);
    const next = String((await gateway.operator.send("POST", `/keys/${id}/rotate`, {})).body["secret"]);
    const refusals = await Promise.all(
      [secret, next].map(async (key) => refusalOf(await gateway.post("/v1/responses", dear, { key }))),
    );
    expect(refusals).toEqual([
      [402, "budget_exceeded"],
      [402, "budget_exceeded"],
    ]);
  });
});
