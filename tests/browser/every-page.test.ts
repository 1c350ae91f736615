// Every page of the console, as tests/browser/pages.ts lists them, in both themes and at two sizes.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BrowserContext } from "playwright-core";
import { seriousViolations } from "./accessibility.ts";
import { onPageOf, openSession, widths, type Theme, type Width } from "./browser.ts";
import { fillConsole } from "./fill-console.ts";
import { shownPages } from "./pages.ts";
import { settled } from "./settled.ts";
import { withBrowser } from "./with-browser.ts";

const stage = withBrowser({ ASTROLABE_PUBLIC_CATALOGUE: "true" });

describe("can be used by everyone, fits its screen, and makes the browser complain of nothing:", () => {
  const looks: readonly [Theme, Width][] = [
    ["light", "desktop"],
    ["dark", "phone"],
  ];
  const sessions = new Map<string, BrowserContext>();
  beforeAll(async () => {
    const person = await stage().person({ operator: true });
    await fillConsole(stage());
    for (const who of ["nobody", "operator"]) {
      for (const [theme, width] of looks) {
        const options = { theme, width, cookie: who === "nobody" ? undefined : person.cookie };
        sessions.set(`${who} ${theme}`, await openSession(stage().browser, stage().address, options));
      }
    }
  });
  afterAll(() => Promise.all([...sessions.values()].map((session) => session.close())));

  for (const shown of shownPages) {
    test(shown.name, async () => {
      const seen = looks.map(async ([theme, width]) => {
        const session = sessions.get(`${shown.as ?? "operator"} ${theme}`);
        if (session === undefined) throw new Error("the sessions are open while tests run");
        return onPageOf(session, shown.expected ?? [], async (page) => {
          await page.goto(stage().address + (await shown.path(stage())));
          await settled(page);
          await shown.prepare?.(page);
          const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
          const found = await seriousViolations(page);
          return [theme, width, ...(wide > widths[width].width ? [...found, `is ${wide} pixels wide`] : found)];
        });
      });
      expect(await Promise.all(seen)).toEqual(looks.map((look) => [...look]));
    });
  }
});
