// Clusters for tests: the double, and, where ASTROLABE_TEST_CLUSTER names one, a real API server besides, under the same
// role and with the same node.

import { join } from "node:path";
import { afterAll, beforeAll, describe } from "bun:test";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { createClusterApi, type ClusterApi } from "../../runtimes/kubernetes/cluster-api.ts";
import { openConnection } from "../../runtimes/kubernetes/connection.ts";
import type { ClusterAccess, KubernetesSettings } from "../../runtimes/kubernetes/settings.ts";
import { readKubernetes } from "../../server/config-kubernetes.ts";
import { rulesIn } from "./kubernetes-double/access.ts";
import { startKubelet, type Kubelet } from "./kubernetes-kubelet.ts";
import { startKubernetesDouble, type KubernetesDouble } from "./kubernetes-double.ts";

export type TestCluster = {
  readonly settings: KubernetesSettings;
  readonly kubelet: Kubelet;
  /** As somebody who may do everything. */
  readonly admin: ClusterApi;
  /** Undefined for a real cluster. */
  readonly double: KubernetesDouble | undefined;
  close(): Promise<void>;
};

const folder = join(import.meta.dir, "certificates");
export const certificateFiles = {
  authority: join(folder, "ca.pem"),
  server: { cert: join(folder, "server.pem"), key: join(folder, "server.key.pem") },
  client: { cert: join(folder, "client.pem"), key: join(folder, "client.key.pem") },
};
export const namespace = "astrolabe-agents";
const adminToken = "admin-token";
const serverToken = "server-token";

export async function roleDocuments(): Promise<unknown[]> {
  const text = await Bun.file(join(import.meta.dir, "../../deploy/kubernetes/rbac.yaml")).text();
  return parseAllDocuments(text).map((document): unknown => document.toJS());
}

export async function serverTls(): Promise<Bun.TLSOptions> {
  const { cert, key } = certificateFiles.server;
  return { cert: await Bun.file(cert).text(), key: await Bun.file(key).text() };
}

/** A kubeconfig with a bearer token in a folder for tests. */
export async function writeKubeconfig(path: string, cluster: object, user: object): Promise<string> {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    clusters: [{ name: "test", cluster }],
    users: [{ name: "test", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
  };
  await Bun.write(path, JSON.stringify(config));
  return path;
}

export function testSettings(access: ClusterAccess): KubernetesSettings {
  return { ...readKubernetes(() => undefined), access, namespace };
}

async function accessFor(url: string, token: string, authority: string): Promise<ClusterAccess> {
  const path = join(process.env["TMPDIR"] ?? "/tmp", `astrolabe-${crypto.randomUUID()}`, "config");
  const file = await writeKubeconfig(path, { server: url, "certificate-authority": authority }, { token });
  return { kind: "kubeconfig", files: [file], context: undefined };
}

export async function startTestCluster(): Promise<TestCluster> {
  const nodes: Kubelet[] = [];
  const double = startKubernetesDouble({
    adminToken,
    serverToken,
    rules: rulesIn(await roleDocuments()),
    tls: await serverTls(),
    log: (pod, query) => nodes[0]?.log(pod, query) ?? new Response(null, { status: 404 }),
  });
  double.store.put("namespaces", "", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const ca = await Bun.file(certificateFiles.authority).text();
  const kubelet = startKubelet({ url: double.url, token: adminToken, tls: { ca } }, namespace);
  nodes.push(kubelet);
  const admin = createClusterApi(
    await openConnection(await accessFor(double.url, adminToken, certificateFiles.authority)),
    namespace,
  );
  return {
    settings: testSettings(await accessFor(double.url, serverToken, certificateFiles.authority)),
    kubelet,
    admin,
    double,
    close: async () => {
      await kubelet.close();
      await double.close();
    },
  };
}

/** `url adminToken serverToken caFile`, of a cluster that is there for this alone and has a user `astrolabe`. */
async function startRealCluster(words: string): Promise<TestCluster> {
  const [url = "", admin = "", server = "", authority = ""] = words.split(" ");
  const api = createClusterApi(await openConnection(await accessFor(url, admin, authority)), namespace);
  const kubelet = startKubelet(
    { url, token: admin, tls: { ca: await Bun.file(authority).text() } },
    namespace,
    "worker",
  );
  const logs = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    tls: await serverTls(),
    fetch: (request) => {
      const address = new URL(request.url);
      return kubelet.log(address.pathname.split("/")[3] ?? "", address.searchParams);
    },
  });
  const ca = await Bun.file(authority).text();
  const patch: Patch = async (path, body) => {
    const headers = { Authorization: `Bearer ${admin}`, "Content-Type": "application/merge-patch+json" };
    await fetch(url + path, { method: "PATCH", headers, body: JSON.stringify(body), tls: { ca } });
  };
  await prepare(api, patch, logs.port ?? 0);
  const volumes = setInterval(() => void bindVolumes(api), 200);
  return {
    settings: testSettings(await accessFor(url, server, authority)),
    kubelet,
    admin: api,
    double: undefined,
    close: async () => {
      clearInterval(volumes);
      await kubelet.close();
      await logs.stop(true);
    },
  };
}

