// The promise under concurrency: whatever callers do at once, settled plus held never exceeds what was paid in.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { forEachEngine } from "./support/engines.ts";
import { billingOf, startGateway, type TestGateway } from "./support/gateway.ts";

const paidIn = 2_000_000_000_000n;
let gateway: TestGateway;

forEachEngine((engine) => {
  beforeAll(async () => {
    gateway = await startGateway({ ASTROLABE_INIT_CREDITS_USD: "2", ...(await engine.environment()) });
  });
  afterAll(() => gateway.close());

  test("200 callers on credits that cover only some: the rest get 402, and nothing is ever overspent", async () => {
    const body = {
      model: "anthropic/claude-opus-4.7",
      max_output_tokens: 2_000,
      input: "[sandbox:slow=300] [sandbox:tokens=1500] Tell the story of the astrolabe.",
    };
    let watching = true;
    const most = { held: 0n, spentAndHeld: 0n };
    const watch = (async () => {
      while (watching) {
        const { balance, held, available } = await gateway.credits();
        expect(available).toBe(balance - held);
        expect(available >= 0n).toBe(true);
        if (held > most.held) most.held = held;
        const spentAndHeld = paidIn - balance + held;
        if (spentAndHeld > most.spentAndHeld) most.spentAndHeld = spentAndHeld;
      }
    })();
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, caller) => {
        const response = await gateway.post("/v1/responses", { ...body, stream: caller % 2 === 0 });
        await response.text();
        return response;
      }),
    );
    watching = false;
    await watch;

    const served = answers.filter((response) => response.status === 200);
    const refused = answers.filter((response) => response.status === 402);
    expect(served.length + refused.length).toBe(200);
    expect(served.length).toBeGreaterThan(5);
    expect(refused.length).toBeGreaterThan(5);
    expect(most.held > 0n).toBe(true);
    expect(most.spentAndHeld <= paidIn).toBe(true);

    const traces = await Promise.all(served.map((response) => gateway.traceOf(response)));
    const debits = traces.map((trace) => usd(String(billingOf(trace)["debit_usd"])));
    expect(debits.every((debit) => debit > 0n)).toBe(true);
    const { balance, held } = await gateway.credits();
    expect(held).toBe(0n);
    expect(paidIn - balance).toBe(debits.reduce((sum, debit) => sum + debit, 0n));
  });

  function usd(text: string): bigint {
    return BigInt(text.replace(".", ""));
  }
});
