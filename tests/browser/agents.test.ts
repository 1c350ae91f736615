// Agents in a real browser, where they meet the rest of the console: their keys, their requests, and the account's name.

import { expect, test } from "bun:test";
import { keyOfDeployment } from "../../server/agents/gateway-keys.ts";
import { asId, type WorkspaceId } from "../../server/contracts/ids.ts";
import { arrayAt, isObject, stringAt } from "../../server/contracts/json.ts";
import { getWorkspace } from "../../server/workspaces/manage-workspaces.ts";
import { seriousViolations } from "./accessibility.ts";
import { deployingAs } from "../support/deploying.ts";
import { librarianSpec, push } from "./fill-agents.ts";
import { settled, until } from "./settled.ts";
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

test("an agent is deployed with what the vault keeps, followed, rolled back, given a new key, and taken away", async () => {
  const { address, workspaceId, gateway, runtime } = stage();
  const person = await stage().person({ roles: { [workspaceId]: "developer" } });
  await push(person, workspaceId, "b1", librarianSpec(1));
  await stage().as(person, async (page) => {
    const act = async (name: string) => {
      await page.getByRole("button", { name: "Acts on reading room" }).click();
      await page.getByRole("menuitem", { name }).click();
    };
    const tab = (name: string) => page.getByRole("tab", { name }).click();
    const serves = (revision: number) => page.getByRole("row", { name: new RegExp(`^${revision} Serves`) }).waitFor();

    await page.goto(`${address}/w/${workspaceId}/agents?tab=variables`);
    await page.getByRole("button", { name: "Add a value" }).click();
    await page.getByLabel("Name").fill("LIBRARY_SECRET");
    await page.getByLabel("Value", { exact: true }).fill("open sesame");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("LIBRARY_SECRET is kept.").waitFor();
    expect(await page.content()).not.toContain("open sesame");

    await page.goto(`${address}/w/${workspaceId}/agents/blueprints/librarian?dialog=deploy`);
    await page.getByLabel("Name", { exact: true }).fill("reading room");
    await page.getByLabel("TONE", { exact: false }).first().selectOption("brisk");
    await page.getByRole("button", { name: "Deploy" }).last().click();
    await until(page, "document.querySelectorAll('[role=dialog] [aria-invalid=true]').length === 2");
    expect(await page.getByLabel("CATALOGUE_KEY", { exact: true }).getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Where CATALOGUE_KEY comes from").selectOption("LIBRARY_SECRET");
    await page.getByLabel("When fetch-news runs").fill("0 6 * * *");
    await page.getByRole("button", { name: "Deploy" }).last().click();

    await page.getByRole("heading", { name: "reading room" }).waitFor();
    await page.getByText("Active", { exact: true }).waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const about = deployingAs(gateway, person, workspaceId);
    const project = stringAt(await about.get(id), "namespace") ?? "";
    const given = () => runtime.environmentOf(project, "agent") ?? {};
    expect([given()["TONE"], given()["CATALOGUE_KEY"]]).toEqual(["brisk", "open sesame"]);

    await tab("Logs");
    const log = page.getByRole("log");
    await log.getByText("tone brisk").waitFor();
    await page.getByRole("status").getByText("Live").waitFor();
    const { host = "", port = 0 } = (await runtime.endpoint(project, "agent", 80)) ?? {};
    await fetch(`http://${host}:${port}/tides`);
    await log.getByText("asked for /tides").waitFor();

    await push(person, workspaceId, "b2", librarianSpec(2));
    await act("Redeploy");
    await tab("Revisions");
    await serves(2);
    await page.getByRole("button", { name: "Roll back to revision 1" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
    await serves(3);
    expect(await page.getByRole("row", { name: /^3 Serves Rolled back to 1 b1/ }).count()).toBe(1);

    const old = given()["ASTRO_GATEWAY_API_KEY"] ?? "";
    await act("Rotate the gateway key");
    await page.getByRole("button", { name: "Rotate the key" }).click();
    await serves(4);
    const key = given()["ASTRO_GATEWAY_API_KEY"] ?? "";
    expect([key === old, (await gateway.post("/v1/responses", question, { key })).status]).toEqual([false, 200]);

    await act("Undeploy");
    const undeploy = page.getByRole("button", { name: "Undeploy" });
    expect(await undeploy.isDisabled()).toBe(true);
    await page.getByLabel("Type reading room to go on").fill("reading room");
    await undeploy.click();
    await page.waitForURL(/\/agents$/);
    await about.until(id, "undeployed");
    expect((await gateway.post("/v1/responses", question, { key })).status).toBe(401);
  });
});

test("the address that the published `ast push` prints leads to the blueprint, past the sign-in page too", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person({ roles: { [workspaceId]: "developer" } });
  await push(person, workspaceId, "seen", librarianSpec(1, "seen-online"));
  const [workspace] = (arrayAt((await person.send("GET", "/api/me")).body, "workspaces") ?? []).filter(isObject);
  const printed = `/${stringAt(workspace ?? {}, "slug")}/seen-online`;
  await stage().as(person, async (page) => {
    await page.goto(address + printed);
    await page.waitForURL(`${address}/w/${workspaceId}/agents/blueprints/seen-online`);
    await page.getByRole("heading", { name: "seen-online" }).waitFor();
    await page.goto(`${address}/somebody-else/seen-online`);
    await page.getByText("There is no page at this address").waitFor();
  });
  await stage().as(
    undefined,
    async (page) => {
      await page.goto(address + printed);
      await page.waitForURL(`${address}/sign-in?next=${encodeURIComponent(printed)}`);
    },
    { expected: [/401/] },
  );
});

test("a viewer sees agents, and nothing that would change them", async () => {
  const { address, workspaceId, gateway } = stage();
  const developer = await stage().person({ roles: { [workspaceId]: "developer" } });
  await push(developer, workspaceId, "b3", librarianSpec(1, "seen"));
  const id = await deployingAs(gateway, developer, workspaceId).deployed(
    "seen by all",
    { schedules: { "fetch-news": "0 6 * * *" }, variables: { CATALOGUE_KEY: { value: "x" } } },
    "seen",
  );
  const viewer = await stage().person({ roles: { [workspaceId]: "viewer" } });
  const shown: readonly (readonly [string, string])[] = [
    [`/${id}`, "What runs"],
    [`/${id}?tab=revisions`, "Serves"],
    [`/${id}?tab=jobs`, "fetch-news"],
    ["/blueprints/seen", "b3"],
    ["?tab=keys", "seen by all"],
    // Not theirs to see: they get the deployments.
    ["?tab=variables", "seen by all"],
  ];
  await stage().as(viewer, async (page) => {
    for (const [path, text] of shown) {
      await page.goto(`${address}/w/${workspaceId}/agents${path}`);
      await settled(page);
      await page.getByText(text).first().waitFor();
      const acts = page.getByRole("button", { name: /^(Acts on|Deploy|Roll back|Run now|Wake|Add)/ });
      expect([path, await acts.count()]).toEqual([path, 0]);
    }
    expect(await page.getByRole("tab", { name: "Secrets and variables" }).count()).toBe(0);
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
