// `ast keys revoke`: ends a gateway key at once.

import { findKey, revokeKey } from "../api/gateway-keys.ts";
import { command } from "../command.ts";
import { requireYes } from "../terminal/prompts.ts";

export const keysRevokeCommand = command({
  path: ["keys", "revoke"],
  summary: "End a gateway key at once",
  description:
    "An agent whose key has ended gets 401 from the gateway until it has another one: ast keys rotate, or ast redeploy.",
  arguments: [{ name: "key", summary: "Its id, or the agent's name" }],
  options: { yes: { kind: "flag", short: "y", summary: "Do not ask" } },
  async run(call) {
    const key = await findKey(call.api, call.argument("key"));
    const of = key.deployment?.name ?? key.user?.email ?? key.name;
    const effect = key.kind === "deployment" ? " Its agent can no longer call the gateway." : "";
    await requireYes(call.prompts, call.flag("yes"), { message: `End the key of ${of}?${effect}`, instead: "--yes" });
    const document = await revokeKey(call.api, key.key_id);
    call.output.answer(document, () => call.output.done(`The key of ${of} has ended.`));
  },
});
