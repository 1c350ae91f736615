// People in workspaces as they meet it in a real browser: invited and let in, asking for access and approved, suspended.

import { describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { stringAt } from "../../server/contracts/json.ts";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser();
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

describe("an invitation", () => {
  test("goes from the dialog by its link to a new member, who sees what their role allows", async () => {
    const { address, workspaceId } = stage();
    const owner = await stage().person({ name: "Olga" });
    const link = await stage().as(owner, async (page) => {
      await page.goto(`${address}/w/${workspaceId}/members`);
      await button(page, "Invite a person").click();
      await page.getByLabel("E-mail").fill("viewer@example.com");
      await page.getByLabel("Role", { exact: true }).selectOption("viewer");
      await button(page, "Invite").click();
      const shown = await page.locator("[data-secret]").textContent();
      await button(page, "Done").click();
      await page.getByRole("region", { name: "Invitations" }).last().getByText("viewer@example.com").waitFor();
      return shown ?? "";
    });
    expect(link).toStartWith(`${address}/invitation?token=`);
    const guest = await stage().person({ email: "viewer@example.com", roles: {} });
    await stage().as(guest, async (page) => {
      await page.goto(link);
      await page.getByText("Olga invites you").waitFor();
      await button(page, "Accept the invitation").click();
      await page.waitForURL(`**/w/${workspaceId}`);
      await page.goto(`${address}/w/${workspaceId}/members`);
      await page.getByText("You", { exact: true }).waitFor();
      expect(await button(page, "Invite a person").count()).toBe(0);
    });
  });

  test("asks who is not signed in to sign in, and comes back", async () => {
    const { address, gateway } = stage();
    const body = { email: "later@example.com", role: "viewer" };
    const link = stringAt((await gateway.operator.send("POST", "/invitations", body)).body, "link") ?? "";
    await stage().as(
      undefined,
      async (page) => {
        await page.goto(link);
        await page.getByRole("link", { name: "Sign in to accept" }).click();
        await page.waitForURL(/\/sign-in/);
        expect(new URL(page.url()).searchParams.get("next")).toBe(link.slice(address.length));
      },
      { expected: [/401/] },
    );
  });

  test("that is over says what to do", async () => {
    await stage().as(
      undefined,
      async (page) => {
        await page.goto(`${stage().address}/invitation?token=wrong`);
        await page.getByText("Ask for a new one").waitFor();
      },
      { expected: [/404/, /401/] },
    );
  });
});

describe("access review", () => {
  test("goes from the request over the operator's decision to an open workspace", async () => {
    const { address, gateway } = stage();
    await gateway.operator.send("PATCH", "/api/operator/settings", { access_review: true });
    const person = await stage().person({ name: "Katherine", roles: {} });
    const operator = await stage().person({ operator: true });
    await stage().as(person, async (page) => {
      await page.goto(address);
      await page.getByText("This workspace waits for its access review").waitFor();
      await page.getByRole("link", { name: "See the access request" }).click();
      await page.getByLabel("Company").fill("Trajectories");
      await page.getByLabel("What do you want to use the models for?").fill("Flight paths");
      await page.getByLabel("Expected monthly volume").fill("20M tokens");
      await button(page, "Send the request").click();
      await page.getByText("Your request is with the operators").waitFor();
    });
    await stage().as(operator, async (page) => {
      await page.goto(`${address}/operator/access-requests`);
      await button(page, "Decide").click();
      await page.getByLabel("Note").fill("Welcome.");
      await button(page, "Approve").click();
      await page.getByText("Nobody waits").waitFor();
    });
    await stage().as(person, async (page) => {
      await page.goto(address);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await page.getByText("waits for its access review").count()).toBe(0);
    });
    await gateway.operator.send("PATCH", "/api/operator/settings", { access_review: false });
  });
});

