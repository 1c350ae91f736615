import { describe, expect, test } from "bun:test";
import { blueprintOf } from "../tests/support/blueprints.ts";
import { usesGateway } from "./blueprint.ts";
import { readBlueprint } from "./read-blueprint.ts";

const codes = (source: string, options?: { fallbackName: string }) =>
  readBlueprint(source, options).diagnostics.map(({ severity, code }) => `${severity} ${code}`);

/** The blocks of the page "AI Gateway" of 2026, indented as they stand there. */
const quickStart = `agent:
 image: my-agent:latest
 astro_ai_gateway: true
`;
const mixing = `agent:
 image: my-agent:latest
 astro_ai_gateway: true # gateway-managed models
models:
 custom-fine-tune:
  provider: openai # your own OpenAI key for a specific use case
`;

describe("a block that was pasted from a page", () => {
  test("is an agent named after its folder, with the gateway", () => {
    const { blueprint } = readBlueprint(quickStart, { fallbackName: "My first agent" });
    expect(blueprint?.name).toBe("my-first-agent");
    expect(blueprint?.spec).toBe("blueprint/v1");
    expect(blueprint?.agent.source).toEqual({ kind: "image", image: "my-agent:latest" });
    expect(blueprint !== undefined && usesGateway(blueprint)).toBe(true);
    expect(codes(quickStart, { fallbackName: "x1" })).toEqual([
      "warning spec-missing",
      "warning name-missing",
      "warning gateway-boolean",
    ]);
  });

  test("may use a key of one's own beside the gateway", () => {
    const { blueprint } = readBlueprint(mixing, { fallbackName: "agent" });
    expect(blueprint?.name).toBe("my-agent");
    expect(blueprint?.models).toEqual([
      { name: "custom-fine-tune", kind: { kind: "provider", provider: "openai" }, inputs: [], models: [] },
    ]);
  });

  test("has to say its name and version where there is no folder", () => {
    expect(codes(quickStart).slice(0, 2)).toEqual(["error missing-key", "error missing-key"]);
  });

  test("is told when its line numbers came along", () => {
    const numbered = quickStart
      .trimEnd()
      .split("\n")
      .map((line, index) => `${index + 1}${line}`)
      .join("\n");
    expect(codes(numbered, { fallbackName: "x1" })).toEqual(["error yaml-line-numbers"]);
  });

  test("takes a folder's name however odd it is", () => {
    for (const [folder, name] of [
      ["agent", "my-agent"],
      ["42 cats", "cats"],
      ["Ünï_Cödé", "u-ni-co-de"],
      ["!", "my-agent"],
      ["x", "my-x"],
      ["a".repeat(80), "a".repeat(63)],
    ] as const) {
      expect(readBlueprint(quickStart, { fallbackName: folder }).blueprint?.name).toBe(name);
    }
  });
});

describe("a blueprint", () => {
  test("has its defaults filled in", () => {
    const { agent, dev, ...rest } = blueprintOf("");
    expect(agent).toEqual({
      source: { kind: "image", image: "my-agent:latest" },
      distributed: false,
      interfaces: { frontend: false, messaging: true },
      healthcheck: undefined,
      inputs: [],
      astroAiGateway: false,
      skills: [],
      annotations: { runtime: undefined },
    });
    expect(dev.messaging.adapters).toEqual([]);
    expect(rest).toMatchObject({
      scope: undefined,
      name: "my-agent",
      models: [],
      knowledge: [],
      inputs: [],
      ingestion: [],
    });
  });

  test("has messaging unless it says what its interfaces are", () => {
    const interfaces = (text: string) => blueprintOf(`agent:\n  image: a\n${text}`).agent.interfaces;
    expect(interfaces("")).toEqual({ frontend: false, messaging: true });
    expect(interfaces("  interfaces: {}")).toEqual({ frontend: false, messaging: false });
    expect(interfaces("  interfaces: { frontend: true }")).toEqual({ frontend: true, messaging: false });
  });

  test("may belong to an account, and any version is read", () => {
    expect(blueprintOf('spec: astro/v1\nname: "@acme/agent-7"\nagent: { image: a }')).toMatchObject({
      spec: "astro/v1",
      scope: "acme",
      name: "agent-7",
    });
  });

  test("keeps numbers as they are written where text is meant", () => {
    const { knowledge } = blueprintOf(
      "knowledge:\n  s:\n    container: { image: s, port: 1, environment: { VERSION: 1.10, ON: true, HEX: 0x10 } }",
    );
    expect(knowledge[0]?.kind).toMatchObject({
      container: { environment: { VERSION: "1.10", ON: "true", HEX: "0x10" } },
    });
  });

  test("reads times of health checks, and `model` as a list of one", () => {
    const { agent, models } = blueprintOf(
      "agent:\n  image: a\n  healthcheck: { path: /ok, interval: 1m30s, timeout: 500ms }\nmodels:\n  d: { provider: Gateway, model: m }",
    );
    expect(agent.healthcheck).toEqual({ path: "/ok", intervalMs: 90_000, timeoutMs: 500, retries: 3 });
    expect(models[0]?.models).toEqual(["m"]);
  });

  test("may list its local adapters in the older form", () => {
    expect(blueprintOf("dev: { interfaces: [slack, web, slack] }").dev.messaging.adapters).toEqual(["slack", "web"]);
  });

  test("may use anchors, and merge what they mark", () => {
    const { ingestion } = blueprintOf(`ingestion:
  one:
    container: &job { image: job, environment: { A: one } }
    trigger: { type: manual }
  two:
    container: { <<: *job, image: other }
    trigger: { type: startup }
`);
    expect(ingestion.map(({ container }) => [container.source, container.environment])).toEqual([
      [{ kind: "image", image: "job" }, { A: "one" }],
      [{ kind: "image", image: "other" }, { A: "one" }],
    ]);
  });

  test("keeps the order of the file", () => {
    const names = blueprintOf("models:\n  z: { provider: openai }\n  a: { provider: gateway }\n").models.map(
      ({ name }) => name,
    );
    expect(names).toEqual(["z", "a"]);
  });
});

