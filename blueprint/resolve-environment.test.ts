import { describe, expect, test } from "bun:test";
import { blueprintOf } from "../tests/support/blueprints.ts";
import type { EnvironmentRequest } from "./environment-request.ts";
import { localMessaging } from "./messaging.ts";
import { readBlueprint } from "./read-blueprint.ts";
import { requestedValues } from "./requested-values.ts";
import { resolveEnvironment } from "./resolve-environment.ts";
import { generatedNames } from "./store-variables.ts";

type Options = Partial<Omit<EnvironmentRequest, "blueprint" | "values" | "modelChoices" | "generated">> & {
  readonly values?: Record<string, string>;
  readonly modelChoices?: Record<string, string>;
  readonly generated?: Record<string, string>;
};

function resolve(text: string, options: Options = {}) {
  const { values = {}, modelChoices = {}, generated = {}, ...rest } = options;
  const blueprint = blueprintOf(text);
  const resolved = resolveEnvironment({
    blueprint,
    place: "deployed",
    offeredModels: [],
    addresses: (workload) => ({ host: `${workload}.internal` }),
    facts: {},
    ...rest,
    values: new Map(Object.entries(values)),
    modelChoices: new Map(Object.entries(modelChoices)),
    generated: new Map(Object.entries(generated)),
  });
  const environments = Object.fromEntries(resolved.environments);
  return {
    environments,
    agent: environments["agent"],
    missing: resolved.missing.map(({ name }) => name),
    problems: resolved.problems,
  };
}

const gateway = { url: "https://astrolabe.test/v1", apiKey: "sk-live" };

describe("credentials of cloud providers", () => {
  test("are named after the provider, not the entry, and are required", () => {
    const text =
      "models: { fine-tune: { provider: OpenAI } }\nintegrations: { code: { provider: github } }\nknowledge: { v: { provider: pinecone } }";
    expect(resolve(text, { values: { OPENAI_API_KEY: "a", GITHUB_TOKEN: "b" } })).toMatchObject({
      agent: { OPENAI_API_KEY: "a", GITHUB_TOKEN: "b" },
      missing: ["PINECONE_API_KEY"],
    });
  });

  test("are told apart by the entries when there are several, the first in the alphabet bare as well", () => {
    const text = "models: { b: { provider: openai }, a: { provider: openai } }";
    const { agent, missing } = resolve(text, { values: { OPENAI_A_API_KEY: "1", OPENAI_B_API_KEY: "2" } });
    expect(agent).toEqual({ OPENAI_A_API_KEY: "1", OPENAI_API_KEY: "1", OPENAI_B_API_KEY: "2" });
    expect(missing).toEqual([]);
    expect(requestedValues(blueprintOf(text)).map(({ name }) => name)).toEqual([
      "OPENAI_B_API_KEY",
      "OPENAI_A_API_KEY",
    ]);
  });

  test("of the first in the alphabet may be given under the bare name", () => {
    const { agent, missing } = resolve("models: { b: { provider: openai }, a: { provider: openai } }", {
      values: { OPENAI_API_KEY: "1" },
    });
    expect(agent).toEqual({ OPENAI_A_API_KEY: "1", OPENAI_API_KEY: "1" });
    expect(missing).toEqual(["OPENAI_B_API_KEY"]);
  });

  test("of the entry named like its provider have the bare name alone", () => {
    const { agent, missing } = resolve("models: { openai: { provider: openai }, a: { provider: openai } }", {
      values: { OPENAI_API_KEY: "1", OPENAI_A_API_KEY: "2", OPENAI_OPENAI_API_KEY: "3" },
    });
    expect(agent).toEqual({ OPENAI_API_KEY: "1", OPENAI_A_API_KEY: "2" });
    expect(missing).toEqual([]);
  });

  test("that are empty are missing", () => {
    const { agent, missing } = resolve("models: { a: { provider: openai } }", { values: { OPENAI_API_KEY: "" } });
    expect(agent).toEqual({});
    expect(missing).toEqual(["OPENAI_API_KEY"]);
  });

  test("are not asked for by unknown providers, or ones in another section", () => {
    expect(resolve("models: { a: { provider: nobody }, b: { provider: github } }")).toMatchObject({
      agent: {},
      missing: [],
    });
  });
});

