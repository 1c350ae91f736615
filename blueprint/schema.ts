// What may stand in astropods.yml: the one schema that checks, the JSON Schema for editors, the reference page and
// `ast spec explain` derive from. Types and sets of values only; what depends on several values is in rules/.

import { z } from "zod";
import { scopedNamePattern } from "./names.ts";
import {
  connection,
  container,
  entryName,
  healthcheck,
  input,
  inputs,
  sandbox,
  skill,
  source,
} from "./schema-parts.ts";

const ownInputs = inputs.optional().describe("Values for this entry's own container, and for no other.");

const component = {
  provider: z
    .string()
    .min(1)
    .optional()
    .describe("A built-in provider, or one of `providers`. Either this or `container`."),
  container: container.optional(),
  inputs: ownInputs,
};

const modelEntry = z
  .strictObject({
    ...component,
    models: z
      .array(z.string().min(1))
      .optional()
      .describe("For the provider `gateway`: the models to choose from at deploy time, the default first."),
    model: z.string().min(1).optional().describe("Deprecated: a list of one model. Use `models`."),
  })
  .describe("A model: of a provider, or in a container of its own.");

const knowledgeEntry = z.strictObject(component).describe("A store: of a provider, or in a container of its own.");
const integrationEntry = z.strictObject(component).describe("A tool: of a provider, or in a container of its own.");

const customProvider = z
  .strictObject({
    scope: z
      .array(z.enum(["models", "knowledge", "integrations"]))
      .min(1)
      .describe("Sections whose entries may use it."),
    variables: z
      .array(input)
      .min(1)
      .describe("What it asks for. `name` is what follows the provider's name in the variable."),
    config: z.record(z.string(), z.unknown()).optional().describe("Anything; handed on as it stands."),
  })
  .describe("A provider of your own: credentials with names, and no container.");

const ingestionJob = z
  .strictObject({
    container,
    trigger: z
      .strictObject({
        type: z
          .enum(["schedule", "startup", "manual", "webhook"])
          .describe(
            "When it runs: by a schedule given at deploy time, once per deploy, on request, or all the time as a service.",
          ),
      })
      .describe("What makes the job run."),
    inputs: ownInputs,
  })
  .describe("A job that fills the stores. It gets what the agent gets, but for the agent's own inputs.");

const slack = z
  .looseObject({
    actionable_reactions: z.array(z.string()).optional().describe("Reactions that the agent acts on."),
    allowed_channel_ids: z.array(z.string()).optional().describe("Channels that it answers in."),
    allowed_user_ids: z.array(z.string()).optional().describe("People that it answers."),
    observe_channel_ids: z.array(z.string()).optional().describe("Channels that it reads along."),
    socket_mode: z.boolean().optional().meta({ default: true }).describe("Whether Slack is reached over a socket."),
    auto_thread: z.boolean().optional().meta({ default: true }).describe("Whether answers open a thread."),
  })
  .describe("Settings of Slack. Keys that are not listed are handed on.");

const devInterfaces = z.union([
  z.array(z.string()).describe("The older form: names of messaging adapters."),
  z.strictObject({
    frontend: z
      .strictObject({
        port: z.int().min(1).max(65535).optional().meta({ default: 80 }).describe("Port inside of the container."),
      })
      .optional()
      .describe("The agent's pages on your machine."),
    messaging: z
      .strictObject({
        adapters: z.array(z.string()).optional().describe("`web`, `slack`. Without any no messaging runs locally."),
        slack: slack.optional(),
        log_level: z
          .string()
          .min(1)
          .optional()
          .meta({ default: "debug" })
          .describe("How much the messaging service logs."),
      })
      .optional()
      .describe("Messaging on your machine."),
  }),
]);

const dev = z.strictObject({
  interfaces: devInterfaces.optional().describe("What is reachable on your machine."),
  schedules: z
    .record(entryName, z.string())
    .optional()
    .describe("Cron expressions by job. Accepted; nothing runs by them locally."),
  command: z.string().min(1).optional().describe("Start command instead of the image's own, run by a shell."),
  overrides: z
    .strictObject({ messagingImage: z.string().min(1).optional().describe("Image of the messaging service.") })
    .optional()
    .describe("What stands in for the platform's own images."),
});

const agent = z
  .strictObject({
    ...source,
    distributed: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe("Whether several replicas may run side by side."),
    interfaces: z
      .strictObject({
        frontend: z
          .boolean()
          .optional()
          .meta({ default: false })
          .describe("The container serves HTTP at the port that `PORT` says: 80."),
        messaging: z.boolean().optional().meta({ default: false }).describe("The agent talks over messaging channels."),
      })
      .optional()
      .describe("How people reach the agent. Left out entirely: by messaging."),
    healthcheck: healthcheck.optional(),
    inputs: inputs.optional().describe("Values for the agent's container, and for no other."),
    astro_ai_gateway: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe("Deprecated: asks for a managed key of the gateway. Use a model entry with `provider: gateway`."),
    skills: z.array(skill).optional().describe("What the agent can do, for those who look for one."),
    annotations: z
      .strictObject({ runtime: z.string().min(1).optional().describe("Kind of runtime that the image is made for.") })
      .optional()
      .describe("Notes for runtimes. Kept; nothing here reads them."),
  })
  .describe("The agent's own container.");

const meta = z.strictObject({
  visibility: z.enum(["public", "private"]).optional().describe("Who may see it in the registry."),
});

/** A section that was left without entries is as good as none. */
const section = <Entry extends z.ZodType>(entry: Entry, description: string) =>
  z.record(entryName, entry).nullable().optional().describe(description);

export const blueprintSchema = z
  .strictObject({
    spec: z.string().min(1).describe("Version of this format: `blueprint/v1`."),
    name: z
      .string()
      .regex(scopedNamePattern)
      .describe(
        "2 to 63 lower-case letters, digits and hyphens, beginning with a letter. May be `@account/name`, in quotes.",
      ),
    meta: meta
      .nullable()
      .optional()
      .describe("Deprecated. Visibility is set in the registry; description and tags stand in the head of AGENT.md."),
    agent,
    models: section(modelEntry, "Models that the agent uses, by a name of yours."),
    knowledge: section(knowledgeEntry, "Stores that the agent uses, by a name of yours."),
    integrations: section(integrationEntry, "Tools that the agent uses, by a name of yours."),
    providers: section(customProvider, "Providers of your own, by name."),
    inputs: section(input, "Values that every container gets, by a name of yours."),
    ingestion: section(ingestionJob, "Jobs that fill the stores, by a name of yours."),
    dev: dev.nullable().optional().describe("How the agent runs on your machine. Deployments ignore it."),
    sandbox: sandbox.optional(),
    connections: z.array(connection).optional().describe("Accounts elsewhere that the agent asks its user to connect."),
  })
  .describe("An agent and what it is made of.");

export type BlueprintFile = z.output<typeof blueprintSchema>;
export type InputFile = z.output<typeof input>;
export type ContainerFile = z.output<typeof container>;
export type HealthcheckFile = z.output<typeof healthcheck>;
export type ComponentFile = z.output<typeof modelEntry>;
