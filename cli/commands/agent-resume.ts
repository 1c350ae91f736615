// `ast agent resume`: starts an agent again that was paused.

import { changeDeployment } from "../api/deployments.ts";
import { command } from "../command.ts";
import { readTimeout } from "../deployments/deploy-request.ts";
import { showServing, waitForRevision } from "../deployments/rollout.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";

export const agentResumeCommand = command({
  path: ["agent", "resume"],
  summary: "Start an agent again that was paused",
  arguments: [targetArgument],
  options: {
    ...targetOptions,
    wait: { kind: "flag", summary: "Wait until it serves" },
    timeout: { kind: "text", placeholder: "<seconds>", summary: "How long --wait waits (default: 900)" },
  },
  async run(call) {
    const waitMs = call.flag("wait") ? readTimeout(call.text("timeout")) : undefined;
    const target = await targetOf(call);
    const { document } = await changeDeployment(call.api, target.id, "wakeup");
    if (waitMs !== undefined) {
      showServing(call, await waitForRevision(call, { id: target.id, revision: undefined, timeoutMs: waitMs }));
      return;
    }
    call.output.answer(document, () => call.output.done(`${target.display_name} is starting.`));
  },
});
