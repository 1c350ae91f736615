// The subcommands of `astrolabe` besides `serve`, in the order in which help and documents list them.

import type { CliCommand } from "./command.ts";
import { backupCommand } from "./commands/backup.ts";
import { budgetCommands } from "./commands/budgets.ts";
import { creditCommands } from "./commands/credits.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { keyCommands } from "./commands/keys.ts";
import { ledgerCommands } from "./commands/ledger.ts";
import { ownerLinkCommand } from "./commands/owner-link.ts";
import { readyCommand } from "./commands/ready.ts";
import { receiptCommands } from "./commands/receipts.ts";
import { routingCommands } from "./commands/routing.ts";
import { stackCommands } from "./commands/stacks.ts";
import { tokenCommand } from "./commands/token.ts";

export const commands: readonly CliCommand[] = [
  readyCommand,
  doctorCommand,
  tokenCommand,
  ownerLinkCommand,
  ...keyCommands,
  ...creditCommands,
  ...budgetCommands,
  ...stackCommands,
  ...ledgerCommands,
  ...receiptCommands,
  backupCommand,
  ...routingCommands,
];
