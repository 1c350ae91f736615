// `npm run screenshots`: writes every page, light and dark, at the width of a phone and of a desktop, into
// tmp/screenshots. Words after `--` choose pages by the beginning of their names.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tidy/source-tree.ts";
import { openBrowser, type Theme, type Width } from "./browser.ts";
import { startConsole } from "./console-server.ts";
import { fillBilling } from "./fill-billing.ts";
import { fillConsole } from "./fill-console.ts";
import { shownPages } from "./pages.ts";
import { settled } from "./settled.ts";
import { StripeDouble } from "../support/stripe-double.ts";
import { stageOf } from "./with-browser.ts";

const themes: readonly Theme[] = ["light", "dark"];
const sizes: readonly Width[] = ["phone", "desktop"];

const folder = join(root, "tmp/screenshots");
const wanted = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const stripe = new StripeDouble();
const server = await startConsole({ ASTROLABE_PUBLIC_CATALOGUE: "true", ...stripe.environment });
const browser = await openBrowser();
const stage = stageOf(server, browser);
try {
  const person = await stage.person({ operator: true, name: "Ada Lovelace", email: "ada@example.com" });
  await fillConsole(stage);
  await fillBilling(stage, stripe);
  for (const shown of shownPages) {
    if (wanted.length > 0 && !wanted.some((word) => shown.name.startsWith(word))) continue;
    for (const theme of themes) {
      for (const width of sizes) {
        await stage.as(
          shown.as === "nobody" ? undefined : person,
          async (page) => {
            await page.goto(stage.address + (await shown.path(stage)));
            await settled(page);
            await shown.prepare?.(page);
            await page.screenshot({ path: join(folder, `${shown.name}-${theme}-${width}.png`) });
          },
          { theme, width, expected: [/.*/] },
        );
      }
    }
    console.log(shown.name);
  }
} finally {
  await browser.close();
  await server.gateway.close();
  await stripe.close();
}
console.log(`The pictures are in ${folder}.`);
