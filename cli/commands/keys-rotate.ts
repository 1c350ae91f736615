// `ast keys rotate`: gives an agent another key, and lets the old one end a while later.

import { findKey, rotateKey } from "../api/gateway-keys.ts";
import { command } from "../command.ts";
import { usageProblem } from "../problem.ts";

const mostMinutes = 1440;
const usualMinutes = 60;

export const keysRotateCommand = command({
  path: ["keys", "rotate"],
  summary: "Replace a gateway key; its agent is deployed anew with the new one",
  arguments: [{ name: "key", summary: "Its id, or the agent's name" }],
  options: {
    overlap: {
      kind: "text",
      placeholder: "<minutes>",
      summary: `How long the old one works on: 0 to ${mostMinutes} (default: ${usualMinutes}); 0 for one that has leaked`,
    },
  },
  async run(call) {
    const typed = call.text("overlap");
    const overlap = typed === undefined ? usualMinutes : Number(typed);
    if (!Number.isSafeInteger(overlap) || overlap < 0 || overlap > mostMinutes) {
      throw usageProblem(`--overlap ${typed}: give whole minutes from 0 to ${mostMinutes}.`);
    }
    const key = await findKey(call.api, call.argument("key"));
    const document = await rotateKey(call.api, key.key_id, overlap);
    call.output.answer(document, () => {
      call.output.done(`${key.deployment?.name ?? key.name} has a new key.`);
      call.output.note(overlap === 0 ? "  The old one has ended." : `  The old one works for ${overlap} more minutes.`);
    });
  },
});
