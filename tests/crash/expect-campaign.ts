// What the crash tests of both engines expect of a campaign: that nothing went wrong, and that enough was tried.

import { expect } from "bun:test";
import { runCampaign } from "./campaign.ts";
import type { Layout } from "./engines.ts";
import { tallyLine } from "./tally.ts";

/** Kills in the form that is part of every test run; `npm run crash` makes as many as it is told. */
export const testKills = 200;
const seed = 1;
/** Many times what it takes on an idle machine. */
export const testTimeoutMs = 600_000;

export async function expectCampaign(layout: Layout): Promise<void> {
  const tally = await runCampaign({ ...layout, kills: testKills, seed });
  process.stdout.write(`${tallyLine(layout.engine, seed, tally)}\n`);
  expect(tally.faults).toEqual([]);
  expect(tally).toMatchObject({ overshoot: 0n, holdsLeft: 0, debitsLost: 0, streamsSwept: 0 });
  expect(tally.kills).toBeGreaterThanOrEqual(testKills);
  expect(tally.delivered).toBeGreaterThan(200);
  expect(tally.debitsChecked).toBeGreaterThanOrEqual(tally.delivered);
  expect(tally.outlivedLease).toBeGreaterThan(0);
  expect(tally.cut).toBeGreaterThan(100);
  expect(tally.left).toBeGreaterThan(10);
  expect(tally.polls).toBeGreaterThan(500);
  for (const code of ["payment_required", "budget_exceeded"]) expect(tally.refusals.get(code)).toBeGreaterThan(0);
}
