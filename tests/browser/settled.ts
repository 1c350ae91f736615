// Waits until a page shows what it has: no skeleton, nothing on its way.

import type { Page } from "playwright-core";

/** Pages that refresh themselves are never silent, so it is the skeletons that count. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector("h1");
  await page.waitForFunction("document.querySelectorAll('.breathe, [aria-busy=true]').length === 0");
}
