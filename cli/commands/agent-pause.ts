// `ast agent pause`: stops the containers of an agent, and keeps everything else.

import { changeDeployment } from "../api/deployments.ts";
import { command } from "../command.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";

export const agentPauseCommand = command({
  path: ["agent", "pause"],
  summary: "Stop an agent, and keep its data, values and key",
  arguments: [targetArgument],
  options: targetOptions,
  async run(call) {
    const target = await targetOf(call);
    const { document } = await changeDeployment(call.api, target.id, "stop");
    call.output.answer(document, () => {
      call.output.done(`${target.display_name} is paused.`);
      call.output.note(`  Start it again: ast agent resume ${target.display_name}`);
    });
  },
});
