import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { isObject, type JsonObject } from "../../server/contracts/json.ts";
import { testSettings } from "../../tests/support/kubernetes-cluster.ts";
import { invalid, kinds, unknownFields } from "../../tests/support/kubernetes-double/kinds.ts";
import type { Workload } from "../../blueprint/workload.ts";
import { RuntimeError, type Revision } from "../runtime.ts";
import { lasting, manifestsOf, namespaceManifest } from "./manifests.ts";
import { longestName, objectName } from "./names.ts";
import type { KubernetesSettings } from "./settings.ts";

const settings = testSettings({ kind: "in_cluster", host: "10.0.0.1", port: "443", folder: "/nowhere" });

function workload(changes: Partial<Workload> = {}): Workload {
  return {
    name: "agent",
    component: "agent",
    image: "registry.example.com/shop:1",
    environment: { ASTRO_GATEWAY_API_KEY: "sk-secret-value" },
    ports: [80],
    replicas: 1,
    run: "always",
    frontend: true,
    ...changes,
  };
}

function revision(changes: Partial<Revision> = {}): Revision {
  return {
    project: "shop",
    number: 3,
    workloads: [workload()],
    labels: { agent: "shop", version: "build 7 of the shop" },
    publicHost: "shop.agents.example.com",
    access: "public",
    startTimeoutMs: 120_000,
    ...changes,
  };
}

/** As JSON, the way the API gets it. */
async function made(given: Revision, from: KubernetesSettings = settings): Promise<JsonObject[]> {
  const names = new Map(
    given.workloads.map(({ name }) => [name, `${objectName(given.project, name)}-r${given.number}`]),
  );
  const manifests = [...lasting(manifestsOf(given, names, from)), namespaceManifest("agents")];
  const parsed: unknown = await new Response(JSON.stringify(manifests)).json();
  return Array.isArray(parsed) ? parsed.filter(isObject) : [];
}

function problems(object: JsonObject): string[] {
  const kind = kinds.find((item) => item.kind === object["kind"] && item.apiVersion === object["apiVersion"]);
  if (kind === undefined) return [`no schema for ${String(object["kind"])}`];
  try {
    kind.validate(object);
  } catch (error) {
    return [String(error)];
  }
  return [...unknownFields(object, `V1${kind.kind}`), ...invalid(kind.kind, object, undefined)];
}

function find(objects: readonly JsonObject[], kind: string): JsonObject {
  const found = objects.find((object) => object["kind"] === kind);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
}

const full: KubernetesSettings = {
  ...settings,
  imagePullSecret: "pull",
  storage: { className: "fast", size: "20Gi" },
  resources: { cpuRequest: "1", memoryRequest: "1Gi", cpuLimit: "2", memoryLimit: "2Gi" },
  callerNamespaces: ["ingress", "astrolabe"],
  gpu: { nodeSelectors: { cuda: { pool: "gpu" }, rocm: {} }, memoryLabel: "nvidia.com/gpu.memory" },
  ingress: {
    isUsed: true,
    className: "nginx",
    tlsSecret: "wildcard",
    annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "32m" },
    membersAnnotations: { "nginx.ingress.kubernetes.io/auth-url": "https://sign-in.example.com/auth" },
  },
};

