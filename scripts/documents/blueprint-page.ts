// docs/reference/astropods-yml.md and astropods.schema.json: what may stand in an agent's file, and which variables come of it.

import { diagnosticCodes } from "../../blueprint/diagnostic.ts";
import { blueprintJsonSchema } from "../../blueprint/json-schema.ts";
import { builtInProviders, type BuiltInProvider } from "../../blueprint/providers.ts";
import { keyTables } from "../../blueprint/explain-key.ts";
import { code, codeList, pageHead, table } from "./markdown.ts";

export function blueprintSchemaFile(): string {
  return `${JSON.stringify(blueprintJsonSchema(), null, 2)}\n`;
}

export function blueprintPage(): string {
  const sections = keyTables().map(({ path, alsoAt, description, keys }) => {
    const rows = keys.map((key) => [
      code(key.name),
      key.accepts,
      key.required ? "must be given" : (key.preset ?? ""),
      key.description,
    ]);
    const title = path === "" ? "The file" : code(path);
    const also = alsoAt.length === 0 ? "" : ` Also ${codeList(alsoAt, "and")}.`;
    return `## ${title}\n\n${description}${also}\n\n${table(["Key", "Takes", "Without it", "Meaning"], rows)}\n`;
  });
  return [
    pageHead("astropods.yml", "blueprint/", introduction),
    ...sections,
    `## Built-in providers\n\n${providerTable()}\n`,
    `## Variables\n\n${variables}\n`,
    `## Findings\n\n${findings}\n\n${findingTable()}\n`,
  ].join("\n");
}

function providerTable(): string {
  const rows = builtInProviders.map((provider) => [
    code(provider.section),
    code(provider.name),
    provider.kind === "cloud" ? "credentials only" : `${code(provider.image)}, data in ${code(provider.volume)}`,
    codeList(variablesOf(provider), "and"),
  ]);
  const gateway = [
    "`models`",
    "`gateway`",
    "this server",
    "`ASTRO_GATEWAY_URL`, `ASTRO_GATEWAY_API_KEY` and `MODEL_<ENTRY>`",
  ];
  return table(["Section", "Provider", "Runs", "Variables"], [gateway, ...rows]);
}

function variablesOf(provider: BuiltInProvider): string[] {
  const prefix = provider.name.toUpperCase();
  if (provider.kind === "cloud") return [`${prefix}_${provider.suffix}`];
  const login = provider.login === undefined ? [] : Object.values(provider.login);
  return ["HOST", "PORT", "URL", ...login].map((suffix) => `${prefix}_${suffix}`);
}

function findingTable(): string {
  return table(
    ["Code", "Means"],
    Object.entries(diagnosticCodes).map(([name, meaning]) => [code(name), meaning]),
  );
}

const introduction = `An agent is described by \`astropods.yml\` in its folder. \`ast spec validate\` says everything that is wrong with it, with
line and way out; \`ast spec explain\` says what a key means and which variables each container gets. Editors check it by
[astropods.schema.json](astropods.schema.json), which a running server also gives at \`/schema/package.json\`:

\`\`\`yaml
# yaml-language-server: $schema=http://127.0.0.1:8787/schema/package.json
spec: blueprint/v1
name: my-agent
agent:
  build:
    context: .
    dockerfile: Dockerfile
models:
  default:
    provider: gateway
    models: [claude-sonnet-4-6]
\`\`\`

Keys that are not listed are refused. A file has at most 256 KiB; anchors and merge keys are followed.`;

const variables = `Names of entries become parts of variables: lower case, \`-\`, \`_\` and \`.\` alike \`_\`, other signs left out, then upper
case. \`fast-lane\` is \`FAST_LANE\`. Two entries that would give one variable are refused.

| Comes from                                     | Variables                                                                                   | Who gets them                    |
| ---------------------------------------------- | ------------------------------------------------------------------------------------------- | -------------------------------- |
| a cloud provider                               | \`<PROVIDER>_API_KEY\` or \`<PROVIDER>_TOKEN\`, after the provider and not the entry            | the agent and its jobs           |
| a custom provider                              | \`<PROVIDER>_<VARIABLE>\` for each of its variables                                           | the agent and its jobs           |
| several entries of one provider                | \`<PROVIDER>_<ENTRY>_...\` each; the one named like the provider has the bare name instead, else the first in the alphabet has it as well | the same |
| a store that is built in                       | \`<STORE>_HOST\`, \`_PORT\` and \`_URL\`; user, password and database where it has a login         | the agent and its jobs; the login also the store |
| a model, store or tool in a container          | \`MODEL_<ENTRY>_...\`, \`KNOWLEDGE_<ENTRY>_...\`, \`INTEGRATION_<ENTRY>_...\`: \`HOST\`, \`PORT\`, and \`URL\` but for stores | the agent and its jobs |
| the gateway                                    | \`ASTRO_GATEWAY_URL\` (ends in \`/v1\`) and \`ASTRO_GATEWAY_API_KEY\`                              | the agent and its jobs           |
| a model entry of the gateway                   | \`MODEL_<ENTRY>\`: the model that was chosen, else the first of its list, else \`claude-sonnet-4-6\` | the agent and its jobs        |
| \`inputs\` at the top                            | their names                                                                                 | every container                  |
| \`agent.inputs\`                                 | their names                                                                                 | the agent                        |
| \`inputs\` of an entry or a job                  | their names                                                                                 | that container                   |
| \`container.environment\`                        | as written                                                                                  | that container                   |
| \`interfaces.frontend\`                          | \`PORT\`: 80, or \`dev.interfaces.frontend.port\` locally                                       | the agent                        |
| messaging, where its service runs              | \`GRPC_SERVER_ADDR\`, and \`AGENT_FILES_DIR\` with \`web\`                                        | the agent                        |

Of several with one name the gateway's go first, then a container's own inputs, the inputs at the top, \`environment\`, and
the rest. A credential or a required input that is empty counts as missing; what is optional or has a default may be
emptied. The same rules hold on a developer's machine and for a deployment.`;

const findings = `Each finding has a code that stays the same. Errors make the file unusable; warnings do not.`;
