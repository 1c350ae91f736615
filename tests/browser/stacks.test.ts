// A stack as a person makes it in a real browser: cloned, edited by form and by text, told its mistakes where they are,
// tried out, published, compared and rolled back; and two who edit it at once.

import { expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser();
/** A journey of many steps, on machines that are shared. */
const patienceMs = 60_000;

const at = (path: string): string => `${stage().address}/w/${stage().workspaceId}${path}`;
const editor = (page: Page) => page.getByRole("textbox", { name: "Policy as text" });

/** Writes a whole policy over what the text editor holds. */
async function write(page: Page, policy: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(policy);
}

test(
  "a stack is cloned, edited by form and text, published, compared and rolled back",
  async () => {
    const person = await stage().person();
    await stage().as(person, async (page) => {
      await page.goto(at("/stacks/low-cost"));
      await page.getByText("Cost alone decides between models that are good enough.").waitFor();
      await page.getByRole("link", { name: "Clone to edit" }).click();
      await page.getByLabel("Name").fill("Bulk work");
      await page.getByRole("button", { name: "Create the stack" }).click();
      await page.waitForURL("**/stacks/bulk-work");
      await page.getByText("Draft only").waitFor();

      await page.getByLabel("Quality target").selectOption("high");
      await page.getByText("Unsaved changes").waitFor();
      expect(await editor(page).innerText()).toContain('"qualityTarget": "high"');
      await page.keyboard.press("Control+s");
      await page.getByText("The draft is saved").waitFor();
      await page.getByText("Unsaved changes").waitFor({ state: "detached" });

      await page.getByRole("button", { name: "Publish", exact: true }).click();
      await page.getByLabel("Note").fill("First");
      await page.getByRole("button", { name: "Publish the version" }).click();
      await page.getByText("Version 1 serves", { exact: true }).waitFor();

      await write(page, '{ "objective": { "qualityTarget": "critical" }, "fallback": { "maxAttempts": 1 } }');
      await page.getByText("Unsaved changes").waitFor();
      expect(await page.getByLabel("Quality target").inputValue()).toBe("critical");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("Unsaved changes").waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Publish", exact: true }).click();
      const changes = page.getByRole("dialog").getByRole("listitem");
      await changes.filter({ hasText: "Objective · Quality target" }).waitFor();
      expect(await changes.filter({ hasText: "Most calls for a request" }).innerText()).toContain("At most 1 call");
      await page.getByRole("button", { name: "Publish the version" }).click();
      await page.getByText("Version 2 serves", { exact: true }).waitFor();
      const asked = await stage().gateway.operator.ask("bulk-work");
      expect(asked.headers.get("x-astrolabe-stack-version")).toBe("2");

      await page.getByRole("tab", { name: "Versions" }).click();
      await page.getByRole("button", { name: "Roll back" }).click();
      const dialog = page.getByRole("dialog", { name: "Roll back to version 1?" });
      await dialog.getByText("Objective · Quality target").waitFor();
      await dialog.getByRole("button", { name: "Roll back" }).click();
      await page.getByText("Version 1 serves", { exact: true }).waitFor();
      const again = await stage().gateway.operator.ask("bulk-work");
      expect(again.headers.get("x-astrolabe-stack-version")).toBe("1");
    });
  },
  patienceMs,
);

test(
  "mistakes are told at the field and at the line, and names that may be meant are one press away",
  async () => {
    const person = await stage().person();
    await stage().gateway.operator.publish("told", {});
    await stage().as(person, async (page) => {
      await page.goto(at("/stacks/told"));
      await write(page, '{\n  "objective": {\n    "latencySloMs": 0\n  }\n}');
      const field = page.getByLabel("First words within (ms)");
      await page.getByText(/^Line 3/).waitFor();
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      expect(await page.locator(".cm-lintRange-error").innerText()).toContain("latencySloMs");
      expect(await page.getByRole("button", { name: "Save", exact: true }).isDisabled()).toBe(true);
      await field.fill("1500");
      await page.getByText("The first words should come within 1.5 s").waitFor();
      expect(await editor(page).innerText()).toContain('"latencySloMs": 1500');

      await write(page, '{ "boundaries": { "blockedModels": ["openai/gpt-5.44"] } }');
      await page.getByText("No model is called `openai/gpt-5.44`.").first().waitFor();
      await page.getByRole("button", { name: /^Boundaries/ }).click();
      await page.getByRole("button", { name: "openai/gpt-5.4", exact: true }).click();
      await page.getByText("openai/gpt-5.4 never answers.").waitFor();

      await write(page, '{ "budget": { "dailyUsd": ');
      await page.getByText("The text is no JSON at the moment").waitFor();
      await page
        .getByText(/^Line 1/)
        .first()
        .waitFor();
    });
  },
  patienceMs,
);

test(
  "the text suggests what the schema allows",
  async () => {
    const person = await stage().person();
    await stage().gateway.operator.publish("suggested", {});
    await stage().as(person, async (page) => {
      await page.goto(at("/stacks/suggested"));
      await write(page, '{ "objective": {  } }');
      for (let step = 0; step < 4; step++) await page.keyboard.press("ArrowLeft");
      await page.keyboard.type('"qual');
      await page.getByRole("option", { name: "qualityTarget" }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForFunction(
        `document.querySelector(".cm-content").innerText.includes('"qualityTarget": "standard"')`,
      );
    });
  },
  patienceMs,
);

test(
  "what would happen follows the draft on the page, saved or not; what would have happened counts what changes",
  async () => {
    const person = await stage().person();
    const { operator } = stage().gateway;
    await operator.publish("tried", { boundaries: { allowedModels: ["openai/gpt-5.4"] } });
    await stage().gateway.traceOf(await operator.ask("tried"));
    await stage().as(person, async (page) => {
      await page.goto(at("/stacks/tried"));
      await page
        .getByLabel("Request", { exact: true })
        .fill(`curl https://host/v1/chat/completions -d '{"messages":[{"role":"user","content":"Hello."}]}'`);
      await page.getByText("Read as Chat Completions.").waitFor();
      await page.keyboard.press("Control+Enter");
      await page.getByText("GPT-5.4 by sandbox would be asked").waitFor();
      await write(page, '{ "boundaries": { "blockedModels": ["*"] } }');
      await page.getByText("No model is left").first().waitFor();
      await page.keyboard.press("Control+Enter");
      await page.getByText("It would be refused with 409 routing_policy_blocked").waitFor();
      await page.getByRole("tab", { name: "What would have happened" }).click();
      await page.getByRole("button", { name: "Plan them again" }).click();
      await page.getByRole("table", { name: "Requests" }).getByText("routing_policy_blocked").waitFor();
      expect(await page.getByText("Newly refused").locator("..").innerText()).toContain("1");
    });
  },
  patienceMs,
);

test(
  "two who edit one stack hear of each other",
  async () => {
    const [first, second] = [
      await stage().person(),
      await stage().person({ roles: { [stage().workspaceId]: "developer" } }),
    ];
    await stage().gateway.operator.publish("shared", {});
    await stage().as(
      first,
      async (page) => {
        await page.goto(at("/stacks/shared"));
        await page.getByLabel("Quality target").selectOption("draft");
        await stage().as(second, async (other) => {
          await other.goto(at("/stacks/shared"));
          await other.getByLabel("Quality target").selectOption("high");
          await other.keyboard.press("Control+s");
          await other.getByText("The draft is saved").waitFor();
        });
        await page.keyboard.press("Control+s");
        await page.getByText("saved this stack meanwhile").waitFor();
        await page.getByText('"qualityTarget": "high"').waitFor();
        await page.getByRole("button", { name: "Keep mine and go on" }).click();
        await page.keyboard.press("Control+s");
        await page.getByText("The draft is saved").waitFor();
        const { body } = await stage().gateway.operator.send("GET", "/stacks/shared");
        expect(body["policy"]).toMatchObject({ objective: { qualityTarget: "draft" } });
      },
      { expected: [/409/] },
    );
  },
  patienceMs,
);

test(
  "who may only read sees everything and changes nothing; who leaves unsaved changes is asked",
  async () => {
    await stage().gateway.operator.publish("read", {});
    const viewer = await stage().person({ roles: { [stage().workspaceId]: "viewer" } });
    await stage().as(viewer, async (page) => {
      await page.goto(at("/stacks/read"));
      await page.getByRole("button", { name: "See what would happen" }).click();
      await page.getByText("would be asked").waitFor();
      expect(await page.getByLabel("Quality target").isDisabled()).toBe(true);
      expect(await page.getByRole("button", { name: /^(Save|Publish|More)$/ }).count()).toBe(0);
    });
    await stage().as(await stage().person(), async (page) => {
      await page.goto(at("/stacks/read"));
      await page.getByLabel("Quality target").selectOption("high");
      await page.getByRole("link", { name: "Keys" }).click();
      await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      expect(page.url()).toContain("/stacks/read");
      await page.getByRole("link", { name: "Keys" }).click();
      await page.getByRole("button", { name: "Leave" }).click();
      await page.waitForURL("**/keys");
    });
  },
  patienceMs,
);
