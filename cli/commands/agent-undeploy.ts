// `ast undeploy`: ends an agent, its containers and its gateway key.

import { getDeployment, undeploy } from "../api/deployments.ts";
import type { Context } from "../context.ts";
import { command } from "../command.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";
import { Problem, usageProblem } from "../problem.ts";
import { requireYes } from "../terminal/prompts.ts";

const longestWaitMs = 5 * 60_000;
const askEveryMs = 1000;

export const agentUndeployCommand = command({
  path: ["undeploy"],
  aliases: [
    ["agent", "delete"],
    ["agent", "undeploy"],
  ],
  summary: "End an agent: its containers, its data and its gateway key",
  arguments: [targetArgument],
  options: {
    ...targetOptions,
    yes: { kind: "flag", short: "y", summary: "Do not ask" },
    confirm: { kind: "text", placeholder: "<name>", summary: "Do not ask: the agent's name or id, once more" },
    wait: { kind: "flag", summary: "Wait until everything of it is gone" },
  },
  async run(call) {
    const { api, output, prompts } = call;
    const target = await targetOf(call);
    const confirmed = call.text("confirm");
    if (confirmed !== undefined && ![target.display_name, target.id].includes(confirmed)) {
      throw usageProblem(
        `--confirm says ${confirmed}, but the agent is called ${target.display_name}.`,
        "Nothing was changed.",
      );
    }
    await requireYes(prompts, call.flag("yes") || confirmed !== undefined, {
      message: `End ${target.display_name} for good? Its data and its gateway key end with it.`,
      instead: `--yes, or --confirm ${target.display_name}`,
    });
    const document = await undeploy(api, target.id);
    if (call.flag("wait")) await waitUntilGone(call, target.id);
    output.answer(document, () => {
      output.done(
        `${target.display_name} ${call.flag("wait") ? "is gone" : "is being taken away"}; its gateway key has ended.`,
      );
    });
  },
});

async function waitUntilGone({ api, output, now, sleep }: Context, id: string): Promise<void> {
  const end = now() + longestWaitMs;
  const progress = output.progress("Its containers are taken away");
  try {
    while (now() < end) {
      const status = await statusOf(api, id);
      if (status === "undeployed") return;
      await sleep(askEveryMs);
    }
  } finally {
    progress.stop();
  }
  throw new Problem("timed_out", "Its containers are not gone yet; its gateway key is.", {
    hint: `The server goes on trying: ast status --id ${id}`,
  });
}

async function statusOf(api: Context["api"], id: string): Promise<string> {
  try {
    return (await getDeployment(api, id)).value.status;
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.kind === "not_found") return "undeployed";
    throw thrown;
  }
}