type Patch = (path: string, body: object) => Promise<void>;

const claimSchema = z.object({
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.object({ volumeName: z.string().optional() }),
});

/** Gives every claim a volume, as a provisioner would. */
async function bindVolumes(api: ClusterApi): Promise<void> {
  for (const item of await api.list("PersistentVolumeClaim", {}).catch(() => [])) {
    const claim = claimSchema.safeParse(item).data;
    if (claim === undefined || claim.spec.volumeName !== undefined) continue;
    const volume = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `volume-${claim.metadata.uid}` },
      spec: {
        capacity: { storage: "10Gi" },
        accessModes: ["ReadWriteOnce"],
        hostPath: { path: "/nowhere" },
        claimRef: { namespace, name: claim.metadata.name, uid: claim.metadata.uid },
      },
    };
    await api.post("/api/v1/persistentvolumes", volume).catch(() => undefined);
  }
}

/** The role from the repository for a user instead of a service account, and a node whose kubelet is here. */
async function prepare(api: ClusterApi, patch: Patch, port: number): Promise<void> {
  const role = "/apis/rbac.authorization.k8s.io/v1/namespaces/astrolabe-agents";
  const subjects = [{ kind: "User", name: "astrolabe", apiGroup: "rbac.authorization.k8s.io" }];
  for (const document of await roleDocuments()) {
    if (typeof document !== "object" || document === null || !("kind" in document)) continue;
    if (document.kind === "Namespace") await api.post("/api/v1/namespaces", document).catch(() => undefined);
    if (document.kind === "Role") await api.post(`${role}/roles`, document).catch(() => undefined);
    if (document.kind === "RoleBinding")
      await api.post(`${role}/rolebindings`, { ...document, subjects }).catch(() => undefined);
  }
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "worker", labels: { "kubernetes.io/hostname": "worker" } },
  };
  await api.post("/api/v1/nodes", node).catch(() => undefined);
  // Nodes begin tainted until their controller, which does not run here, finds them ready.
  await patch("/api/v1/nodes/worker", { spec: { taints: null } });
  const capacity = { cpu: "64", memory: "256Gi", pods: "500" };
  await patch("/api/v1/nodes/worker/status", {
    status: {
      capacity,
      allocatable: capacity,
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "" }],
    },
  });
}

/** Each test runs against every cluster there is. */
export function forEachCluster(body: (cluster: () => TestCluster) => void): void {
  const real = process.env["ASTROLABE_TEST_CLUSTER"];
  const clusters = [
    { name: "the double", start: startTestCluster },
    ...(real === undefined ? [] : [{ name: "a real API server", start: () => startRealCluster(real) }]),
  ];
  describe.each(clusters)("on $name", ({ start }) => {
    let cluster: TestCluster | undefined;
    beforeAll(async () => {
      cluster = await start();
    });
    afterAll(async () => {
      await cluster?.close();
    });
    body(() => {
      if (cluster === undefined) throw new Error("the cluster has not started");
      return cluster;
    });
  });
}
