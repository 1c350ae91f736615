// Every command of `ast`, in the order in which help and the reference page list them.

import type { CommandGroup } from "../command.ts";
import type { Catalogue } from "../help.ts";
import { accountListCommand } from "./account-list.ts";
import { accountSwitchCommand } from "./account-switch.ts";
import { addIngestionCommand } from "./add-ingestion.ts";
import { addInputCommand } from "./add-input.ts";
import { addKnowledgeCommand } from "./add-knowledge.ts";
import { addModelCommand } from "./add-model.ts";
import { addProviderCommand } from "./add-provider.ts";
import { addToolCommand } from "./add-tool.ts";
import { agentGetCommand } from "./agent-get.ts";
import { agentHistoryCommand } from "./agent-history.ts";
import { agentListCommand } from "./agent-list.ts";
import { agentLogsCommand } from "./agent-logs.ts";
import { agentPauseCommand } from "./agent-pause.ts";
import { agentRedeployCommand } from "./agent-redeploy.ts";
import { agentRestartCommand } from "./agent-restart.ts";
import { agentResumeCommand } from "./agent-resume.ts";
import { agentRollbackCommand } from "./agent-rollback.ts";
import { agentTriggerCommand } from "./agent-trigger.ts";
import { agentUndeployCommand } from "./agent-undeploy.ts";
import { blueprintArchiveCommand } from "./blueprint-archive.ts";
import { blueprintBuildsCommand } from "./blueprint-builds.ts";
import { blueprintGetCommand } from "./blueprint-get.ts";
import { blueprintListCommand } from "./blueprint-list.ts";
import { blueprintSetCommand } from "./blueprint-set.ts";
import { completionCommands } from "./completion.ts";
import { deployCommand } from "./deploy.ts";
import { docsCommand } from "./docs.ts";
import { keysListCommand } from "./keys-list.ts";
import { keysRevokeCommand } from "./keys-revoke.ts";
import { keysRotateCommand } from "./keys-rotate.ts";
import { createCommand } from "./create.ts";
import { loginCommand } from "./login.ts";
import { logoutCommand } from "./logout.ts";
import { buildCommand } from "./build.ts";
import { projectConfigureCommand } from "./project-configure.ts";
import { projectLogsCommand } from "./project-logs.ts";
import { projectRelayCommand } from "./project-relay.ts";
import { projectStartCommand } from "./project-start.ts";
import { projectStopCommand } from "./project-stop.ts";
import { projectTriggerCommand } from "./project-trigger.ts";
import { pushCommand } from "./push.ts";
import { secretsCreateCommand } from "./secrets-create.ts";
import { secretsDeleteCommand } from "./secrets-delete.ts";
import { secretsGetCommand } from "./secrets-get.ts";
import { secretsImportCommand } from "./secrets-import.ts";
import { secretsListCommand } from "./secrets-list.ts";
import { secretsUpdateCommand } from "./secrets-update.ts";
import { specExplainCommand } from "./spec-explain.ts";
import { specValidateCommand } from "./spec-validate.ts";
import { statusCommand } from "./status.ts";
import { tokensCreateCommand } from "./tokens-create.ts";
import { tokensListCommand } from "./tokens-list.ts";
import { tokensRevokeCommand } from "./tokens-revoke.ts";
import { whoamiCommand } from "./whoami.ts";

const groups: readonly CommandGroup[] = [
  { path: ["account"], aliases: ["accounts"], summary: "List your accounts and choose the active one" },
  { path: ["tokens"], aliases: ["token"], summary: "Look after your access tokens, for CI and scripts" },
  { path: ["project"], aliases: ["dev"], summary: "Run the agent of this folder on this machine" },
  { path: ["spec"], summary: "Check and explain an astropods.yml" },
  { path: ["add"], summary: "Add a model, a store, a tool ... to astropods.yml" },
  { path: ["agent"], aliases: ["agents"], summary: "Look after agents that are deployed" },
  { path: ["blueprint"], aliases: ["bp", "blueprints"], summary: "Look after blueprints and their builds" },
  { path: ["secrets"], aliases: ["secret"], summary: "Keep secrets and variables in the account's vault" },
  { path: ["keys"], aliases: ["key"], summary: "Look after the keys that agents call the gateway with" },
  { path: ["completion"], summary: "Complete commands in your shell" },
  { path: ["settings"], hidden: true, summary: "Complete commands in your shell" },
];

export const catalogue: Catalogue = {
  groups,
  commands: [
    loginCommand,
    logoutCommand,
    whoamiCommand,
    accountListCommand,
    accountSwitchCommand,
    tokensListCommand,
    tokensCreateCommand,
    tokensRevokeCommand,
    createCommand,
    specValidateCommand,
    specExplainCommand,
    addModelCommand,
    addKnowledgeCommand,
    addToolCommand,
    addIngestionCommand,
    addProviderCommand,
    addInputCommand,
    projectStartCommand,
    projectConfigureCommand,
    projectLogsCommand,
    projectTriggerCommand,
    projectStopCommand,
    projectRelayCommand,
    buildCommand,
    pushCommand,
    deployCommand,
    statusCommand,
    agentLogsCommand,
    agentRedeployCommand,
    agentRollbackCommand,
    agentUndeployCommand,
    agentListCommand,
    agentGetCommand,
    agentHistoryCommand,
    agentPauseCommand,
    agentResumeCommand,
    agentRestartCommand,
    agentTriggerCommand,
    blueprintListCommand,
    blueprintGetCommand,
    blueprintBuildsCommand,
    blueprintSetCommand,
    blueprintArchiveCommand,
    secretsListCommand,
    secretsGetCommand,
    secretsCreateCommand,
    secretsUpdateCommand,
    secretsDeleteCommand,
    secretsImportCommand,
    keysListCommand,
    keysRotateCommand,
    keysRevokeCommand,
    ...completionCommands,
    docsCommand,
  ],
  sections: [
    { title: "Who you are", words: ["login", "logout", "whoami", "account", "tokens"] },
    { title: "On this machine", words: ["create", "dev", "project", "spec", "add", "build", "push"] },
    { title: "On the server", words: ["deploy", "status", "logs", "redeploy", "rollback", "undeploy"] },
    { title: "In the account", words: ["agent", "blueprint", "secrets", "keys"] },
  ],
};
