// Looks at a page as axe-core does: what it calls serious or critical fails a test.

import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../tidy/source-tree.ts";

const graveImpacts = ["serious", "critical"];

type Violation = {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
};

/** The violations of a page, a line each; empty when there are none that are serious. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(await Bun.file(join(root, "node_modules/axe-core/axe.min.js")).text());
  const violations: readonly Violation[] = await page.evaluate("axe.run().then(({ violations }) => violations)");
  return violations
    .filter(({ impact }) => graveImpacts.includes(impact ?? ""))
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = "" }) => `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary}`),
    );
}
