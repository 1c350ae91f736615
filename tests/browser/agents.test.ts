// Agents in a real browser, where they meet the rest of the console: their keys, their requests, and the account's name.

import { expect, test } from "bun:test";
import { keyOfDeployment } from "../../server/agents/gateway-keys.ts";
import { asId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { stringAt } from "../../server/contracts/json.ts";
import { getWorkspace } from "../../server/workspaces/manage-workspaces.ts";
import { seriousViolations } from "./accessibility.ts";
import { until } from "./settled.ts";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser();
const question = { model: "astrolabe/auto", input: "Hi" };

test("a development key is an agent's: limited by hand, named and ended by itself, and replaced once revoked", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person();
  const ask = async () => (await person.send("POST", `/api/v1/accounts/${workspaceId}/ai-gateway-keys`)).body["key_id"];
  const id = await ask();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/keys?q=${encodeURIComponent(person.email)}`);
    const acts = page.getByRole("button", { name: `Acts on Development: ${person.email}` });
    await acts.click();
    expect(await page.getByRole("menuitem").allInnerTexts()).toEqual(["Edit", "Revoke"]);
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByText("looked after for it").waitFor();
    expect(await page.getByLabel("Expires").count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByLabel("Requests a minute").fill("30");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The key is changed.").waitFor();
    await acts.click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await page.getByText("gets another key with the next").waitFor();
    await page.getByRole("button", { name: "Revoke the key" }).click();
    await page.getByRole("table").getByText("Revoked", { exact: true }).waitFor();
  });
  expect(await ask()).not.toBe(id);
});

test("a request names its agent on the trace, and requests are found by agent", async () => {
  const { address, workspaceId, gateway } = stage();
  const { agents, workspaces } = gateway.wired.control.services;
  const workspace = await getWorkspace(workspaces, asId<WorkspaceId>(workspaceId));
  const deployment = { workspace, deploymentId: "dep_seen", agent: "librarian", name: "librarian-live" };
  const { secret } = await keyOfDeployment(agents.gatewayKeys, deployment);
  const answered = await gateway.post("/v1/responses", question, { key: secret });
  const trace = await gateway.traceOf(answered);
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/traces/${stringAt(trace, "request_id")}`);
    await page.getByText("librarian-live", { exact: true }).waitFor();
    await page.getByText("no revision served then").waitFor();
    await page.goto(`${address}/w/${workspaceId}/traces`);
    await page.getByLabel("Agent").selectOption("librarian");
    await page.waitForURL(/agent=librarian/);
    await until(page, "document.querySelectorAll('[role=row]').length === 2");
    await page.goto(`${address}/w/${workspaceId}/usage?agent=librarian`);
    expect(await page.getByLabel("Agent").inputValue()).toBe("librarian");
  });
});

test("the account's name is changed in the settings", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/settings`);
    await page.getByLabel("Slug").fill("library");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The settings are saved.").waitFor();
  });
  expect((await person.send("GET", "/api/v1/agents/library")).status).toBe(200);
});
