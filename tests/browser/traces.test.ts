// The trace page in a real browser: an answer after a fallback with a model that was left out, and a refusal; then the
// list with its filters and the usage charts.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { formatUsd, picodollars, parseUsd } from "../../server/money/picodollars.ts";
import {
  answers,
  doubledModels,
  refuses,
  startUpstreamDouble,
  upstreamEnvironment,
} from "../support/upstream-double.ts";
import { settled } from "./settled.ts";
import { withBrowser } from "./with-browser.ts";

const double = startUpstreamDouble();
const stage = withBrowser(upstreamEnvironment(double));
let [fallenBack, refused] = ["", ""];

beforeAll(async () => {
  const { operator } = stage().gateway;
  const priority = Object.keys(doubledModels);
  await operator.publish("careful", {
    objective: { primary: "fixed_priority", priority },
    boundaries: { blockedModels: ["openai/gpt-5.5"] },
    memory: { storePrompts: true },
  });
  await operator.publish("closed", { boundaries: { allowedModels: ["no/such-model"] } });
  double.behave({ first: refuses(500, "the model crashed"), second: answers("All is well.") });
  const ask = async (stack: string): Promise<string> => {
    const response = await operator.ask(stack);
    await stage().gateway.traceOf(response);
    return response.headers.get("x-astrolabe-cloud-request-id") ?? "";
  };
  fallenBack = await ask("careful");
  refused = await ask("closed");
});

afterAll(() => double.close());

const at = (path: string): string => `${stage().address}/w/${stage().workspaceId}${path}`;

test("a trace tells the ladder, who was tried, who was left out and why, and what it cost", async () => {
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(at(`/traces/${fallenBack}`));
    await settled(page);
    const rungs = await page.getByRole("list", { name: "Rungs" }).getByRole("listitem").allTextContents();
    expect(rungs.filter((text) => /openai\/gpt-5\.4|anthropic\/claude-sonnet-4\.6/.test(text))).toHaveLength(2);
    const candidates = page.getByRole("region", { name: "Candidates", exact: true }).last();
    await candidates.getByRole("row", { name: /gpt-5\.4 .*The provider failed/ }).waitFor();
    await candidates.getByRole("row", { name: /claude-sonnet-4\.6 .*Answered/ }).waitFor();
    await page.getByText("The stack blocks the model").waitFor();
    await page.getByText(/The provider failed \(500\): the model crashed/).waitFor();
    const lines = page.getByRole("table", { name: "Lines of the debit" }).getByRole("row");
    const amounts = (await lines.allTextContents()).map((text) => /\$([\d.]+)$/.exec(text)?.[1] ?? "");
    const [together = "", ...parts] = amounts.toReversed();
    const sum = parts.reduce((all, text) => all + (parseUsd(text) ?? 0n), 0n);
    expect(formatUsd(picodollars(sum))).toBe(formatUsd(picodollars(parseUsd(together) ?? -1n)));
    const replay = await page.getByRole("link", { name: "Replay" }).getAttribute("href");
    expect(replay).toEndWith(`/playground?from=${fallenBack}&stack=careful`);
    await page.getByRole("tab", { name: "Headers" }).click();
    await page.getByText("x-astrolabe-selected-model").waitFor();
    await page.getByRole("tab", { name: "JSON" }).click();
    await page.waitForURL(/view=json/);
    await page.getByText('"object": "route_trace"').waitFor();
  });
});

test("the trace of a refusal says why in words, and where it ended", async () => {
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(at(`/traces/${refused}`));
    await settled(page);
    await page.getByText("The stack's boundaries left no model that could answer.").first().waitFor();
    await page.getByText("Nobody was left who could answer.").waitFor();
    await page.getByText("The model is not among those that the stack or the key allows").waitFor();
    await page.getByRole("list", { name: "Rungs" }).getByText("Refuse").waitFor();
    expect(await page.getByRole("button", { name: "Replay" }).isDisabled()).toBe(true);
  });
});

test("the list shows what comes in while one looks, keeps its filters in the address, and leads to the trace", async () => {
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(at("/traces"));
    await settled(page);
    const rows = page.getByRole("table", { name: "Traces" }).getByRole("row");
    const before = await rows.count();
    await (await stage().gateway.operator.ask("careful")).text();
    await rows.nth(before).waitFor();
    await page.getByLabel("Outcome").selectOption("client_error");
    await page.waitForURL(/status=client_error/);
    await rows.nth(2).waitFor({ state: "detached" });
    await page.reload();
    await settled(page);
    expect(await rows.count()).toBe(2);
    await rows.nth(1).getByRole("link").click();
    await page.waitForURL(`**/traces/${refused}`);
  });
});

test("the usage page draws what was used and gives the numbers behind each chart", async () => {
  const person = await stage().person();
  await stage().as(person, async (page) => {
    await page.goto(at("/usage?group=stack"));
    await settled(page);
    await page.getByRole("heading", { name: "Savings" }).waitFor();
    const table = page.getByRole("table", { name: "Usage by group" });
    await table.getByRole("row", { name: /^closed / }).waitFor();
    await page.getByRole("button", { name: "Show the numbers" }).nth(1).click();
    await page.getByRole("region", { name: "Requests" }).getByRole("columnheader", { name: "careful" }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("usage.csv");
  });
});
