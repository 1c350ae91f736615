// `astrolabe owner-link`: the way back in for an owner who can no longer sign in.

import { stringAt } from "../../contracts/json.ts";
import type { CliCommand } from "../command.ts";

export const ownerLinkCommand: CliCommand = {
  words: ["owner-link"],
  positionals: [],
  summary: "Print a link that makes whoever opens it the owner, once, within 24 hours",
  options: {},
  run: async (call) => {
    const answer = await call.client().call("POST", "/api/owner-link");
    const note = "If the server has an owner, their earlier password, passkeys and sessions end when the link is used.";
    return { json: answer, lines: [stringAt(answer, "url") ?? "", note] };
  },
};
