import { describe, expect, test } from "bun:test";
import { readBlueprint } from "./read-blueprint.ts";
import { stripSecretDefaults, transformForRegistry } from "./registry-text.ts";

const imageOf = (workload: string) => `registry.test/acme/${workload}:1a2b3c4d`;

const file = `# My agent.
spec: blueprint/v1
name: my-agent
agent:
  # from source
  build:
    context: .
    # the usual one
    dockerfile: Dockerfile
  inputs: # asked for
    - name: TOKEN
      datatype: string
      secret: true
      default: hunter2 # for now
    - default: hunter3
      name: OTHER
      datatype: string
      secret: true
    - { name: THIRD, datatype: string, secret: true, default: hunter4 }
    - { name: MODE, datatype: string, default: fast }
models:
  local: { container: { build: { context: llm, dockerfile: D }, port: 1 } } # own
knowledge:
  store: { container: { image: "redis:7", port: 2 } }
`;

describe("what is published", () => {
  test("names images where the file has builds, and keeps the rest", () => {
    expect(transformForRegistry(file, imageOf)).toBe(
      file
        .replace(/build:\n {4}context[^]*?Dockerfile\n/, 'image: "registry.test/acme/agent:1a2b3c4d"\n')
        .replace("build: { context: llm, dockerfile: D }", 'image: "registry.test/acme/model-local:1a2b3c4d"'),
    );
  });

  test("has no build left, and is a blueprint", () => {
    const { blueprint, diagnostics } = readBlueprint(transformForRegistry(stripSecretDefaults(file), imageOf));
    expect(diagnostics).toEqual([]);
    expect(blueprint?.agent.source).toEqual({ kind: "image", image: imageOf("agent") });
  });

  test("tells containers apart that share a build by an anchor", () => {
    const shared = `spec: blueprint/v1
name: my-agent
agent: { image: a }
ingestion:
  one: &job
    container: { build: { context: ., dockerfile: D } }
    trigger: { type: manual }
  two: *job
  three: { <<: *job, trigger: { type: startup } }
`;
    const { blueprint } = readBlueprint(transformForRegistry(shared, imageOf));
    expect(blueprint?.ingestion.map(({ container }) => container.source)).toEqual(
      ["one", "two", "three"].map((job) => ({ kind: "image", image: imageOf(`ingestion-${job}`) })),
    );
  });

  test("is named without its account, quotes or none", () => {
    for (const name of ['"@acme/my-agent"   # ours', "'@acme/my-agent'"]) {
      const text = transformForRegistry(`spec: blueprint/v1\nname: ${name}\nagent: { image: a }\n`, imageOf);
      expect(text).toMatch(/^name: my-agent(?: {3}# ours)?$/m);
      expect(readBlueprint(text).blueprint).toMatchObject({ scope: undefined, name: "my-agent" });
    }
  });

  test("holds no default of a secret, in whatever form it stood there", () => {
    const stripped = stripSecretDefaults(file);
    expect(stripped).not.toContain("hunter");
    expect(stripped).toContain("default: fast");
    expect(stripped).toContain("# asked for");
    expect(stripped).toContain("# own");
    const { blueprint, diagnostics } = readBlueprint(stripped);
    expect(diagnostics).toEqual([]);
    expect(blueprint?.agent.inputs.map((input) => [input.name, input.default])).toEqual([
      ["TOKEN", undefined],
      ["OTHER", undefined],
      ["THIRD", undefined],
      ["MODE", "fast"],
    ]);
  });

  test("holds none that came by an anchor or a merge either", () => {
    const merged = `spec: blueprint/v1
name: my-agent
agent:
  image: a
  inputs:
    - &secret { name: ONE, datatype: string, secret: true }
    - { <<: *secret, name: TWO, default: hunter2 }
`;
    const stripped = stripSecretDefaults(merged);
    expect(stripped).not.toContain("hunter2");
    expect(readBlueprint(stripped).blueprint?.agent.inputs.map(({ name, secret }) => [name, secret])).toEqual([
      ["ONE", true],
      ["TWO", true],
    ]);
  });

  test("stays as it is when there is nothing to change", () => {
    const plain = "spec: blueprint/v1 # x\nname:   my-agent\nagent: {image: a}\n";
    expect(transformForRegistry(stripSecretDefaults(plain), imageOf)).toBe(plain);
  });
});
