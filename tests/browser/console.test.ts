// The console as a person meets it in a real browser: the way in, the shell, the keys.

import { describe, expect, test } from "bun:test";
import { settled, until } from "./settled.ts";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser();

describe("the way in", () => {
  test("leads who is not signed in to the sign-in page, and remembers where they wanted to go", async () => {
    await stage().as(
      undefined,
      async (page) => {
        await page.goto(`${stage().address}/w/${stage().workspaceId}/keys?status=active`);
        await page.waitForURL(/\/sign-in/);
        expect(new URL(page.url()).searchParams.get("next")).toBe(`/w/${stage().workspaceId}/keys?status=active`);
      },
      { expected: [/401/] },
    );
  });

  test("leads who is signed in to their workspace", async () => {
    const person = await stage().person();
    await stage().as(person, async (page) => {
      await page.goto(stage().address);
      await page.waitForURL(`**/w/${stage().workspaceId}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
    });
  });
});

describe("the shell", () => {
  test("goes to a page by the rail, by keys and by the palette, and back works", async () => {
    const person = await stage().person();
    await stage().as(person, async (page) => {
      await page.goto(`${stage().address}/w/${stage().workspaceId}`);
      await settled(page);
      await page.keyboard.press("g");
      await page.keyboard.press("k");
      await page.waitForURL("**/keys");
      await page.goBack();
      await page.getByRole("heading", { name: "First steps" }).waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.type("keys");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/keys");
      await page.getByRole("link", { name: "Overview" }).click();
      await page.getByRole("heading", { name: "First steps" }).waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    });
  });

  test("keeps the theme that was chosen, also before the first paint", async () => {
    const person = await stage().person();
    await stage().as(person, async (page) => {
      await page.goto(`${stage().address}/w/${stage().workspaceId}`);
      await page.getByRole("button", { name: "Theme" }).click();
      await page.getByRole("menuitem", { name: "Dark" }).click();
      await page.reload({ waitUntil: "commit" });
      await until(page, "document.documentElement.dataset.theme === 'dark'");
    });
  });

  test("hides the navigation behind a button on a phone", async () => {
    const person = await stage().person();
    await stage().as(
      person,
      async (page) => {
        await page.goto(`${stage().address}/w/${stage().workspaceId}`);
        await page.getByRole("button", { name: "Open the navigation" }).tap();
        await page.getByRole("link", { name: "Keys" }).tap();
        await page.getByRole("heading", { name: "Keys" }).waitFor();
        expect(await page.getByRole("link", { name: "Keys" }).count()).toBe(0);
      },
      { width: "phone" },
    );
  });

  test("names a workspace that an operator visits without being its member", async () => {
    const { body } = await stage().gateway.operator.send("POST", "/api/workspaces", { name: "Harbour" });
    const person = await stage().person({ operator: true });
    await stage().as(person, async (page) => {
      await page.goto(`${stage().address}/w/${String(body["id"])}/keys`);
      await page.getByRole("button", { name: "Workspace: Harbour" }).waitFor();
      expect(await page.getByRole("button", { name: "Create a key" }).count()).toBeGreaterThan(0);
    });
  });

  test("answers an address without a page with words", async () => {
    const person = await stage().person();
    await stage().as(person, async (page) => {
      await page.goto(`${stage().address}/w/${stage().workspaceId}/nothing`);
      await page.getByText("There is no page at this address").waitFor();
    });
  });
});

describe("keys", () => {
  test("a key is created, its secret shown once, used, found and revoked", async () => {
    const person = await stage().person();
    await stage().as(person, async (page) => {
      await page.goto(`${stage().address}/w/${stage().workspaceId}/keys`);
      await page.getByRole("button", { name: "Create a key" }).first().click();
      await page.getByLabel("Name").fill("Ci runner");
      await page.getByLabel("Spend limit").fill("12.50");
      await page.getByRole("button", { name: "Create the key" }).click();
      const secret = await page.locator("[data-secret]").innerText();
      expect(secret).toMatch(/^astrolabe_live_[0-9A-Za-z]{38}$/);
      expect(
        (await stage().gateway.post("/v1/responses", { model: "astrolabe/auto", input: "hi" }, { key: secret })).status,
      ).toBe(200);
      await page.getByRole("button", { name: "Copy", exact: true }).click();
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(secret);
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByText("Ci runner").waitFor();
      expect(await page.content()).not.toContain(secret);
      await page.getByLabel("Search keys").fill("Ci run");
      await page.waitForURL(/q=Ci/);
      await page.getByText("First live key").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Acts on Ci runner" }).click();
      await page.getByRole("menuitem", { name: "Revoke" }).click();
      await page.getByRole("button", { name: "Revoke the key" }).click();
      await page.getByRole("table").getByText("Revoked").waitFor();
      expect(
        (await stage().gateway.post("/v1/responses", { model: "astrolabe/auto", input: "hi" }, { key: secret })).status,
      ).toBe(401);
    });
  });

  test("a wrong field is told at the field", async () => {
    const person = await stage().person();
    await stage().as(
      person,
      async (page) => {
        await page.goto(`${stage().address}/w/${stage().workspaceId}/keys?dialog=new`);
        await page.getByLabel("Name").fill("wrong");
        await page.getByLabel("Budget a day").fill("ten");
        await page.getByRole("button", { name: "Create the key" }).click();
        await page.getByText(/Decimal USD above 0/).waitFor();
        expect(await page.getByLabel("Budget a day").getAttribute("aria-invalid")).toBe("true");
        expect(await page.getByLabel("Spend limit").getAttribute("aria-invalid")).toBeNull();
      },
      { expected: [/400/] },
    );
  });

  test("a stack is found by typing, and the table is downloaded as it is shown", async () => {
    const person = await stage().person();
    await stage().as(person, async (page) => {
      await page.goto(`${stage().address}/w/${stage().workspaceId}/keys?dialog=new`);
      await page.getByLabel("Name").fill("Bound, to a stack");
      await page.getByRole("dialog").getByLabel("Stack").click();
      await page.getByPlaceholder("Find a stack").fill("code-ag");
      await page.getByRole("listbox").getByRole("option").first().waitFor();
      const chosen = await page.getByRole("listbox").getByRole("option").first().innerText();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Create the key" }).click();
      await page.getByLabel("I have stored the key").click();
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByText("Bound, to a stack").waitFor();
      await page.getByRole("button", { name: "Choose columns" }).click();
      await page.getByRole("menuitemcheckbox", { name: "Expires" }).click();
      await page.keyboard.press("Escape");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Download these rows as CSV" }).click(),
      ]);
      const [head = "", ...rows] = (await Bun.file(await download.path()).text()).split("\r\n");
      expect([download.suggestedFilename(), head.includes("Stack"), head.includes("Expires")]).toEqual([
        "keys.csv",
        true,
        false,
      ]);
      const row = rows.find((line) => line.startsWith('"Bound, to a stack",')) ?? "";
      expect(chosen.toLowerCase()).toContain(row.split(",").find((cell) => cell.includes("code-agent")) ?? "no stack");
    });
  });

  test("who may only read finds no way to change", async () => {
    const person = await stage().person({ roles: { [stage().workspaceId]: "viewer" } });
    await stage().as(person, async (page) => {
      await page.goto(`${stage().address}/w/${stage().workspaceId}/keys?dialog=new`);
      await settled(page);
      expect(await page.getByRole("button", { name: /Create|Acts on/ }).count()).toBe(0);
      expect(await page.getByRole("dialog").count()).toBe(0);
    });
  });
});
