// `ast agent get`: everything about one agent.

import { getDeployment } from "../api/deployments.ts";
import { command } from "../command.ts";
import { showAgent } from "../deployments/show-agent.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";

export const agentGetCommand = command({
  path: ["agent", "get"],
  summary: "Show one agent: its state, addresses, containers and jobs",
  arguments: [targetArgument],
  options: targetOptions,
  async run(call) {
    const { value, document } = await getDeployment(call.api, (await targetOf(call)).id);
    call.output.answer(document, () => showAgent(call, value));
  },
});