describe("custom providers", () => {
  const providers = `providers:
  my-jira:
    scope: [integrations, knowledge]
    variables:
      - { name: API_KEY, datatype: string, secret: true }
      - { name: SITE, datatype: string, default: https://jira.test }
`;

  test("give every variable after their name, secret or not", () => {
    const { agent, missing } = resolve(`${providers}integrations: { tickets: { provider: my-jira } }`);
    expect(agent).toEqual({ MY_JIRA_SITE: "https://jira.test" });
    expect(missing).toEqual(["MY_JIRA_API_KEY"]);
  });

  test("used by entries of two sections follow the rule for several", () => {
    const text = `${providers}integrations: { b: { provider: my-jira } }\nknowledge: { a: { provider: my-jira } }`;
    const { agent } = resolve(text, { values: { MY_JIRA_A_API_KEY: "1", MY_JIRA_B_API_KEY: "2" } });
    expect(agent).toMatchObject({ MY_JIRA_A_API_KEY: "1", MY_JIRA_API_KEY: "1", MY_JIRA_B_API_KEY: "2" });
  });

  test("used by entries of one name are one credential", () => {
    const text = `${providers}integrations: { a: { provider: my-jira } }\nknowledge: { a: { provider: my-jira } }`;
    expect(requestedValues(blueprintOf(text)).map(({ name }) => name)).toEqual(["MY_JIRA_API_KEY", "MY_JIRA_SITE"]);
  });

  test("that no entry uses ask for nothing", () => {
    expect(resolve(providers)).toMatchObject({ agent: {}, missing: [] });
  });
});

describe("stores", () => {
  test("give host, port and address to the agent", () => {
    const { agent } = resolve(
      "knowledge: { cache: { provider: redis }, v: { provider: qdrant }, g: { provider: neo4j } }",
    );
    expect(agent).toEqual({
      REDIS_HOST: "knowledge-cache.internal",
      REDIS_PORT: "6379",
      REDIS_URL: "redis://knowledge-cache.internal:6379",
      QDRANT_HOST: "knowledge-v.internal",
      QDRANT_PORT: "6333",
      QDRANT_URL: "http://knowledge-v.internal:6333",
      NEO4J_HOST: "knowledge-g.internal",
      NEO4J_PORT: "7474",
      NEO4J_URL: "bolt://knowledge-g.internal:7687",
    });
  });

  test("with a login have the same one on both sides, and it can be given", () => {
    const text = "knowledge: { db: { provider: postgres } }";
    expect(generatedNames(blueprintOf(text))).toEqual(["POSTGRES_PASSWORD"]);
    const made = resolve(text, { generated: { POSTGRES_PASSWORD: "p@ss/word" } });
    const login = { POSTGRES_USER: "astro", POSTGRES_PASSWORD: "p@ss/word", POSTGRES_DB: "my_agent" };
    expect(made.agent).toEqual({
      ...login,
      POSTGRES_HOST: "knowledge-db.internal",
      POSTGRES_PORT: "5432",
      POSTGRES_URL: "postgres://astro:p%40ss%2Fword@knowledge-db.internal:5432/my_agent",
    });
    expect(made.environments["knowledge-db"]).toEqual({ ...login, PGDATA: "/var/lib/postgresql/data/pgdata" });
    const given = resolve(text, { values: { POSTGRES_PASSWORD: "mine", POSTGRES_DB: "other" } });
    expect(given.environments["knowledge-db"]).toMatchObject({ POSTGRES_PASSWORD: "mine", POSTGRES_DB: "other" });
    expect(given.problems).toEqual([]);
  });

  test("without a password that was made are a problem", () => {
    expect(resolve("knowledge: { db: { provider: mysql } }").problems.map(({ name }) => name)).toEqual([
      "MYSQL_PASSWORD",
    ]);
  });

  test("of one kind are told apart, and each container knows its own by the bare names", () => {
    const text = "knowledge: { main: { provider: postgres }, archive: { provider: postgres } }";
    expect(generatedNames(blueprintOf(text))).toEqual(["POSTGRES_MAIN_PASSWORD", "POSTGRES_ARCHIVE_PASSWORD"]);
    const { agent, environments } = resolve(text, {
      generated: { POSTGRES_MAIN_PASSWORD: "m", POSTGRES_ARCHIVE_PASSWORD: "a" },
    });
    expect(agent).toMatchObject({
      POSTGRES_HOST: "knowledge-archive.internal",
      POSTGRES_PASSWORD: "a",
      POSTGRES_ARCHIVE_HOST: "knowledge-archive.internal",
      POSTGRES_MAIN_HOST: "knowledge-main.internal",
      POSTGRES_MAIN_PASSWORD: "m",
    });
    expect(environments["knowledge-main"]).toMatchObject({ POSTGRES_PASSWORD: "m" });
    expect(environments["knowledge-archive"]).toMatchObject({ POSTGRES_PASSWORD: "a" });
  });
});

