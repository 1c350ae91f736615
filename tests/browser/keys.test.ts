// Keys in a real browser: rotation with an overlap, what they have used, filters in the address, and the playground's key.

import { expect, test } from "bun:test";
import { seriousViolations } from "./accessibility.ts";
import { until } from "./settled.ts";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser();
const question = { model: "astrolabe/auto", input: "Hi" };

test("a key is rotated: both secrets work, the new one is shown once, and the page says so", async () => {
  const { address, workspaceId, gateway } = stage();
  const { secret } = await gateway.operator.key({ name: "worker" });
  await (await gateway.post("/v1/responses", question, { key: secret })).text();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/keys?q=worker`);
    await page.getByRole("button", { name: "Acts on worker" }).click();
    await page.getByRole("menuitem", { name: "Rotate" }).click();
    await page.getByLabel("The old secret goes on working").selectOption("60");
    await page.getByRole("button", { name: "Make the new secret" }).click();
    const next = await page.locator("[data-secret]").innerText();
    expect(await seriousViolations(page)).toEqual([]);
    for (const key of [secret, next]) expect((await gateway.post("/v1/responses", question, { key })).status).toBe(200);
    await page.getByLabel("I have stored the key").click();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText("+ old").waitFor();
    expect(await page.content()).not.toContain(next.slice(30));
    expect(await page.getByRole("table").innerText()).toContain("$0.0");
  });
});

test("filters live in the address, and a pasted secret does not", async () => {
  const { address, workspaceId, gateway } = stage();
  const { secret } = await gateway.operator.key({ name: "nightly", stack: "low-cost" });
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/keys`);
    await page.getByLabel("Search keys").fill(secret);
    await page.getByText("nightly").waitFor();
    await until(page, "location.search.includes('q=')");
    expect(page.url()).not.toContain(secret.slice(23));
    await page.goto(`${address}/w/${workspaceId}/keys?stack=low-cost&status=active`);
    await page.getByText("nightly").waitFor();
    expect(await page.getByRole("table").getByRole("row").count()).toBe(2);
  });
});

test("a key's form offers usual spans and the catalogue's models", async () => {
  const { address, workspaceId, gateway } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/keys?dialog=new`);
    await page.getByLabel("Name").fill("limited");
    await page.getByRole("button", { name: "30 days" }).click();
    await page.getByLabel("Add a model").click();
    await page.getByPlaceholder("Add a model or a maker").fill("openai/*");
    await page.getByRole("option", { name: /openai\/\*/ }).click();
    await page.getByRole("button", { name: "Create the key" }).click();
    await page.locator("[data-secret]").waitFor();
  });
  const { body } = await gateway.operator.send("GET", "/keys?search=limited");
  const [key] = Array.isArray(body["data"]) ? body["data"] : [];
  expect(key).toMatchObject({ allowed_models: ["openai/*"] });
  const expires = Date.parse(String(Object.entries(key ?? {}).find(([name]) => name === "expires_at")?.[1]));
  expect(Math.floor((expires - Date.now()) / 86_400_000)).toBe(30);
});

test("the playground's key is listed, can be revoked, and is renewed by who administers", async () => {
  const { address, workspaceId, gateway } = stage();
  const person = await stage().person();
  const play = () => person.send("POST", `/api/workspaces/${workspaceId}/playground/responses`, question);
  expect((await play()).status).toBe(200);
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/keys?q=Playground`);
    await page.getByText("Held by nobody").waitFor();
    await page.getByRole("button", { name: "Acts on Playground" }).click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await page.getByRole("button", { name: "Revoke the key" }).click();
    await page.getByRole("table").getByText("Revoked", { exact: true }).waitFor();
    expect((await play()).status).toBe(403);
    await page.getByRole("button", { name: "Acts on Playground" }).click();
    await page.getByRole("menuitem", { name: "Open the playground again" }).click();
    await page.getByRole("button", { name: "Renew the key" }).click();
    await page.getByText("The playground is open again.").waitFor();
  });
  expect((await play()).status).toBe(200);
  expect(gateway.faults).toEqual([]);
});
