// `npm run crash`: a campaign of any length. Prints the counts and everything that is wrong; exits with 1 when anything is.

import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import { layouts } from "./engines.ts";
import { tallyLine } from "./tally.ts";

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    kills: { type: "string", default: "1000" },
    engine: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
for (const layout of Object.values(layouts)) {
  if (values.engine !== undefined && values.engine !== layout.engine) continue;
  const tally = await runCampaign({ ...layout, kills, seed });
  process.stdout.write(`${tallyLine(layout.engine, seed, tally)}\n`);
  for (const fault of tally.faults) process.stdout.write(`  ${fault}\n`);
  if (tally.faults.length > 0 || tally.overshoot > 0n) process.exitCode = 1;
}