describe("an operator", () => {
  test("finds a workspace, grants, adjusts and suspends it; its members read why", async () => {
    const { address, gateway } = stage();
    const owner = await stage().person({ email: "acme@example.com", roles: {} });
    const made = await owner.send("POST", "/api/workspaces", { name: "Acme" });
    const id = String(made.body["id"]);
    const operator = await stage().person({ operator: true });
    await stage().as(
      operator,
      async (page) => {
        await page.goto(`${address}/operator/workspaces`);
        await page.getByLabel("Name, e-mail or id").fill("acme@");
        await page.waitForURL(/q=acme/);
        await page.getByRole("link", { name: "Acme" }).click();
        await button(page, "Grant credits").first().click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Amount").fill("12.5");
        await dialog.getByLabel("Why").fill("A start");
        await dialog.getByRole("button", { name: "Grant credits" }).click();
        await page.getByText("The credits are granted.").waitFor();
        await button(page, "Adjust the balance").click();
        await dialog.getByLabel("Amount").fill("100");
        await dialog.getByLabel("Why").fill("Too much");
        await dialog.getByRole("button", { name: "Adjust the balance" }).click();
        await dialog.getByText("That much is not free.").waitFor();
        await dialog.getByLabel("Amount").fill("2.5");
        await dialog.getByRole("button", { name: "Adjust the balance" }).click();
        await page.getByText("The balance is adjusted.").waitFor();
        await button(page, "Suspend").click();
        await dialog.getByLabel("Reason").fill("Unpaid invoice");
        await dialog.getByRole("button", { name: "Suspend" }).click();
        await page.getByText("Unpaid invoice").waitFor();
      },
      { expected: [/409/] },
    );
    const { body } = await gateway.operator.send("GET", `/api/workspaces/${id}/credits`);
    expect(body["balance_usd"]).toBe("10.000000000000");
    await stage().as(owner, async (page) => {
      await page.goto(`${address}/w/${id}`);
      await page.getByText("Unpaid invoice").waitFor();
    });
  });
});

describe("settings", () => {
  test("keep the budget that was typed, and say at the field what is wrong", async () => {
    const { address, workspaceId, gateway } = stage();
    const owner = await stage().person();
    await stage().as(
      owner,
      async (page) => {
        await page.goto(`${address}/w/${workspaceId}/settings?tab=budget`);
        await page.getByLabel("A day").fill("ten");
        await button(page, "Save the budget").click();
        await page.getByText("decimal USD above 0").waitFor();
        await page.getByLabel("A day").fill("10");
        await button(page, "Save the budget").click();
        await page.getByText("The budget is saved.").waitFor();
      },
      { expected: [/400/] },
    );
    const { body } = await gateway.operator.send("GET", "");
    expect(body["budget"]).toMatchObject({ dailyUsd: "10" });
    await gateway.operator.send("PATCH", "", { budget: null });
  });

  test("show an administrator who did what, and nobody else", async () => {
    const { address, workspaceId } = stage();
    const admin = await stage().person({ email: "ada@example.com", roles: { [workspaceId]: "admin" } });
    await admin.send("POST", `/api/workspaces/${workspaceId}/keys`, { name: "ci" });
    await stage().as(admin, async (page) => {
      await page.goto(`${address}/w/${workspaceId}/settings?tab=audit&actor=ada@example.com`);
      await page.getByText("Create API key").waitFor();
    });
    const viewer = await stage().person({ roles: { [workspaceId]: "viewer" } });
    await stage().as(viewer, async (page) => {
      await page.goto(`${address}/w/${workspaceId}/settings`);
      await page.getByRole("tab", { name: "Webhooks" }).waitFor();
      expect(await page.getByRole("tab", { name: "Audit log" }).count()).toBe(0);
    });
  });
});

test("a password that was refused stands on the page of the person whose account was tried", async () => {
  const { address, gateway } = stage();
  const person = await stage().person({ email: "tried@example.com" });
  await fetch(`${gateway.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: new URL(address).origin },
    body: JSON.stringify({ email: "tried@example.com", password: "somebody's guess" }),
  });
  const told = async () => JSON.stringify((await person.send("GET", "/api/me/audit-events")).body);
  for (const deadline = Date.now() + 10_000; !(await told()).includes("passwordRefused"); await Bun.sleep(10)) {
    expect(Date.now()).toBeLessThan(deadline);
  }
  await stage().as(person, async (page) => {
    await page.goto(`${address}/account`);
    const activity = page.getByRole("region", { name: "Recent activity" });
    await activity.getByText("Password refused").waitFor();
  });
});
