// The first steps in an empty workspace, as its owner sees them: credits, a key, and the first request arriving live.

import { expect, test } from "bun:test";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser();

test("an empty workspace shows one next step at a time, and the first request as it arrives", async () => {
  const { address, emptyWorkspaceId: id, gateway } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${id}`);
    const current = page.locator("[aria-current=step]");
    await current.getByText("Add credits").waitFor();
    expect(await page.getByRole("link", { name: "Choose a pack" }).count()).toBe(1);

    await gateway.operator.send("POST", `/api/workspaces/${id}/credits/grants`, { amount_usd: "5", memo: "welcome" });
    await current.getByText("Create a key").waitFor();
    await page.getByRole("link", { name: "Create a key" }).click();
    await page.getByLabel("Name").fill("first");
    await page.getByRole("button", { name: "Create the key" }).click();
    const secret = await page.locator("[data-secret]").innerText();
    await page.getByLabel("I have stored the key").click();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("link", { name: "Overview" }).click();

    await current.getByText("Send a first request").waitFor();
    expect(await page.locator("pre").innerText()).toContain(`curl ${address}/v1/responses`);
    await page.getByRole("button", { name: "Python" }).click();
    expect(await page.locator("pre").innerText()).toContain(`base_url="${address}/v1"`);

    const answer = await gateway.post("/v1/responses", { model: "astrolabe/auto", input: "hello" }, { key: secret });
    expect(answer.status).toBe(200);
    const model = answer.headers.get("x-astrolabe-model") ?? "no model";
    await page.getByText("Your first request arrived").waitFor();
    await page.getByRole("status").getByText(model).waitFor();
    await page.getByRole("button", { name: "Show the overview" }).click();
    await page.getByRole("table", { name: "Recent requests" }).getByText(model).waitFor();
  });
});

test("a member who may not pay or build is told whom to ask", async () => {
  const { address, gateway } = stage();
  const { body } = await gateway.operator.send("POST", "/api/workspaces", { name: "Quiet" });
  const person = await stage().person({ roles: { [String(body["id"])]: "viewer" } });
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${String(body["id"])}`);
    await page.getByText("Ask an owner, an admin or the billing member").waitFor();
    expect(await page.getByRole("link", { name: "Choose a pack" }).count()).toBe(0);
  });
});