describe("containers of one's own", () => {
  test("are reached under section and name; stores without an address of one form", () => {
    const { agent, environments } = resolve(`models:
  fast.lane: { container: { image: m, port: 9000 } }
knowledge:
  s: { container: { image: k, environment: { MODE: rw } } }
integrations:
  t: { container: { image: i, port: 1 } }
`);
    expect(agent).toEqual({
      MODEL_FAST_LANE_HOST: "model-fast-lane.internal",
      MODEL_FAST_LANE_PORT: "9000",
      MODEL_FAST_LANE_URL: "http://model-fast-lane.internal:9000",
      KNOWLEDGE_S_HOST: "knowledge-s.internal",
      KNOWLEDGE_S_PORT: "8080",
      INTEGRATION_T_HOST: "integration-t.internal",
      INTEGRATION_T_PORT: "1",
      INTEGRATION_T_URL: "http://integration-t.internal:1",
    });
    expect(environments["knowledge-s"]).toEqual({ MODE: "rw" });
  });

  test("have their fixed variables locally too", () => {
    const text = "integrations: { t: { container: { image: i, port: 1, environment: { MODE: rw } } } }";
    expect(resolve(text, { place: "local" }).environments["integration-t"]).toEqual({ MODE: "rw" });
  });
});

describe("the gateway", () => {
  const entry = "models: { default: { provider: gateway, models: [claude-haiku-4-5, claude-opus-4-8] } }";

  test("gives its address, its key and the first model, locally and deployed", () => {
    for (const place of ["local", "deployed"] as const) {
      expect(resolve(entry, { gateway, place }).agent).toEqual({
        ASTRO_GATEWAY_URL: "https://astrolabe.test/v1",
        ASTRO_GATEWAY_API_KEY: "sk-live",
        MODEL_DEFAULT: "claude-haiku-4-5",
      });
    }
  });

  test("is asked for by the boolean without naming a model", () => {
    const { agent } = resolve("agent: { image: a, astro_ai_gateway: true }", { gateway });
    expect(agent).toEqual({ ASTRO_GATEWAY_URL: gateway.url, ASTRO_GATEWAY_API_KEY: gateway.apiKey });
  });

  test("gives nothing to agents that do not use it", () => {
    expect(resolve("models: { a: { provider: openai } }", { gateway, values: { OPENAI_API_KEY: "k" } }).agent).toEqual({
      OPENAI_API_KEY: "k",
    });
  });

  test("gives one model for each entry, and the one that was chosen", () => {
    const text =
      "models: { fast-lane: { provider: gateway, models: [a, b] }, deep: { provider: GATEWAY, models: [c] } }";
    const { agent, problems } = resolve(text, { gateway, modelChoices: { "fast-lane": "b" } });
    expect(agent).toMatchObject({ MODEL_FAST_LANE: "b", MODEL_DEEP: "c" });
    expect(problems).toEqual([]);
  });

  test("offers what there is to an entry without a list", () => {
    const text = "models: { default: { provider: gateway } }";
    const model = (options: Options) => resolve(text, { gateway, ...options }).agent?.["MODEL_DEFAULT"];
    expect(model({})).toBe("claude-sonnet-4-6");
    expect(model({ offeredModels: ["claude-opus-4-8", "claude-sonnet-4-6"] })).toBe("claude-sonnet-4-6");
    expect(model({ offeredModels: ["other"] })).toBe("other");
    expect(model({ offeredModels: ["x"], modelChoices: { default: "x" } })).toBe("x");
  });

  test("passes on a model from `.env`, and any model on a developer's machine", () => {
    const values = { MODEL_DEFAULT: "my-experiment" };
    const local = resolve(entry, { gateway, values, place: "local" });
    expect(local.agent?.["MODEL_DEFAULT"]).toBe("my-experiment");
    expect(local.problems).toEqual([]);
  });

  test("refuses a choice that is not on the list, and one for an entry that there is not", () => {
    const { problems } = resolve(entry, { gateway, modelChoices: { default: "gpt", other: "x" } });
    expect(problems.map(({ name }) => name)).toEqual(["MODEL_DEFAULT", "other"]);
    expect(resolve(entry, { gateway, values: { MODEL_DEFAULT: "gpt" } }).problems).toHaveLength(1);
  });

  test("is a problem where it is wanted and there is none", () => {
    expect(resolve(entry).problems.map(({ name }) => name)).toEqual(["ASTRO_GATEWAY_URL", "ASTRO_GATEWAY_API_KEY"]);
  });

  test("goes before inputs and values of its names", () => {
    const text = `agent: { image: a, inputs: [{ name: ASTRO_GATEWAY_API_KEY, datatype: string }] }\n${entry}`;
    const { agent } = resolve(text, { gateway, values: { ASTRO_GATEWAY_API_KEY: "old" } });
    expect(agent?.["ASTRO_GATEWAY_API_KEY"]).toBe("sk-live");
  });
});

