// The playground in a real browser: an answer as it streams, what it cost to the last digit, and lines that do the same.

import { expect, test } from "bun:test";
import { stringAt } from "../../server/contracts/json.ts";
import { billingOf } from "../support/gateway.ts";
import { seriousViolations } from "./accessibility.ts";
import { until } from "./settled.ts";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser();

test("an answer is shown as it arrives, with its headers and the exact debit, and no key reaches the page", async () => {
  const { address, workspaceId, gateway } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/playground`);
    await page.getByLabel("Message 1", { exact: true }).fill("Explain stacks. [sandbox:pace=40]");
    await page.getByText(/^About .* at most/).waitFor();
    await page.getByRole("button", { name: /^Run/ }).click();
    const answer = page.locator("[data-answer]");
    await answer.getByText("This is").waitFor();
    // Still on its way: the button that stops it is there.
    expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(1);
    await page.getByRole("link", { name: "See the trace" }).waitFor();
    const shown = await page.locator("[data-debit]").innerText();
    const trail = (await page.getByRole("link", { name: "See the trace" }).getAttribute("href")) ?? "";
    const requestId = trail.split("/").at(-1) ?? "";
    const trace = await gateway.get(`/v1/traces/${requestId}`);
    const debit = stringAt(billingOf(trace), "debit_usd") ?? "";
    expect(Number(debit)).toBeGreaterThan(0);
    expect(shown.trim()).toBe(`$${debit.replace(/0+$/, "")}`);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("tab", { name: "Headers" }).click();
    await page.getByText("x-astrolabe-stack-name").waitFor();
    expect(await page.getByRole("tabpanel").innerText()).toContain(requestId);
    await page.getByRole("tab", { name: "Code" }).click();
    const code = await page.locator("pre").innerText();
    const result = await new Response(
      Bun.spawn(["sh", "-c", code.replace("curl -N", "curl -sN").replace("pace=40", "pace=0")], {
        env: { PATH: process.env["PATH"], ASTROLABE_API_KEY: gateway.liveKey },
      }).stdout,
    ).text();
    expect(result).toContain("response.completed");
    expect(await page.content()).not.toMatch(/astrolabe_(?:live|test)_\w{38}/);
  });
});

test("stopping ends the answer where it is, and what was used is debited", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/playground?protocol=chat-completions&mode=live`);
    await page.getByLabel("Message 1", { exact: true }).fill("Tell a story. [sandbox:tokens=4000] [sandbox:pace=30]");
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.locator("[data-answer]").getByText("This is").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped; what was used until then is debited").waitFor();
    await page.getByRole("button", { name: /^Run/ }).waitFor();
  });
});

test("tools are answered by their stand-ins, and a reload keeps what was put together", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/playground?mode=test`);
    await page.getByLabel("Message 1", { exact: true }).fill("Use get_weather for Rome.");
    await page.locator("summary", { hasText: "Tools" }).click();
    await page.getByRole("button", { name: "Put in an example" }).click();
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByText("Round 2").waitFor();
    expect(await page.getByLabel("Arguments of get_weather, Arguments").innerText()).toContain("city");
    await page.reload();
    await until(page, "location.search.includes('mode=test')");
    expect(await page.getByLabel("Message 1", { exact: true }).inputValue()).toBe("Use get_weather for Rome.");
  });
});

test("a request whose prompt is kept is filled in again, under another stack where one is asked for", async () => {
  const { address, workspaceId, gateway } = stage();
  await gateway.operator.publish("keeper", { memory: { storePrompts: true } });
  const kept = await gateway.operator.ask("keeper", { input: "Remember these words.", temperature: 0.25 });
  await gateway.traceOf(kept);
  const forgotten = await gateway.operator.ask("low-cost", { input: "Forget these words." });
  await gateway.traceOf(forgotten);
  const idOf = (response: Response) => response.headers.get("x-astrolabe-cloud-request-id") ?? "";
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/playground?from=${idOf(kept)}&stack=high-quality`);
    await page.getByText(`Filled in from request ${idOf(kept)}`).waitFor();
    const message = page.getByLabel("Message 1", { exact: true });
    await until(
      page,
      "document.querySelector('textarea[aria-label=\"Message 1\"]')?.value === 'Remember these words.'",
    );
    await until(page, "location.search.includes('stack=high-quality')");
    await page.getByRole("tab", { name: "Code" }).click();
    expect(await page.locator("pre").innerText()).toContain('"temperature": 0.25');
    await message.fill("Other words.");
    await until(page, "!location.search.includes('from=')");
    await page.goto(`${address}/w/${workspaceId}/playground?from=${idOf(forgotten)}`);
    await page.getByText("The stack of this request keeps no prompts").waitFor();
  });
});

test("a viewer may look and not run", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person({ roles: { [workspaceId]: "viewer" } });
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/playground`);
    await page.getByText("Your role lets you look.").waitFor();
    await page.getByLabel("Message 1", { exact: true }).fill("Hi");
    expect(await page.getByRole("button", { name: /^Run/ }).isDisabled()).toBe(true);
  });
});
