// `ast status`: how one agent is, or all of them.

import { getDeployment, listDeployments } from "../api/deployments.ts";
import { command } from "../command.ts";
import { showAgent, showAgents } from "../deployments/show-agent.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";
import { nameOfFolder } from "../project/blueprint-file.ts";

export const statusCommand = command({
  path: ["status"],
  summary: "Show how an agent is; without a name and an astropods.yml: all of them",
  arguments: [targetArgument],
  options: targetOptions,
  async run(call) {
    const { api, output } = call;
    const isNamed = [call.optional("agent"), call.text("name"), call.text("id")].some((value) => value !== undefined);
    if (!isNamed && (await nameOfFolder(call.cwd)) === undefined) {
      const { value, document } = await listDeployments(api);
      const account = await api.account();
      output.answer(document, () => showAgents(call, value, account));
      return;
    }
    const { value, document } = await getDeployment(api, (await targetOf(call)).id);
    output.answer(document, () => showAgent(call, value));
  },
});