describe("inputs", () => {
  const everywhere = "inputs: { LOG: { name: LOG_LEVEL, datatype: string, default: info } }\n";

  test("at the top go to every container, others to their own alone", () => {
    const { environments } = resolve(
      `agent: { image: a, inputs: [{ name: A, datatype: string }] }
${everywhere}knowledge: { s: { provider: redis, inputs: [{ name: S, datatype: string }] } }
ingestion: { j: { container: { image: j }, trigger: { type: manual }, inputs: [{ name: J, datatype: string }] } }`,
      { values: { A: "1", S: "2", J: "3" } },
    );
    const redis = {
      REDIS_HOST: "knowledge-s.internal",
      REDIS_PORT: "6379",
      REDIS_URL: "redis://knowledge-s.internal:6379",
    };
    expect(environments).toEqual({
      agent: { ...redis, LOG_LEVEL: "info", A: "1" },
      "knowledge-s": { LOG_LEVEL: "info", S: "2" },
      "ingestion-j": { ...redis, LOG_LEVEL: "info", J: "3" },
    });
  });

  test("are missing when nobody gave them, unless they are optional or have a default", () => {
    const inputs = (fields: string) => `agent: { image: a, inputs: [{ name: A, datatype: string${fields} }] }`;
    expect(resolve(inputs("")).missing).toEqual(["A"]);
    expect(resolve(inputs(""), { values: { A: "" } }).missing).toEqual(["A"]);
    expect(resolve(inputs(", optional: true"))).toMatchObject({ agent: {}, missing: [] });
    expect(resolve(inputs(", default: x"))).toMatchObject({ agent: { A: "x" }, missing: [] });
    expect(resolve(inputs(", default: x"), { values: { A: "y" } }).agent).toEqual({ A: "y" });
  });

  test("that need no value may be emptied", () => {
    const inputs = (fields: string) => `agent: { image: a, inputs: [{ name: A, datatype: string${fields} }] }`;
    expect(resolve(inputs(", optional: true"), { values: { A: "" } }).agent).toEqual({ A: "" });
    expect(resolve(inputs(", default: x"), { values: { A: "" } })).toMatchObject({ agent: { A: "" }, missing: [] });
  });

  test("must be of their datatype and among their options; the message does not say the value", () => {
    const text = `agent:
  image: a
  inputs:
    - { name: N, datatype: number }
    - { name: B, datatype: boolean }
    - { name: O, datatype: object }
    - { name: S, datatype: string, display-as: select, options: [one, 2] }
    - { name: Z, datatype: string }
`;
    const wrong = { N: "hunter2", B: "hunter2", O: "hunter2", S: "hunter2", Z: "hunter2\0" };
    const { problems } = resolve(text, { values: wrong });
    expect(problems.map(({ name }) => name)).toEqual(["N", "B", "O", "S", "Z"]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
    expect(resolve(text, { values: { N: "4.5", B: "TRUE", O: "{}", S: "2", Z: "" } }).problems).toEqual([]);
  });

  test("may have a credential's name, which is asked for once", () => {
    const text =
      "agent: { image: a, inputs: [{ name: OPENAI_API_KEY, datatype: string, optional: true }] }\nmodels: { m: { provider: openai } }";
    expect(requestedValues(blueprintOf(text))).toMatchObject([
      { name: "OPENAI_API_KEY", secret: true, optional: false },
    ]);
    expect(resolve(text, { values: { OPENAI_API_KEY: "k" } }).agent).toEqual({ OPENAI_API_KEY: "k" });
  });

  test("of one container go before those of all, and before what is fixed", () => {
    const text = `${everywhere}knowledge:
  s:
    container: { image: s, port: 1, environment: { LOG_LEVEL: fixed, MODE: fixed } }
    inputs: [{ name: MODE, datatype: string, optional: true }]
`;
    expect(resolve(text).environments["knowledge-s"]).toEqual({ LOG_LEVEL: "info", MODE: "fixed" });
    expect(resolve(text, { values: { MODE: "mine" } }).environments["knowledge-s"]).toMatchObject({ MODE: "mine" });
  });
});

describe("jobs", () => {
  test("get what the agent gets, the gateway and credentials included, but for the agent's own inputs and interfaces", () => {
    const { environments } = resolve(
      `agent: { image: a, interfaces: { frontend: true }, inputs: [{ name: OWN, datatype: string }] }
models: { default: { provider: gateway, models: [m] }, o: { provider: openai } }
knowledge: { s: { provider: redis } }
ingestion: { j: { container: { image: j, environment: { BATCH: 10 } }, trigger: { type: startup } } }`,
      { gateway, values: { OPENAI_API_KEY: "k", OWN: "1" }, facts: { ASTRO_AGENT_NAME: "my-agent" } },
    );
    expect(environments["agent"]).toMatchObject({ PORT: "80", OWN: "1" });
    expect(environments["ingestion-j"]).toEqual({
      ASTRO_AGENT_NAME: "my-agent",
      ASTRO_GATEWAY_URL: gateway.url,
      ASTRO_GATEWAY_API_KEY: gateway.apiKey,
      MODEL_DEFAULT: "m",
      OPENAI_API_KEY: "k",
      REDIS_HOST: "knowledge-s.internal",
      REDIS_PORT: "6379",
      REDIS_URL: "redis://knowledge-s.internal:6379",
      BATCH: "10",
    });
  });
});

describe("interfaces", () => {
  const text = `agent: { image: a, interfaces: { frontend: true, messaging: true } }
dev: { interfaces: { frontend: { port: 3000 }, messaging: { adapters: [web, slack], log_level: warn, slack: { auto_thread: false } } } }`;

  test("say the port of the pages, another one locally", () => {
    expect(resolve(text).agent).toEqual({ PORT: "80" });
    expect(resolve(text, { place: "local" }).agent).toEqual({ PORT: "3000" });
  });

  test("tell agent and messaging service about each other; tokens go to the service alone", () => {
    const messaging = localMessaging(blueprintOf(text));
    expect(messaging).toEqual({ image: "astropods/messaging:latest", adapters: ["web", "slack"] });
    const { environments } = resolve(text, { place: "local", messaging, values: { SLACK_BOT_TOKEN: "xoxb" } });
    expect(environments["agent"]).toEqual({
      PORT: "3000",
      GRPC_SERVER_ADDR: "messaging.internal:9090",
      AGENT_FILES_DIR: "/data/files",
    });
    expect(environments["messaging"]).toMatchObject({
      GRPC_ENABLED: "true",
      LOG_LEVEL: "warn",
      WEB_ENABLED: "true",
      SLACK_ENABLED: "true",
      SLACK_BOT_TOKEN: "xoxb",
      SLACK_CONFIG: '{"auto_thread":false}',
    });
  });

  test("leave Slack out locally without its token, and ask for it where it is deployed", () => {
    const messaging = { image: "m", adapters: ["slack"] };
    const local = resolve(text, { place: "local", messaging });
    expect(local.environments["messaging"]).not.toHaveProperty("SLACK_ENABLED");
    expect(local.missing).toEqual([]);
    expect(resolve(text, { messaging }).missing).toEqual(["SLACK_BOT_TOKEN"]);
  });
});

test("the same request gives the same answer, and leaves what it was given alone", () => {
  const text = "models: { default: { provider: gateway } }\nknowledge: { db: { provider: postgres } }";
  const facts = Object.freeze({ ASTRO_AGENT_ID: "dep_1" });
  const options = { gateway, facts, generated: { POSTGRES_PASSWORD: "p" } };
  expect(resolve(text, options)).toEqual(resolve(text, options));
});

test("entries whose variables would contradict each other never get this far", () => {
  const { diagnostics } = readBlueprint(
    "agent: { image: a }\nmodels: { o: { provider: openai }, x: { provider: openai-o }, p: { provider: openai } }\nproviders: { openai-o: { scope: [models], variables: [{ name: API_KEY, datatype: string }] } }",
    { fallbackName: "my-agent" },
  );
  expect(diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([
    "`models.o` and `models.x` both give the variable `OPENAI_O_API_KEY`.",
  ]);
});
