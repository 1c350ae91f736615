// `ast redeploy`: a new revision of an agent, with what is given changed and everything else kept.

import { command } from "../command.ts";
import { deploy } from "../deployments/deploy.ts";
import { deployOptions, readDeployRequest, readTimeout } from "../deployments/deploy-request.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";

export const agentRedeployCommand = command({
  path: ["redeploy"],
  aliases: [["agent", "redeploy"]],
  summary: "Deploy an agent anew, with its newest build or other values",
  description: `Adapters, values, models and schedules that are not given stay as they are, and so does the agent's gateway key.
The revision that serves goes on until the new one is healthy; when the new one fails, it stays.`,
  arguments: [targetArgument],
  options: { ...targetOptions, ...deployOptions },
  examples: [
    { does: "Run the newest build", line: "ast redeploy support --wait" },
    { does: "Change one value", line: "ast redeploy support --var REGION=us" },
  ],
  async run(call) {
    const { id, name } = await targetOf(call);
    const request = await readDeployRequest(call);
    const waitMs = call.flag("wait") ? readTimeout(call.text("timeout")) : undefined;
    await deploy(call, {
      blueprint: name,
      request: { ...request, deployment_id: id },
      displayName: undefined,
      dryRun: call.flag("dry-run"),
      waitMs,
    });
  },
});
