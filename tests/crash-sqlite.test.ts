// Servers on SQLite killed at every bad moment: no credit is overspent, no debit is lost or made twice, no hold stays.

import { test } from "bun:test";
import { layouts } from "./crash/engines.ts";
import { expectCampaign, testKills, testTimeoutMs } from "./crash/expect-campaign.ts";

test(
  `${testKills} servers on SQLite, killed under load, leave books that agree with what clients saw`,
  () => expectCampaign(layouts.sqlite),
  testTimeoutMs,
);
