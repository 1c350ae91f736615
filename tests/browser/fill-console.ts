// A workspace in which something has happened, for pictures: keys of every kind, requests and their debits.

import type { Stage } from "./with-browser.ts";

const questions = [
  "Write one sentence explaining routing stacks.",
  "Name three uses of an astrolabe.",
  "Translate to French: the stars are out tonight.",
];

export async function fillConsole({ gateway }: Stage): Promise<void> {
  const { operator } = gateway;
  await operator.key({ name: "Production", rate_limit_per_minute: 600, spend_limit_usd: "250" });
  await operator.key({ name: "Staging", mode: "test" });
  await operator.key({ name: "Batch jobs", budget: { monthlyUsd: "100", dailyUsd: "10" } });
  await operator.key({ name: "Contractor", expires_at: "2031-01-01T00:00:00Z", allowed_models: ["anthropic/*"] });
  const { id } = await operator.key({ name: "Old laptop" });
  await operator.send("POST", `/keys/${id}/revoke`);
  for (const input of questions) {
    const response = await gateway.post("/v1/responses", { model: "astrolabe/auto", input });
    await response.body?.cancel();
  }
  await operator.publish("careful", {
    boundaries: { blockedModels: ["openai/*"], requiredCapabilities: ["vision"] },
    memory: { storePrompts: true, storeOutputs: true },
    verification: { mode: "strict" },
  });
  await operator.publish("closed", { boundaries: { allowedModels: ["no/such-model"] } });
  for (const stack of ["closed", "careful", "careful"]) await (await operator.ask(stack)).text();
}
