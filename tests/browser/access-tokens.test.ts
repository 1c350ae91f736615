// Access tokens as their person makes, uses and ends them in a real browser.

import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser();
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

test("a token is created, shown once, listed with what it may do, and revoked", async () => {
  const { address, gateway, workspaceId } = stage();
  const ada = await stage().person({ name: "Ada", roles: { [workspaceId]: "owner" } });
  await stage().as(ada, async (page) => {
    await page.goto(`${address}/account`);
    const section = page.getByRole("region", { name: "Access tokens" });
    await section.getByText("No tokens yet.").waitFor();
    await button(page, "Create a token").click();
    await page.waitForURL(/add=token/);
    const dialog = page.getByRole("dialog");
    expect(await button(page, "Create the token").isDisabled()).toBe(true);
    await dialog.getByLabel("Name", { exact: true }).fill("release workflow");
    await dialog.getByLabel("Ends after").selectOption("30");
    await dialog.getByLabel("Counts in").selectOption({ label: "Default" });
    await dialog.getByLabel("Only reads").click();
    await button(page, "Create the token").click();
    const secret = (await page.locator("[data-secret]").textContent()) ?? "";
    expect(secret).toMatch(/^astrolabe_pat_\w{38}$/);
    await page.keyboard.press("Escape");
    expect(await page.locator("[data-secret]").count()).toBe(1);
    await page.getByLabel("I have stored the token").click();
    await button(page, "Done").click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });

    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
    const ask = (method: string) =>
      fetch(`${gateway.url}/api/workspaces/${workspaceId}/keys`, {
        method,
        headers,
        ...(method === "POST" && { body: '{"name":"x"}' }),
      });
    expect([(await ask("GET")).status, (await ask("POST")).status]).toEqual([200, 403]);
    await page.reload();
    const row = section.getByRole("listitem");
    const shown = (await row.textContent()) ?? "";
    for (const part of [
      "release workflow",
      "Only reads",
      "In Default",
      secret.slice(0, 22),
      "used just now",
      "ends ",
    ]) {
      expect(shown).toContain(part);
    }
    expect(await page.content()).not.toContain(secret);

    await button(page, "Revoke release workflow").click();
    await button(page, "Revoke the token").click();
    await page.getByText("“release workflow” is revoked.").waitFor();
    await section.getByText("No tokens yet.").waitFor();
    expect((await ask("GET")).status).toBe(401);
  });
});