describe("a warning", () => {
  const warned = (text: string) => codes(`spec: blueprint/v1\nname: my-agent\n${text}`);
  const agent = "agent: { image: a }\n";

  test("is given for what is deprecated or does nothing", () => {
    const older = codes("spec: blueprint/v9\nname: my-agent\nagent: { image: a }");
    expect(older).toEqual(["warning spec-unknown"]);
    expect(warned(`${agent}meta: { visibility: public }`)).toEqual(["warning meta-deprecated"]);
    expect(warned("agent: { image: a, astro_ai_gateway: true }")).toEqual(["warning gateway-boolean"]);
    expect(warned("agent: { image: a, astro_ai_gateway: false }")).toEqual([]);
    expect(warned(`${agent}models: { d: { provider: gateway, model: m } }`)).toEqual(["warning model-deprecated"]);
    expect(warned(`${agent}models: { d: { provider: openai, models: [m] } }`)).toEqual(["warning models-unused"]);
    expect(warned(`${agent}models:\nknowledge: {}`)).toEqual(["warning empty-section"]);
    expect(warned(`${agent}dev: { interfaces: [discord] }`)).toEqual(["warning adapter-unknown"]);
  });

  test("is given for providers that do nothing where they stand", () => {
    expect(warned(`${agent}models: { d: { provider: antropic } }`)).toEqual(["warning provider-unknown"]);
    expect(warned(`${agent}models: { d: { provider: github } }`)).toEqual(["warning provider-section"]);
    expect(warned(`${agent}knowledge: { d: { provider: gateway } }`)).toEqual(["warning provider-section"]);
    const unused = "providers: { p: { scope: [models], variables: [{ name: KEY, datatype: string }] } }";
    expect(warned(`${agent}${unused}`)).toEqual(["warning provider-unused"]);
  });

  test("is given for inputs that surprise", () => {
    const input = (fields: string) => warned(`agent: { image: a, inputs: [{ name: A, ${fields} }] }`);
    expect(input("datatype: string, secret: true, default: hunter2")).toEqual(["warning secret-default"]);
    expect(input('datatype: string, secret: true, default: ""')).toEqual([]);
    expect(input("datatype: number, default: many")).toEqual(["warning default-datatype"]);
    expect(input("datatype: number, default: 4.5")).toEqual([]);
    const knowledge = "knowledge: { p: { provider: pinecone, inputs: [{ name: A, datatype: string }] } }";
    expect(warned(`${agent}${knowledge}`)).toEqual(["warning input-unreachable"]);
    const shadow =
      "agent: { image: a, inputs: [{ name: MODEL_D, datatype: string }] }\nmodels: { d: { provider: gateway } }";
    expect(warned(shadow)).toEqual(["warning input-shadows"]);
  });

  test("is given for containers without a port, which others cannot know", () => {
    expect(warned(`${agent}models: { d: { container: { image: m } } }`)).toEqual(["warning port-missing"]);
    const hook = "ingestion: { d: { container: { image: m }, trigger: { type: webhook } } }";
    expect(warned(`${agent}${hook}`)).toEqual(["warning port-missing"]);
    expect(warned(`${agent}${hook.replace("webhook", "manual")}`)).toEqual([]);
  });

  test("never says what the default of a secret is", () => {
    const source = "agent: { image: a, inputs: [{ name: A, datatype: number, secret: true, default: hunter2 }] }";
    expect(JSON.stringify(readBlueprint(source, { fallbackName: "x1" }).diagnostics)).not.toContain("hunter2");
  });
});

describe("a text that is made to be expensive", () => {
  test("is refused when anchors make it huge", () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inner = level === 0 ? "x" : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 10 }, () => inner).join(", ")}]`;
    });
    const startedAt = performance.now();
    const { diagnostics } = readBlueprint(levels.join("\n"));
    expect(diagnostics.map(({ code }) => code)).toContain("yaml-alias");
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test("is refused when an anchor holds itself", () => {
    expect(codes("spec: a\nname: my-agent\nagent: &a { image: x, inputs: [*a] }")).toEqual(["error file-size"]);
  });

  test("is refused when it is long, or nested deep", () => {
    expect(codes(`# ${"x".repeat(300_000)}`)).toEqual(["error file-size"]);
    expect(codes(`agent: ${"[".repeat(5000)}${"]".repeat(5000)}`)).toEqual(["error file-size"]);
    expect(codes(`a: ${"{b: ".repeat(60)}1${"}".repeat(60)}`)).toContain("error file-size");
  });

  test("gets at most a hundred findings", () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join("\n");
    expect(codes(keys)).toHaveLength(100);
  });
});
