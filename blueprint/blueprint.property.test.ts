import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "bun:test";
import { stringify } from "yaml";
import { hasErrors } from "./diagnostic.ts";
import { formatDiagnostics } from "./format-diagnostics.ts";
import { blueprintJsonSchema } from "./json-schema.ts";
import { planWorkloads } from "./plan-workloads.ts";
import { readBlueprint } from "./read-blueprint.ts";
import { requestedValues } from "./requested-values.ts";
import { resolveEnvironment } from "./resolve-environment.ts";
import { stripSecretDefaults, transformForRegistry } from "./registry-text.ts";
import { generatedNames } from "./store-variables.ts";
import { workloadNames } from "./workload-names.ts";

const published = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true }).compile(
  blueprintJsonSchema(),
);

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const variable = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,10}$/);
const image = fc.stringMatching(/^[a-z]{1,8}(?::[a-z0-9]{1,4})?$/);
const text = fc.string({ maxLength: 20 });

const source = fc.oneof(
  fc.record({ image }),
  fc.record({
    build: fc.record(
      {
        context: word,
        dockerfile: word,
        target: word,
        args: fc.dictionary(word, fc.oneof(text, fc.integer(), fc.boolean())),
      },
      { requiredKeys: ["context", "dockerfile"] },
    ),
  }),
);
const input = fc.record(
  {
    name: variable,
    datatype: fc.constantFrom("string", "array"),
    secret: fc.boolean(),
    optional: fc.boolean(),
    description: text,
    default: text,
  },
  { requiredKeys: ["name", "datatype"] },
);
const inputs = fc.uniqueArray(input, { selector: ({ name }) => name, maxLength: 3 });
const container = fc
  .tuple(
    source,
    fc.record({
      port: fc.integer({ min: 1, max: 65_535 }),
      environment: fc.dictionary(variable, fc.oneof(text, fc.integer())),
    }),
  )
  .map(([one, rest]) => ({ ...one, ...rest }));
const entries = <T>(entry: fc.Arbitrary<T>) => fc.dictionary(word, entry, { maxKeys: 3 });
const component = (providers: readonly string[]) =>
  fc.oneof(fc.record({ provider: fc.constantFrom(...providers), inputs }), fc.record({ container, inputs }));

/** Files that are right, apart from names that happen to contradict each other. */
const file = fc.record(
  {
    spec: fc.constant("blueprint/v1"),
    name: fc.stringMatching(/^[b-h][a-z0-9]{1,20}$/),
    agent: fc
      .tuple(source, fc.record({ distributed: fc.boolean(), inputs }))
      .map(([one, rest]) => ({ ...one, ...rest })),
    models: entries(component(["gateway", "openai", "anthropic"])),
    knowledge: entries(component(["redis", "postgres", "qdrant", "pinecone"])),
    integrations: entries(component(["github", "gitlab"])),
    inputs: entries(input),
    ingestion: entries(
      fc.record({
        container,
        trigger: fc.record({ type: fc.constantFrom("manual", "startup", "webhook", "schedule") }),
      }),
    ),
  },
  { requiredKeys: ["spec", "name", "agent"] },
);

/** Anything that YAML can say, with the words of a blueprint in it. */
const words = [
  "spec",
  "name",
  "agent",
  "image",
  "build",
  "models",
  "provider",
  "gateway",
  "inputs",
  "datatype",
  "secret",
  "container",
  "trigger",
  "dev",
  "<<",
];
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false, ...words),
    fc.integer(),
    fc.double({ noNaN: true }),
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...words, "x"), tie("value"), { maxKeys: 6 }),
  ),
})).value;

const line = fc.constantFrom(
  "agent:",
  "  image: a",
  "\timage: a",
  "- a",
  "  - name: X",
  "models: {",
  "}",
  "name: @a/b",
  "a: &x [*x]",
  "<<: *x",
  "? a",
  ": b",
  "!!binary aGk=",
  "---",
  "...",
  "%YAML 1.2",
  "x: |",
  "  text",
  "'",
  '"',
  "#",
  "key: [a, {b: c}, ",
  "\u0000",
  "__proto__: 1",
);

