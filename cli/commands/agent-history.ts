// `ast agent history`: the revisions of an agent.

import { listRevisions } from "../api/deployments.ts";
import { command } from "../command.ts";
import { paintStatus } from "../deployments/show-agent.ts";
import { targetArgument, targetOf, targetOptions } from "../deployments/target.ts";
import { ageOf } from "../terminal/age.ts";

export const agentHistoryCommand = command({
  path: ["agent", "history"],
  summary: "List what an agent has run, newest first",
  arguments: [targetArgument],
  options: targetOptions,
  async run(call) {
    const { output, api, now } = call;
    const { id } = await targetOf(call);
    const { value, document } = await listRevisions(api, id);
    output.answer(document, () => {
      output.table(
        [
          { title: "Rev", value: ({ revision }) => revision, align: "right" },
          { title: "Build", value: ({ build_id }) => build_id, paint: output.style.cyan },
          {
            title: "Status",
            value: ({ status }) => status,
            paint: (cell, { status }) => paintStatus(output.style, status)(cell),
          },
          { title: "Made", value: ({ created_at }) => ageOf(created_at, now()) },
          { title: "By", value: ({ created_by }) => created_by },
          {
            title: "Because of",
            value: ({ reason, from_revision }) =>
              `${reason.replaceAll("_", " ")}${from_revision == null ? "" : ` to ${from_revision}`}`,
          },
          { title: "Failed by", value: ({ failure }) => failure?.message },
        ],
        value,
      );
    });
  },
});
