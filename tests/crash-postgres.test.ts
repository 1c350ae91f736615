// Four servers on one Postgres, killed at every bad moment: no credit is overspent, no debit is lost or made twice, no hold
// of a living request is swept by another server, none of a dead one stays.

import { test } from "bun:test";
import { layouts } from "./crash/engines.ts";
import { expectCampaign, testKills, testTimeoutMs } from "./crash/expect-campaign.ts";

test(
  `${testKills} of the servers that share a Postgres, killed under load, leave books that agree with what clients saw`,
  () => expectCampaign(layouts.postgres),
  testTimeoutMs,
);
