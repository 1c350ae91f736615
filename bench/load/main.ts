// The load generator, a process of its own so that its work is not counted as anybody else's: reads one job as JSON from
// stdin, does it, writes the result as JSON to stdout.

import { parseJson } from "../../server/contracts/json.ts";
import { jobSchema, type LoadJob } from "./job.ts";
import { runSoakLoad } from "./soak-load.ts";
import { runStreamsLoad } from "./streams-load.ts";
import { runThroughputLoad } from "./throughput-load.ts";

function run(job: LoadJob): Promise<object> {
  switch (job.kind) {
    case "throughput":
      return runThroughputLoad(job);
    case "streams":
      return runStreamsLoad(job);
    case "soak":
      return runSoakLoad(job);
  }
}

const result = await run(jobSchema.parse(parseJson(await Bun.stdin.text())));
await Bun.write(Bun.stdout, JSON.stringify(result));
// Connections that were abandoned on purpose must not keep the process alive.
process.exit(0);
