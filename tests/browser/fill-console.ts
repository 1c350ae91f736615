// A workspace in which something has happened, for pictures: keys of every kind, requests and their debits,
// people and agents.

import { fillAgents } from "./fill-agents.ts";
import { fillPeople } from "./fill-people.ts";
import type { Stage } from "./with-browser.ts";

const questions = [
  "Write one sentence explaining routing stacks.",
  "Name three uses of an astrolabe.",
  "Translate to French: the stars are out tonight.",
];

export async function fillConsole(stage: Stage): Promise<void> {
  const { gateway } = stage;
  const { operator } = gateway;
  await operator.key({ name: "Production", rate_limit_per_minute: 600, spend_limit_usd: "250" });
  await operator.key({ name: "Staging", mode: "test" });
  await operator.key({ name: "Batch jobs", budget: { monthlyUsd: "100", dailyUsd: "10" } });
  await operator.key({ name: "Contractor", expires_at: "2031-01-01T00:00:00Z", allowed_models: ["anthropic/*"] });
  const { id } = await operator.key({ name: "Old laptop" });
  await operator.send("POST", `/keys/${id}/revoke`);
  await fillStacks(operator);
  for (const input of questions) {
    const response = await gateway.post("/v1/responses", { model: "astrolabe/auto", input });
    await response.body?.cancel();
  }
  await fillPeople(stage);
  await fillTraces(operator);
  await fillAgents(stage);
}

/** A stack with a history: two versions, and a draft with something to warn of. */
async function fillStacks({ send, key, ask }: Stage["gateway"]["operator"]): Promise<void> {
  await send("POST", "/stacks", {
    slug: "support-desk",
    name: "Support desk",
    description: "Answers to customers: careful, and never dear.",
    clone_from: "default-optimizer",
  });
  const first = { objective: { qualityTarget: "high" }, budget: { dailyUsd: "25", perRequestMaxUsd: "0.10" } };
  await send("PATCH", "/stacks/support-desk", { policy: first });
  await send("POST", "/stacks/support-desk/publish", { note: "First version, as agreed with support" });
  const second = { ...first, boundaries: { dataPolicy: "no_training", blockedModels: ["x-ai/*"] } };
  await send("PATCH", "/stacks/support-desk", { policy: second });
  await send("POST", "/stacks/support-desk/publish", { note: "No training on what customers write" });
  for (const input of [...questions, "Plan the migration of our billing to a new provider, step by step."]) {
    await (await ask("support-desk", { input })).body?.cancel();
  }
  const draft = {
    ...second,
    objective: { qualityTarget: "standard", latencySloMs: 2500 },
    fallback: { maxAttempts: 2 },
  };
  await send("PATCH", "/stacks/support-desk", { policy: draft });
  await key({ name: "Help centre", stack: "support-desk" });
}

/** Requests with a story: fallbacks of a strict stack, its texts kept, and one that nobody may answer. */
async function fillTraces(operator: Stage["gateway"]["operator"]): Promise<void> {
  await operator.publish("careful", {
    boundaries: { blockedModels: ["openai/*"], requiredCapabilities: ["vision"] },
    memory: { storePrompts: true, storeOutputs: true },
    verification: { mode: "strict" },
  });
  await operator.publish("closed", { boundaries: { allowedModels: ["no/such-model"] } });
  for (const stack of ["closed", "careful", "careful"]) await (await operator.ask(stack)).text();
}
