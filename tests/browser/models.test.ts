// The catalogue in a real browser: its filters live in the address, models are compared, and strangers see it where the
// operator allows.

import { expect, test } from "bun:test";
import { seriousViolations } from "./accessibility.ts";
import { settled, until } from "./settled.ts";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser({ ASTROLABE_PUBLIC_CATALOGUE: "true" });

test("filters, order and choice live in the address, and the back button takes them away", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/models`);
    await page.getByText("44 models", { exact: true }).waitFor();
    await page.getByLabel("Search models").fill("claude");
    await page.getByRole("button", { name: "Vision" }).click();
    await page.getByLabel("Input price").selectOption("3");
    await until(page, "location.search.includes('q=claude')");
    const { search } = new URL(page.url());
    expect([...new URLSearchParams(search)].toSorted()).toEqual([
      ["capability", "vision"],
      ["price", "3"],
      ["q", "claude"],
    ]);
    await page.getByText("3 models", { exact: true }).waitFor();
    // The address alone shows the same.
    await page.goto(`${address}/w/${workspaceId}/models${search}`);
    await page.getByText("3 models", { exact: true }).waitFor();
    expect(await page.getByLabel("Search models").inputValue()).toBe("claude");
    await page.getByRole("button", { name: "Output / 1M" }).click();
    await until(page, "location.search.includes('sort=output')");
    await page.getByLabel("Compare Claude Haiku 4.5").check();
    await page.getByLabel("Compare Claude Sonnet 4.6").first().check();
    await page.getByRole("link", { name: "Compare" }).click();
    await page.getByRole("columnheader", { name: /Claude Haiku 4.5/ }).waitFor();
    expect(await page.getByRole("region", { name: "Comparison" }).innerText()).toContain("lowest");
    expect(await seriousViolations(page)).toEqual([]);
    await page.goBack();
    await page.getByText("2 of at most 4 models chosen.").waitFor();
  });
});

test("a model's page calculates exactly, keeps the sum in the address and leads to the playground", async () => {
  const { address, workspaceId } = stage();
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(`${address}/w/${workspaceId}/models/anthropic/claude-sonnet-4.6`);
    await page.getByLabel("Input tokens").fill("1001");
    await page.getByLabel("Of them cached").fill("1000");
    await page.getByLabel("Output tokens").fill("7");
    await page.getByRole("status", { name: "Cost" }).getByText("$0.000408").waitFor();
    await until(page, "location.search.includes('cached=1000')");
    expect(await page.locator("pre").innerText()).toContain(`curl ${address}/v1/responses`);
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "Try in the playground" }).click();
    await page.getByLabel("Model", { exact: true }).getByText("Claude Sonnet 4.6").waitFor();
  });
});

test("prices and models are open to strangers where the operator says so, and to nobody else where not", async () => {
  const { address } = stage();
  await stage().as(undefined, async (page) => {
    await page.goto(`${address}/pricing`);
    await page.getByRole("link", { name: "Claude Haiku 4.5" }).click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe("/catalogue/claude-haiku-4-5");
    expect(await page.getByRole("link", { name: "Try in the playground" }).count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
  });
});
