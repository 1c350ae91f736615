// The service between the agent and people's channels: when it runs locally, and what it is told.

import type { Blueprint } from "./blueprint.ts";
import type { MessagingService, Place } from "./environment-request.ts";
import { derived, type Asked, type Variable } from "./variable.ts";

export const messagingWorkload = "messaging";
export const messagingPort = 9090;
export const messagingWebPort = 8080;
export const agentVolume = { name: "agent-data", path: "/data" } as const;
const filesFolder = `${agentVolume.path}/files`;
const publishedImage = "astropods/messaging:latest";

/** What `dev.interfaces` asks for; undefined when no adapter is listed. */
export function localMessaging({ dev }: Blueprint): MessagingService | undefined {
  const { adapters } = dev.messaging;
  return adapters.length === 0 ? undefined : { image: dev.messagingImage ?? publishedImage, adapters };
}

/** Tokens are optional on a developer's machine, where the adapter is left out without them. */
export function messagingVariables(
  blueprint: Blueprint,
  { adapters }: MessagingService,
  place: Place,
  given: (name: string) => boolean,
): Variable[] {
  const local = place === "local";
  const { slack, logLevel } = blueprint.dev.messaging;
  const fixed = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, value]) => ofService(name, { kind: "fixed", value }));
  const always = fixed({
    GRPC_ENABLED: "true",
    GRPC_LISTEN_ADDR: `:${messagingPort}`,
    STORAGE_TYPE: "memory",
    LOG_LEVEL: local ? (logLevel ?? "debug") : "info",
    FILES_DIR: filesFolder,
    ...(local ? { DEV: "true" } : {}),
  });
  const web = adapters.includes("web")
    ? fixed({
        WEB_ENABLED: "true",
        WEB_LISTEN_ADDR: `:${messagingWebPort}`,
        CHAT_DB_PATH: `${agentVolume.path}/chat.db`,
      })
    : [];
  if (!adapters.includes("slack")) return [...always, ...web];
  const tokens = [
    ofService("SLACK_BOT_TOKEN", asking("SLACK_BOT_TOKEN", slackToken("Bot token of the Slack app", local))),
    ofService(
      "SLACK_APP_TOKEN",
      asking("SLACK_APP_TOKEN", slackToken("App token of the Slack app, for socket mode", true)),
    ),
  ];
  const enabled = given("SLACK_BOT_TOKEN")
    ? fixed({
        SLACK_ENABLED: "true",
        ...(local && slack !== undefined ? { SLACK_CONFIG: JSON.stringify(slack) } : {}),
      })
    : [];
  return [...always, ...web, ...tokens, ...enabled];
}

/** What the agent is told about the service. */
export function agentMessagingVariables({ adapters }: MessagingService, agent: string): Variable[] {
  const address = { kind: "address", workload: messagingWorkload, scheme: undefined, port: messagingPort } as const;
  const values = {
    GRPC_SERVER_ADDR: { ...address, login: undefined },
    ...(adapters.includes("web") ? { AGENT_FILES_DIR: { kind: "fixed", value: filesFolder } as const } : {}),
  };
  return derived(values, [agent], ["agent", "interfaces"]);
}

function asking(name: string, asked: Asked): Variable["value"] {
  return { kind: "given", names: [name], asked };
}

function slackToken(description: string, optional: boolean): Asked {
  return {
    secret: true,
    datatype: "string",
    optional,
    default: undefined,
    options: [],
    description,
    displayAs: undefined,
  };
}

function ofService(name: string, value: Variable["value"]): Variable {
  return {
    name,
    workloads: [messagingWorkload],
    path: ["dev", "interfaces"],
    value,
    layer: "derived",
    identity: `messaging.${name}`,
  };
}
