// `ast login` as a person does it: the program opens their browser, they sign in there and let it in, and it is signed in.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { installAst } from "../support/ast.ts";
import { withBrowser } from "./with-browser.ts";

const password = "correct horse battery";
const stage = withBrowser({ ASTROLABE_SIGN_UP: "open" });

/** What a desktop calls to show an address; this one writes down what it was given. */
const desktop = mkdtempSync(join(tmpdir(), "ast-desktop-"));
writeFileSync(join(desktop, "xdg-open"), `#!/bin/sh\n{ echo "$#" "$1"; env; } > ${desktop}/opened\n`, { mode: 0o755 });
afterAll(() => rmSync(desktop, { recursive: true }));

test("a stranger makes an account on the page that it opens, lets it in, and it acts as them", async () => {
  const ast = installAst({
    ASTRO_SERVER_URL: stage().address,
    PATH: `${desktop}:${process.env["PATH"]}`,
    DISPLAY: ":99",
    // An old token of the environment is not for the programs that it starts.
    ASTRO_ACCESS_TOKEN: "not-for-children",
  });
  const login = ast.start(["login"]);
  const [address = "", userCode = ""] = await login.shows(/http:\S+\/device\?user_code=(\w+)/);
  expect((await login.shows(/shows the code (\w+)/))[1]).toBe(userCode);
  await login.shows(/Your browser shows how to sign in/);
  const letIn = async (page: Page) => {
    await page.goto(address);
    await page.getByRole("link", { name: "Make an account" }).click();
    await page.getByLabel("Name").fill("Ada Lovelace");
    await page.getByLabel("E-mail address").fill("ada@ast.example");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.getByText(userCode, { exact: true }).waitFor();
    await page.getByRole("button", { name: "Let it in" }).click();
    await page.getByRole("heading", { name: "The program is in" }).waitFor();
  };
  // Whoever is not signed in is told so, and the browser says that to itself.
  await stage().as(undefined, letIn, { expected: [/status of 401/] });
  const { code, stdout } = await login.ended;
  expect([code, stdout]).toEqual([0, expect.stringContaining("as ada@ast.example.")]);
  const opened = readFileSync(join(desktop, "opened"), "utf8");
  expect(opened.split("\n")[0]).toBe(`1 ${address}`);
  expect(opened).not.toContain("not-for-children");
  const who = await ast.run(["whoami", "--json"], { env: { ASTRO_ACCESS_TOKEN: "" } });
  expect([who.code, who.json["email"]]).toEqual([0, "ada@ast.example"]);
  ast.remove();
});
