// `ast agent restart`: ends one container of an agent, which then starts anew.

import { getDeployment, restartInstance } from "../api/deployments.ts";
import { command } from "../command.ts";
import { workloadOf } from "../deployments/show-logs.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";
import { Problem } from "../problem.ts";

export const agentRestartCommand = command({
  path: ["agent", "restart"],
  summary: "Start a container of an agent anew",
  arguments: [targetArgument],
  options: {
    ...targetOptions,
    component: { kind: "text", placeholder: "<name>", summary: "Which one, by name or component (default: agent)" },
  },
  async run(call) {
    const target = await targetOf(call);
    const { value } = await getDeployment(call.api, target.id);
    const { name, pod_name: instance } = workloadOf(value.workloads, call.text("component"));
    if (instance === "") {
      throw new Problem("refused", `Nothing of ${name} runs; ${target.display_name} is ${value.status}.`, {
        code: "not_running",
        hint: `If it is paused: ast agent resume ${target.display_name}`,
      });
    }
    const document = await restartInstance(call.api, target.id, instance);
    call.output.answer(document, () => call.output.done(`${name} of ${target.display_name} starts anew.`));
  },
});
