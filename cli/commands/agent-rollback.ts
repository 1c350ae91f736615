// `ast rollback`: goes back to what an earlier revision ran.

import { changeDeployment } from "../api/deployments.ts";
import { command } from "../command.ts";
import { readTimeout } from "../deployments/deploy-request.ts";
import { showServing, waitForRevision } from "../deployments/rollout.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";
import { usageProblem } from "../problem.ts";

export const agentRollbackCommand = command({
  path: ["rollback"],
  aliases: [["agent", "rollback"]],
  summary: "Go back to what an agent ran before",
  description: `Makes a new revision with the build and the values of an earlier one. \`ast agent history\` shows them.`,
  arguments: [targetArgument],
  options: {
    ...targetOptions,
    to: {
      kind: "text",
      placeholder: "<revision>",
      summary: "The revision (default: the one that served before this one)",
    },
    wait: { kind: "flag", summary: "Wait until it serves" },
    timeout: { kind: "text", placeholder: "<seconds>", summary: "How long --wait waits (default: 900)" },
  },
  examples: [{ does: "To revision 3", line: "ast rollback support --to 3 --wait" }],
  async run(call) {
    const { api, output } = call;
    const revision = readRevision(call.text("to"));
    const waitMs = call.flag("wait") ? readTimeout(call.text("timeout")) : undefined;
    const target = await targetOf(call);
    const { value, document } = await changeDeployment(
      api,
      target.id,
      "rollback",
      revision === undefined ? {} : { revision },
    );
    if (waitMs === undefined) {
      output.answer(document, () => {
        output.done(`${target.display_name}: revision ${value.revision ?? "?"} is on its way.`);
        output.note(`  How it goes: ast status ${target.display_name}`);
      });
      return;
    }
    showServing(call, await waitForRevision(call, { id: target.id, revision: value.revision, timeoutMs: waitMs }));
  },
});

function readRevision(typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  const revision = Number(typed);
  if (Number.isSafeInteger(revision) && revision > 0) return revision;
  throw usageProblem(`--to ${typed}: give the number of a revision.`, "`ast agent history` shows them.");
}
