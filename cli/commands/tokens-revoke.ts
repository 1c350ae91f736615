// `ast tokens revoke`: ends an access token at once.

import { findAccessToken, revokeAccessToken } from "../api/access-tokens.ts";
import { command } from "../command.ts";
import { requireYes } from "../terminal/prompts.ts";

export const tokensRevokeCommand = command({
  path: ["tokens", "revoke"],
  summary: "End an access token at once",
  description: "What uses it gets 401 from its next call on. It cannot be undone.",
  arguments: [{ name: "token", summary: "Its id, or its name" }],
  options: { yes: { kind: "flag", short: "y", summary: "Do not ask" } },
  async run(call) {
    const token = await findAccessToken(call.api, call.argument("token"));
    const question = { message: `End the access token ${token.name}? What uses it stops working.`, instead: "--yes" };
    await requireYes(call.prompts, call.flag("yes"), question);
    const document = await revokeAccessToken(call.api, token.id);
    call.output.answer(document, () => call.output.done(`The access token ${token.name} has ended.`));
  },
});
