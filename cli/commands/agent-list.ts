// `ast agent list`: the agents of the account.

import { listDeployments } from "../api/deployments.ts";
import { command } from "../command.ts";
import { showAgents } from "../deployments/show-agent.ts";

export const agentListCommand = command({
  path: ["agent", "list"],
  summary: "List the agents that are deployed",
  async run(call) {
    const { value, document } = await listDeployments(call.api);
    const account = await call.api.account();
    call.output.answer(document, () => showAgents(call, value, account));
  },
});
