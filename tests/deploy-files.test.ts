// What operators apply to run the server: the manifests, the Compose file and the Dockerfile, against the published schemas,
// the settings that there are, and each other.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "bun:test";
import dockerIgnore from "@balena/dockerignore";
import { parse as parseVariables } from "dotenv";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap } from "kubernetes-models/v1";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { settingGroups, upstreamSettings } from "../scripts/documents/settings.ts";
import { runtimeSettings } from "../scripts/run-bun.mjs";
import { isObject, parseObject, type JsonObject } from "../server/contracts/json.ts";
import { invalid, kinds, unknownFields } from "./support/kubernetes-double/kinds.ts";
import { listFiles, root } from "./tidy/source-tree.ts";

const kubernetes = "deploy/kubernetes";
const dockerfile = await text("Dockerfile");
const composeFile = await text("deploy/compose.yaml");
const envExample = await text("deploy/astrolabe.env.example");

function text(path: string): Promise<string> {
  return Bun.file(join(root, path)).text();
}

async function objectsOf(path: string): Promise<JsonObject[]> {
  const documents = parseAllDocuments(await text(path)).map((document) => JSON.stringify(document.toJS()));
  return documents.map((document) => parseObject(document) ?? {});
}

/** Settings, with the upstreams that are known by name in place of `<NAME>`. */
const settings = new Set(
  settingGroups.flatMap(({ settings: some }) =>
    some.flatMap(({ name }) =>
      upstreamSettings.settings.some((setting) => setting.name === name) && name.startsWith("<NAME>")
        ? ["OPENROUTER", "OPENAI", "ANTHROPIC", "GEMINI"].map((upstream) => name.replace("<NAME>", upstream))
        : [name],
    ),
  ),
);

function unknownSettings(names: Iterable<string>): string[] {
  return [...names].filter((name) => !settings.has(name));
}

const metadata = z.object({ name: z.string() });
const labels = z.record(z.string(), z.string());
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const deploymentShape = z.object({
  metadata,
  spec: z.object({
    replicas: z.number(),
    strategy: z.object({ rollingUpdate: z.object({ maxUnavailable: z.number() }) }),
    template: z.object({
      metadata: z.object({ labels }),
      spec: z.looseObject({
        automountServiceAccountToken: z.boolean(),
        terminationGracePeriodSeconds: z.number(),
        containers: z.tuple([
          z.object({
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            envFrom: z.tuple([
              z.object({ configMapRef: z.object({ name: z.string() }) }),
              z.object({ secretRef: z.object({ name: z.string() }) }),
            ]),
            readinessProbe: probe,
            livenessProbe: probe,
            startupProbe: probe,
            lifecycle: z.object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }) }),
          }),
        ]),
      }),
    }),
  }),
});
const settingsShape = z.object({ metadata, data: labels });
const secretShape = z.object({ metadata, stringData: labels });
const kustomizationShape = z.object({
  resources: z.array(z.string()),
  namespace: z.string().optional(),
  patches: z
    .array(z.object({ target: z.object({ kind: z.string(), name: z.string() }), path: z.string() }))
    .default([]),
});

async function only<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  return shape.parse((await objectsOf(path))[0]);
}

const base = {
  deployment: await only(`${kubernetes}/server/deployment.yaml`, deploymentShape),
  settings: await only(`${kubernetes}/server/configmap.yaml`, settingsShape),
  secret: await only(`${kubernetes}/server/secret.example.yaml`, secretShape),
};
const pod = base.deployment.spec.template;
const [container] = pod.spec.containers;

