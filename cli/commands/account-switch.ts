// `ast account switch`: makes another account the active one.

import { findAccount } from "../api/accounts.ts";
import { command } from "../command.ts";
import { nobodySignedIn } from "../api/refusal.ts";
import { usageProblem } from "../problem.ts";

export const accountSwitchCommand = command({
  path: ["account", "switch"],
  summary: "Choose the account that commands act in",
  arguments: [{ name: "name", summary: "Its name; - for the one before; absent: you are asked", optional: true }],
  examples: [{ does: "Back to the one before", line: "ast account switch -" }],
  async run({ api, output, profiles, prompts, optional, hasGivenToken }) {
    if (hasGivenToken) {
      throw usageProblem(
        "With ASTRO_ACCESS_TOKEN there is no active account.",
        "Set ASTRO_ACCOUNT, or give --account.",
      );
    }
    const profile = profiles.find(api.server);
    if (profile === undefined) throw nobodySignedIn(api.server);
    const accounts = await api.accounts();
    const typed = optional("name");
    const wanted =
      typed === undefined
        ? await prompts.select(
            {
              message: "Which account?",
              instead: "its name: ast account switch <name>",
              ...(profile.account !== undefined && { initial: profile.account }),
            },
            accounts.map(({ name, displayName }) => ({ value: name, hint: displayName })),
          )
        : typed === "-"
          ? profile.previousAccount
          : typed;
    if (wanted === undefined) {
      throw usageProblem("There was no account before this one.", "Name one: ast account switch <name>");
    }
    const { name, id } = findAccount(accounts, wanted);
    profiles.switchAccount(api.server, name);
    output.answer({ account: name, id }, () => output.done(`Commands now act in ${name}.`));
  },
});