const dnsLabel = fc.stringMatching(/^[a-z0-9](?:[-a-z0-9]{0,38}[a-z0-9])?$/);
const labels = fc.dictionary(fc.string({ minLength: 1, maxLength: 80 }), fc.string({ maxLength: 80 }), { maxKeys: 4 });
const anyWorkload: fc.Arbitrary<Workload> = fc
  .record({
    name: fc.stringMatching(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/),
    component: fc.constantFrom("model" as const, "knowledge" as const, "agent" as const),
    environment: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/), fc.string(), { maxKeys: 4 }),
    ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 3 }),
    replicas: fc.integer({ min: 1, max: 9 }),
    run: fc.oneof(
      fc.constantFrom("always" as const, "startup" as const, "manual" as const),
      fc.constant({ cron: "*/5 * * * *" }),
    ),
    frontend: fc.boolean(),
    volume: fc.option(fc.constant({ name: "data", path: "/data" }), { nil: undefined }),
    gpu: fc.option(
      fc.record({
        vram: fc.constantFrom("24Gi", "16 GB", "plenty"),
        runtime: fc.constantFrom("cuda" as const, "rocm" as const),
      }),
      { nil: undefined },
    ),
    healthcheck: fc.option(
      fc.record({
        test: fc.constantFrom(["CMD", "redis-cli", "ping"], ["CMD-SHELL", "exit 0"], ["true"], ["NONE"], ["CMD"]),
        intervalMs: fc.integer({ min: 1, max: 100_000 }),
        timeoutMs: fc.integer({ min: 1, max: 100_000 }),
        retries: fc.integer({ min: 1, max: 10 }),
      }),
      { nil: undefined },
    ),
  })
  .map(({ volume, gpu, healthcheck, ...rest }) => ({
    ...rest,
    image: "registry.example.com/any:1",
    ...(volume === undefined ? {} : { volume }),
    ...(gpu === undefined ? {} : { gpu }),
    ...(healthcheck === undefined ? {} : { healthcheck }),
  }));