function readsSafely(source: string): void {
  const { blueprint, diagnostics } = readBlueprint(source, { fallbackName: "x1" });
  expect(blueprint === undefined).toBe(hasErrors(diagnostics));
  const lines = source.split("\n").length;
  for (const { line: at, column } of diagnostics) {
    expect(at).toBeGreaterThanOrEqual(1);
    expect(at).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
  }
  expect(diagnostics).toEqual(diagnostics.toSorted((one, other) => one.line - other.line || one.column - other.column));
  formatDiagnostics(source, "astropods.yml", diagnostics);
}

const limitMs = 60_000;

describe("reading never fails", () => {
  test(
    "whatever the text",
    () => {
      fc.assert(fc.property(fc.string({ maxLength: 200, unit: "grapheme" }), readsSafely), { numRuns: 300 });
    },
    limitMs,
  );

  test(
    "whatever lines come after each other",
    () => {
      fc.assert(
        fc.property(
          fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n")),
          readsSafely,
        ),
        { numRuns: 500 },
      );
    },
    limitMs,
  );

  test(
    "whatever the values, and the published schema agrees",
    () => {
      const root = fc.dictionary(fc.constantFrom(...words), anything, { maxKeys: 6 });
      fc.assert(
        fc.property(root, (value) => {
          const written = stringify(value);
          readsSafely(written);
          const { blueprint } = readBlueprint(written);
          if (blueprint !== undefined) expect(published(value)).toBe(true);
        }),
        { numRuns: 500 },
      );
    },
    limitMs,
  );
});

describe("a blueprint that is right", () => {
  test(
    "is read with every entry, agrees with the published schema, and comes to containers",
    () => {
      let right = 0;
      fc.assert(
        fc.property(file, (value) => {
          expect(published(value)).toBe(true);
          const { blueprint, diagnostics } = readBlueprint(stringify(value));
          const allowed = ["variable-collision", "workload-collision", "input-twice", "name-reserved"];
          const errors = diagnostics.filter(({ severity }) => severity === "error");
          expect(errors.filter(({ code }) => !allowed.includes(code))).toEqual([]);
          if (blueprint === undefined) return;
          right += 1;
          expect(blueprint.name).toBe(value.name);
          expect(blueprint.models.map(({ name }) => name)).toEqual(Object.keys(value.models ?? {}));
          const requested = requestedValues(blueprint);
          const given = new Map(requested.map(({ name }) => [name, "value"]));
          const request = {
            blueprint,
            place: "deployed" as const,
            values: given,
            gateway: { url: "https://g.test/v1", apiKey: "k" },
            modelChoices: new Map<string, string>(),
            offeredModels: [],
            addresses: (workload: string) => ({ host: workload }),
            facts: {},
            generated: new Map(generatedNames(blueprint).map((name) => [name, "p"])),
          };
          const { environments, missing, problems } = resolveEnvironment(request);
          expect(missing).toEqual([]);
          expect(problems).toEqual([]);
          expect([...environments.keys()]).toEqual(workloadNames(blueprint));
          expect(resolveEnvironment({ ...request, values: new Map() }).missing).toEqual(
            requested.filter((one) => !one.optional && one.default === undefined),
          );
          const workloads = planWorkloads(blueprint, {
            place: "deployed",
            imageOf: (workload, named) => named ?? workload,
            environments,
          });
          for (const { name, environment } of workloads) {
            expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
            for (const [key, held] of Object.entries(environment)) {
              expect(key).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
              expect(typeof held).toBe("string");
            }
          }
        }),
        { numRuns: 150 },
      );
      expect(right).toBeGreaterThan(100);
    },
    limitMs,
  );

  test(
    "comes to the same when it was published, apart from images and defaults of secrets",
    () => {
      fc.assert(
        fc.property(file, (value) => {
          const written = stringify(value);
          const before = readBlueprint(written).blueprint;
          if (before === undefined) return;
          const after = readBlueprint(
            transformForRegistry(stripSecretDefaults(written), (workload) => `r.test/${workload}`),
          );
          expect(after.blueprint?.agent.source.kind).toBe("image");
          expect(after.diagnostics.filter(({ code }) => code === "secret-default")).toEqual([]);
          expect(after.blueprint?.models.map(({ name }) => name)).toEqual(before.models.map(({ name }) => name));
          expect(after.blueprint?.inputs.map(({ name }) => name)).toEqual(before.inputs.map(({ name }) => name));
        }),
        { numRuns: 80 },
      );
    },
    limitMs,
  );
});
