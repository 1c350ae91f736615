// Every command of `ast`, in the order in which help and the reference page list them.

import type { CommandGroup } from "../command.ts";
import type { Catalogue } from "../help.ts";
import { accountListCommand } from "./account-list.ts";
import { accountSwitchCommand } from "./account-switch.ts";
import { createCommand } from "./create.ts";
import { loginCommand } from "./login.ts";
import { logoutCommand } from "./logout.ts";
import { whoamiCommand } from "./whoami.ts";

const groups: readonly CommandGroup[] = [
  { path: ["account"], aliases: ["accounts"], summary: "List your accounts and choose the active one" },
];

export const catalogue: Catalogue = {
  groups,
  commands: [loginCommand, logoutCommand, whoamiCommand, accountListCommand, accountSwitchCommand, createCommand],
  sections: [
    { title: "Who you are", words: ["login", "logout", "whoami", "account"] },
    { title: "On this machine", words: ["create", "dev", "project", "spec", "add", "build", "push"] },
    {
      title: "On the server",
      words: ["deploy", "status", "logs", "redeploy", "rollback", "undeploy", "agent", "blueprint", "secrets", "keys"],
    },
  ],
};
