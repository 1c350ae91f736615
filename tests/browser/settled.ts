// Waits for a page: until it shows what it has, or until something is true of it.

import type { Page } from "playwright-core";

const patienceMs = 15_000;
const pollMs = 25;

/** Until there is no skeleton and nothing is busy. Pages that refresh themselves are never silent. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector("h1");
  await until(page, "document.querySelector('[data-loading], [aria-busy=true]') === null");
}

/**
 * Until an expression is true in the page. It is asked from outside: the page's own policy lets nobody evaluate text.
 * @throws Error when it stays untrue for 15 seconds
 */
export async function until(page: Page, expression: string): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; await Bun.sleep(pollMs)) {
    // A page that is being left has no answer.
    if ((await page.evaluate(expression).catch(() => false)) === true) return;
    if (Date.now() > deadline) throw new Error(`it did not become true of ${page.url()}: ${expression}`);
  }
}
