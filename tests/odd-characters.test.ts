// Characters that a database may not hold: they are refused or found nowhere, on either engine, and harm nobody else.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { forEachEngine } from "./support/engines.ts";
import { refusalOf, startOperatedGateway, type OperatedGateway } from "./support/operator.ts";

forEachEngine((engine) => {
  let gateway: OperatedGateway;
  beforeAll(async () => {
    gateway = await startOperatedGateway(await engine.environment());
  });
  afterAll(async () => {
    expect(gateway.faults).toEqual([]);
    await gateway.close();
  });

  test("a model with U+0000 in its name is not there, nor can a stack be, and the request is written down", async () => {
    const model = await gateway.post("/v1/responses", { model: "a\0b", input: "Hello." });
    expect(await refusalOf(model)).toEqual([404, "unknown_model"]);
    expect(await refusalOf(await gateway.operator.ask("a\0b"))).toEqual([400, "invalid_request"]);
    const trace = await gateway.traceOf(model);
    expect(trace).toMatchObject({ object: "route_trace", status: 404 });
  });

  test("a name or memo with U+0000 is refused, an escaped backslash before a u is not", async () => {
    const bad = await gateway.operator.send("POST", "/credits/grants", { amount_usd: "1", memo: "a\0b" });
    expect([bad.status, bad.body["error"]]).toMatchObject([400, { code: "invalid_request" }]);
    const good = await gateway.operator.send("POST", "/credits/grants", { amount_usd: "1", memo: "a\\u0000b" });
    expect(good.status).toBe(201);
  });

  test("half a pair of surrogates and the rest of Unicode are kept or replaced, never an error", async () => {
    for (const name of ["\ud83d alone", "🜁 𝔸 \u200b", "a\u001fb"]) {
      expect((await gateway.operator.send("POST", "/keys", { name })).status).toBe(201);
    }
  });
});