describe("the objects of a revision", () => {
  test("are what the published schemas take, whatever the revision", async () => {
    await fc.assert(
      fc.asyncProperty(
        dnsLabel,
        fc.uniqueArray(anyWorkload, { selector: ({ name }) => name, minLength: 1, maxLength: 4 }),
        labels,
        fc.boolean(),
        async (project, workloads, given, isFull) => {
          const objects = await made(revision({ project, workloads, labels: given }), isFull ? full : settings);
          expect(objects.flatMap(problems)).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("have names of their own within the limits of DNS, whatever project and workload", () => {
    const pair = fc.tuple(dnsLabel, fc.stringMatching(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/));
    fc.assert(
      fc.property(pair, pair, ([project, name], [otherProject, otherName]) => {
        const made = objectName(project, name);
        expect(made).toMatch(/^[a-z][-a-z0-9]*[a-z0-9]$/);
        expect(made.length).toBeLessThanOrEqual(longestName);
        const isSame = project === otherProject && name === otherName;
        expect(made === objectName(otherProject, otherName)).toBe(isSame);
      }),
    );
    expect(objectName("a-b", "c")).not.toBe(objectName("a", "b-c"));
    expect(() => objectName("Not a label", "agent")).toThrow(RuntimeError);
  });

  test("hold environment values in the secret alone", async () => {
    const objects = await made(
      revision({ workloads: [workload({ command: ["run", "--key", "$(ASTRO_GATEWAY_API_KEY)"] })] }),
    );
    const secret = find(objects, "Secret");
    expect(secret).toMatchObject({ immutable: true, data: { ASTRO_GATEWAY_API_KEY: btoa("sk-secret-value") } });
    const others = JSON.stringify(objects.filter((object) => object !== secret));
    expect(others).not.toContain("sk-secret-value");
    expect(others).not.toContain(btoa("sk-secret-value"));
    // Kubernetes would put the value among the arguments.
    expect(find(objects, "Deployment")).toMatchObject({
      spec: { template: { spec: { containers: [{ args: ["run", "--key", "$$(ASTRO_GATEWAY_API_KEY)"] }] } } },
    });
  });

  test("give pods no rights over the cluster and no more than they need over the node", async () => {
    expect(find(await made(revision()), "Deployment")).toMatchObject({
      spec: {
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
            containers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } }],
          },
        },
      },
    });
  });

  test("make a frontend reachable at its host, with the operator's annotations", async () => {
    const open = find(await made(revision(), full), "Ingress");
    expect(open).toMatchObject({
      metadata: { annotations: full.ingress.annotations },
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: ["shop.agents.example.com"], secretName: "wildcard" }],
        rules: [
          {
            host: "shop.agents.example.com",
            http: { paths: [{ backend: { service: { name: objectName("shop", "agent") } } }] },
          },
        ],
      },
    });
    expect(JSON.stringify(open)).not.toContain("auth-url");
    const closed = find(await made(revision({ access: "members" }), full), "Ingress");
    expect(closed).toMatchObject({ metadata: { annotations: full.ingress.membersAnnotations } });
    const none = await made(revision({ access: "none" }), full);
    expect(none.filter((object) => object["kind"] === "Ingress")).toEqual([]);
  });

  test("are refused when only members may come and nothing would ask who comes", () => {
    const names = new Map([["agent", "shop-agent-r3"]]);
    expect(() => manifestsOf(revision({ access: "members" }), names, settings)).toThrow(/members only/);
    // The front door asks by itself.
    const behindDoor = { ...settings, ingress: { ...settings.ingress, isUsed: false } };
    expect(manifestsOf(revision({ access: "members" }), names, behindDoor).front).toEqual([]);
  });

  test("keep projects apart and cloud metadata out of reach, unless that is switched off", async () => {
    const policy = find(await made(revision()), "NetworkPolicy");
    const project = { "app.kubernetes.io/managed-by": "astrolabe", "app.kubernetes.io/instance": "shop" };
    expect(policy).toMatchObject({
      spec: {
        podSelector: { matchLabels: project },
        ingress: [
          { from: [{ podSelector: { matchLabels: project } }] },
          {
            from: [{ namespaceSelector: { matchExpressions: [{ operator: "NotIn", values: ["astrolabe-agents"] }] } }],
          },
        ],
      },
    });
    expect(JSON.stringify(policy)).toContain("169.254.169.254/32");
    const off = await made(revision(), { ...settings, networkPolicies: false });
    expect(off.filter((object) => object["kind"] === "NetworkPolicy")).toEqual([]);
  });

  test("ask for an accelerator, and for nodes with enough of its memory", async () => {
    const objects = await made(revision({ workloads: [workload({ gpu: { vram: "24Gi", runtime: "cuda" } })] }), full);
    expect(find(objects, "Deployment")).toMatchObject({
      spec: {
        template: {
          spec: {
            nodeSelector: { pool: "gpu" },
            tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
            containers: [{ resources: { limits: { "nvidia.com/gpu": "1" } } }],
          },
        },
      },
    });
    // A card sold as 24 GB reports 23,028 MiB.
    expect(JSON.stringify(objects)).toContain('"operator":"Gt","values":["22117"]');
  });

  test("keep a store's pods as they are from one revision to the next", async () => {
    const store = workload({
      name: "knowledge-cache",
      component: "knowledge",
      volume: { name: "cache", path: "/data" },
      frontend: false,
    });
    const templateOf = async (number: number): Promise<unknown> => {
      const given = revision({ number, labels: { build: String(number) }, workloads: [store] });
      const names = new Map([["knowledge-cache", "same-secret"]]);
      const [server] = manifestsOf(given, names, settings).servers.flat();
      return server?.manifest.spec?.template;
    };
    expect(await templateOf(4)).toEqual(await templateOf(3));
  });

  test("ask a health check as the blueprint says, within the time that a start may take", async () => {
    const healthcheck = { path: "/health", intervalMs: 10_000, timeoutMs: 5_000, retries: 3 };
    const objects = await made(revision({ workloads: [workload({ healthcheck })] }));
    const httpGet = { path: "/health", port: 80 };
    expect(find(objects, "Deployment")).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                startupProbe: { httpGet, periodSeconds: 2, failureThreshold: 60 },
                readinessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
                livenessProbe: { httpGet, failureThreshold: 9 },
              },
            ],
          },
        },
      },
    });
  });
});

test("the server's own deployment in the guide is what the published schema takes", async () => {
  const guide = await Bun.file(join(import.meta.dir, "../../docs/guides/kubernetes.md")).text();
  const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]): unknown => parse(text ?? ""));
  const objects = blocks.filter(isObject);
  expect(objects.map((object) => object["kind"])).toEqual(["Deployment"]);
  expect(objects.flatMap((object) => problems(object).filter((text) => !text.startsWith("ports.name")))).toEqual([]);
});
