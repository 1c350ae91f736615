// People around a workspace, for pictures: members of every role, invitations, a webhook, and somebody who asks for access.

import type { Stage } from "./with-browser.ts";

export async function fillPeople(stage: Stage): Promise<void> {
  const { gateway, workspaceId } = stage;
  const { send } = gateway.operator;
  await stage.person({ name: "Grace Hopper", email: "grace@example.com", roles: { [workspaceId]: "admin" } });
  const alan = await stage.person({
    name: "Alan Turing",
    email: "alan@example.com",
    roles: { [workspaceId]: "developer" },
  });
  await stage.person({ name: "Barbara Liskov", email: "barbara@example.com", roles: { [workspaceId]: "billing" } });
  await send("POST", "/invitations", { email: "edsger@example.com", role: "developer" });
  await send("POST", "/invitations", { email: "margaret@example.com", role: "viewer" });
  await send("POST", "/webhooks", { url: "https://hooks.example.com/astrolabe", event_types: ["credits.low"] });
  await send("PATCH", "", { budget: { dailyUsd: "20", monthlyUsd: "400" } });
  await alan.send("PATCH", `/api/workspaces/${workspaceId}`, { name: "Refused" });
  await send("PATCH", "/api/operator/settings", { access_review: true });
  const person = await stage.person({ name: "Katherine Johnson", email: "katherine@example.com", roles: {} });
  const made = await person.send("POST", "/api/workspaces", { name: "Orbit" });
  await person.send("POST", `/api/workspaces/${String(made.body["id"])}/access`, {
    name: "Katherine Johnson",
    company: "Trajectories Ltd",
    use: "Checking the figures of flight paths, and explaining them in plain words to those who fly them.",
    expected_monthly_volume: "About 20 million tokens",
  });
  await send("PATCH", "/api/operator/settings", { access_review: false });
}
