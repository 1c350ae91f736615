import { describe, expect, test } from "bun:test";
import { blueprintOf } from "../tests/support/blueprints.ts";
import { explainEnvironment } from "./explain-environment.ts";
import { explainKey, keyTables } from "./explain-key.ts";
import { resolveEnvironment } from "./resolve-environment.ts";
import { schemaPath } from "./schema-keys.ts";
import { generatedNames } from "./store-variables.ts";

describe("a key", () => {
  test("is found by its path, numbers of lists left out or not", () => {
    for (const text of ["agent.inputs.datatype", "agent.inputs[3].datatype", "agent.inputs.7.datatype"]) {
      expect(explainKey(schemaPath(text))).toMatchObject({
        accepts: "`string`, `boolean`, `number`, `array` or `object`",
        required: true,
      });
    }
    expect(explainKey(schemaPath("knowledge.anything.container.environment.ANY"))?.accepts).toBe(
      "text, number or `true` or `false`",
    );
    expect(explainKey(schemaPath("dev.interfaces.messaging.slack.auto_thread"))?.preset).toBe("`true`");
    expect(explainKey(schemaPath("agent.nothing"))).toBeUndefined();
  });

  test("has a description, everywhere", () => {
    const silent = keyTables().flatMap(({ path, keys }) =>
      keys.filter(({ description }) => description === "").map(({ name }) => `${path}.${name}`),
    );
    expect(keyTables().length).toBeGreaterThan(20);
    expect(silent).toEqual([]);
  });
});

describe("the variables of a container", () => {
  const blueprint =
    blueprintOf(`agent: { image: a, interfaces: { frontend: true }, inputs: [{ name: A, datatype: string, default: x }] }
models: { default: { provider: gateway }, a: { provider: openai }, b: { provider: openai } }
knowledge: { db: { provider: postgres } }
ingestion: { j: { container: { image: j, environment: { B: 1 } }, trigger: { type: manual } } }`);

  test("that are told are those that are set", () => {
    const told = explainEnvironment(blueprint, "deployed");
    const { environments } = resolveEnvironment({
      blueprint,
      place: "deployed",
      values: new Map([
        ["OPENAI_A_API_KEY", "1"],
        ["OPENAI_B_API_KEY", "2"],
      ]),
      gateway: { url: "u", apiKey: "k" },
      modelChoices: new Map(),
      offeredModels: [],
      addresses: (workload) => ({ host: workload }),
      facts: {},
      generated: new Map(generatedNames(blueprint).map((name) => [name, "p"])),
    });
    expect([...told.keys()]).toEqual([...environments.keys()]);
    for (const [workload, variables] of told) {
      expect(variables.map(({ name }) => name).toSorted()).toEqual(
        Object.keys(environments.get(workload) ?? {}).toSorted(),
      );
    }
  });

  test("are told with where they come from, and which are secrets or have to be given", () => {
    const agent = new Map(
      explainEnvironment(blueprint, "local")
        .get("agent")
        ?.map((one) => [one.name, one]),
    );
    expect(agent.get("OPENAI_API_KEY")).toMatchObject({ value: "the same as OPENAI_A_API_KEY", from: "models.a" });
    expect(agent.get("OPENAI_B_API_KEY")).toMatchObject({ secret: true, needed: true, from: "models.b" });
    expect(agent.get("A")).toMatchObject({ value: "given by you, else x", needed: false, from: "agent.inputs[0]" });
    expect(agent.get("POSTGRES_URL")).toMatchObject({
      value: "postgres://user:password@knowledge-db:5432",
      secret: true,
    });
    expect(agent.get("PORT")).toMatchObject({ value: "80", from: "agent.interfaces.frontend" });
  });
});