describe("the manifests", () => {
  const files = listFiles(`${kubernetes}/**/*.yaml`).filter((path) => !path.endsWith("kustomization.yaml"));

  test("are what the published schemas take, and name no namespace but the one of the agents' role", async () => {
    const whole = files.filter((path) => path.startsWith(`${kubernetes}/server/`));
    expect(whole.length).toBeGreaterThan(5);
    for (const path of whole) {
      const [object = {}, ...more] = await objectsOf(path);
      expect([path, problems(object), more]).toEqual([path, [], []]);
      expect(await text(path)).not.toMatch(/^ +namespace:/m);
    }
  });

  test("are all part of a base, an overlay, or an example", async () => {
    for (const folder of ["server", "server-with-agents"]) {
      const kustomization = await only(`${kubernetes}/${folder}/kustomization.yaml`, kustomizationShape);
      const named = [...kustomization.resources, ...kustomization.patches.map(({ path }) => path)];
      for (const path of named) expect(existsSync(join(root, kubernetes, folder, path)), path).toBe(true);
      const inFolder = files.filter(
        (path) => dirname(path) === `${kubernetes}/${folder}` && !path.includes(".example."),
      );
      expect(inFolder.map((path) => path.split("/").at(-1) ?? "").toSorted()).toEqual(
        named.filter((path) => !path.startsWith("..")).toSorted(),
      );
    }
  });

  test("set what is a setting", () => {
    const names = [...Object.keys(base.settings.data), ...Object.keys(base.secret.stringData)];
    expect(unknownSettings(names)).toEqual([]);
    for (const name of ["DATABASE_URL", "ASTROLABE_MASTER_KEY"]) expect(names).toContain(name);
  });

  test("lead to each other", async () => {
    const [fromSettings, fromSecret] = container.envFrom;
    expect(fromSettings.configMapRef.name).toBe(base.settings.metadata.name);
    expect(fromSecret.secretRef.name).toBe(base.secret.metadata.name);
    const service = await only(
      `${kubernetes}/server/service.yaml`,
      z.object({
        metadata,
        spec: z.object({ selector: labels, ports: z.array(z.object({ name: z.string(), targetPort: z.string() })) }),
      }),
    );
    expect(pod.metadata.labels).toMatchObject(service.spec.selector);
    const shown = container.ports.map(({ name }) => name);
    for (const { targetPort } of service.spec.ports) expect(shown).toContain(targetPort);
    for (const { httpGet } of [container.readinessProbe, container.livenessProbe])
      expect(shown).toContain(httpGet.port);
    expect(dockerfile).toContain(`EXPOSE ${container.ports[0]?.containerPort}`);
    const budget = await only(
      `${kubernetes}/server/poddisruptionbudget.yaml`,
      z.object({ spec: z.object({ selector: z.object({ matchLabels: labels }) }) }),
    );
    expect(pod.metadata.labels).toMatchObject(budget.spec.selector.matchLabels);
    const backend = await text(`${kubernetes}/server/ingress.example.yaml`);
    expect(backend).toContain(
      `name: ${service.metadata.name}\n                port: { name: ${service.spec.ports[0]?.name} }`,
    );
  });

  test("replace pods one by one, and give each the time that it takes to stop", () => {
    expect(base.deployment.spec.replicas).toBeGreaterThan(1);
    expect(base.deployment.spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
    expect([container.readinessProbe.httpGet.path, container.livenessProbe.httpGet.path]).toEqual([
      "/ready",
      "/health",
    ]);
    const drainMs = Number(base.settings.data["ASTROLABE_DRAIN_TIMEOUT_MS"]);
    const pauseMs = Number(/sleep\((\d+)\)/.exec(container.lifecycle.preStop.exec.command.join(" "))?.[1]);
    // Three farewells of a second each, and at most five for housekeeping.
    expect(pod.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(drainMs + pauseMs + 8_000);
  });

  test("with agents change what is there, and use the account that has the role", async () => {
    const folder = `${kubernetes}/server-with-agents`;
    const { namespace, patches } = await only(`${folder}/kustomization.yaml`, kustomizationShape);
    const targets = patches.map(({ target }) => `${target.kind}/${target.name}`);
    expect(targets).toEqual([
      `Deployment/${base.deployment.metadata.name}`,
      `ConfigMap/${base.settings.metadata.name}`,
    ]);
    const added = await only(`${folder}/configmap.yaml`, settingsShape);
    expect(unknownSettings(Object.keys(added.data))).toEqual([]);
    const account = z.object({
      spec: z.object({ template: z.object({ spec: z.object({ serviceAccountName: z.string() }) }) }),
    });
    const { serviceAccountName } = (await only(`${folder}/deployment.yaml`, account)).spec.template.spec;
    expect(pod.spec.automountServiceAccountToken).toBe(false);
    const role = await objectsOf(`${kubernetes}/rbac.yaml`);
    expect(role).toContainEqual(
      expect.objectContaining({ kind: "ServiceAccount", metadata: { name: serviceAccountName, namespace } }),
    );
    expect(role.map((object) => isObject(object["metadata"]) && object["metadata"]["name"])).toContain(
      added.data["ASTROLABE_KUBERNETES_NAMESPACE"] ?? "",
    );
  });
});

/** What the published schemas say about an object; empty when they take it. */
function problems(object: JsonObject): string[] {
  const kind = String(object["kind"]);
  const others = [ConfigMap, PodDisruptionBudget].find(({ name }) => name === kind);
  try {
    const known = kinds.find((item) => item.kind === kind);
    if (known !== undefined) known.validate(object);
    else if (others !== undefined) Reflect.construct(others, [object]).validate();
    else return [`no schema for ${kind}`];
  } catch (error) {
    return [String(error)];
  }
  return [...unknownFields(object, `V1${kind}`), ...invalid(kind, object, undefined)];
}

describe("the Compose file", () => {
  const offered = parseVariables(envExample.replaceAll(/^#(?=[A-Z_]+=)/gm, ""));
  const service = z.object({
    environment: labels,
    env_file: z.string().optional(),
    volumes: z.array(z.string()),
    depends_on: z.record(z.string(), z.unknown()).default({}),
    healthcheck: z.object({ test: z.array(z.string()) }),
    stop_grace_period: z.string(),
  });
  const compose = z
    .object({ services: z.object({ gateway: service, postgres: service }), volumes: z.record(z.string(), z.null()) })
    .parse(parse(composeFile));
  const { gateway, postgres } = compose.services;

  test("sets what is a setting, and reads what its example offers", () => {
    expect(unknownSettings(Object.keys(gateway.environment))).toEqual([]);
    expect(unknownSettings(Object.keys(offered))).toEqual(["POSTGRES_PASSWORD"]);
    const required = [...composeFile.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]);
    expect(new Set(required)).toEqual(new Set(["POSTGRES_PASSWORD", "ASTROLABE_MASTER_KEY"]));
    for (const name of required) expect(envExample).toMatch(new RegExp(`^${name}=$`, "m"));
    expect(Object.keys(postgres.environment)).toEqual(["POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD"]);
  });

  test("ignores the file with the secrets, for Git and for images", async () => {
    expect(`${gateway.env_file}.example`).toBe("astrolabe.env.example");
    expect(await text(".gitignore")).toContain(`/deploy/${gateway.env_file}\n`);
    expect(sendsToEngine(await text(".dockerignore"), `deploy/${gateway.env_file}`)).toBe(false);
  });

  test("leads to services and volumes that it has, and gives the server its time", () => {
    expect(Object.keys(gateway.depends_on)).toEqual(["postgres"]);
    const used = [gateway, postgres].flatMap(({ volumes }) => volumes.map((volume) => volume.split(":")[0] ?? ""));
    expect(used.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    expect(gateway.environment["DATABASE_URL"]).toContain("@postgres:5432/astrolabe");
    expect(gateway.healthcheck.test.slice(1)).toEqual(["astrolabe", "ready"]);
    expect(gateway.stop_grace_period).toBe(`${pod.spec.terminationGracePeriodSeconds}s`);
  });
});

describe("the Dockerfile", () => {
  const variables = [...dockerfile.matchAll(/^ENV (.+)$/gm)]
    .flatMap((match) => (match[1] ?? "").split(" "))
    .map((pair) => pair.split("=", 2));

  test("sets what is a setting, Bun's as `npm start` does", () => {
    const ofImage = variables.filter(([name]) => name !== "NODE_ENV").map(([name = ""]) => name);
    expect(ofImage.length).toBeGreaterThan(4);
    expect(unknownSettings(ofImage)).toEqual([]);
    for (const [name, value] of Object.entries(runtimeSettings)) expect(variables).toContainEqual([name, value]);
  });

  test("copies what is there and is sent to the engine, and leaves tests, secrets and data behind", async () => {
    const rules = await text(".dockerignore");
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? "").split(" "),
    );
    expect(copied).toContain("server");
    const missing = copied.filter((path) => !existsSync(join(root, path)) || !sendsToEngine(rules, path));
    expect(missing).toEqual([]);
    const kept = [".env", "data/master.key", "node_modules", "server/ledger/ledger.test.ts", ".git/config", "dist"];
    expect(kept.filter((path) => sendsToEngine(rules, path))).toEqual([]);
  });
});

function sendsToEngine(rules: string, path: string): boolean {
  return !dockerIgnore({ ignorecase: false }).add(rules).ignores(path);
}
