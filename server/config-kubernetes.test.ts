import { describe, expect, test } from "bun:test";
import { readKubernetes } from "./config-kubernetes.ts";

function read(environment: Readonly<Record<string, string>>): ReturnType<typeof readKubernetes> {
  return readKubernetes((name) => environment[name]);
}

describe("the cluster is reached", () => {
  test("by what this server's own settings name before anything else", () => {
    const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBECONFIG: "/one:/two" };
    expect(read({ ...pod, ASTROLABE_KUBERNETES_KUBECONFIG: "/own" }).access).toEqual({
      kind: "kubeconfig",
      files: ["/own"],
      context: undefined,
    });
    expect(read(pod).access).toMatchObject({ files: ["/one", "/two"] });
  });

  test("by the service account in a pod, where the front door leads to frontends", () => {
    const settings = read({ KUBERNETES_SERVICE_HOST: "10.0.0.1" });
    expect(settings.access).toMatchObject({ kind: "in_cluster", host: "10.0.0.1", port: "443" });
    expect(settings.ingress.isUsed).toBe(false);
    expect(read({}).ingress.isUsed).toBe(true);
  });
});

test.each([
  ["ASTROLABE_KUBERNETES_NAMESPACE", "Not a namespace"],
  ["ASTROLABE_KUBERNETES_VOLUME_SIZE", "a lot"],
  ["ASTROLABE_KUBERNETES_CREATE_NAMESPACE", "perhaps"],
  ["ASTROLABE_KUBERNETES_CALLER_NAMESPACES", "one,Two"],
  ["ASTROLABE_KUBERNETES_CUDA_NODES", "a=b=c"],
  ["ASTROLABE_KUBERNETES_MEMBERS_ANNOTATIONS", "{}"],
  ["ASTROLABE_KUBERNETES_INGRESS_ANNOTATIONS", "not JSON"],
  ["ASTROLABE_KUBERNETES_GPU_MEMORY_LABEL", "-"],
])("%s stops the start when it is %s", (name, value) => {
  expect(() => read({ [name]: value })).toThrow(name);
});

test("maps are read from words", () => {
  const settings = read({
    ASTROLABE_KUBERNETES_CUDA_NODES: "pool=gpu, zone=a",
    ASTROLABE_KUBERNETES_MEMBERS_ANNOTATIONS: '{"nginx.ingress.kubernetes.io/auth-url":"https://a"}',
    ASTROLABE_KUBERNETES_CALLER_NAMESPACES: "ingress, astrolabe",
  });
  expect(settings.gpu.nodeSelectors.cuda).toEqual({ pool: "gpu", zone: "a" });
  expect(settings.ingress.membersAnnotations).toEqual({ "nginx.ingress.kubernetes.io/auth-url": "https://a" });
  expect(settings.callerNamespaces).toEqual(["ingress", "astrolabe"]);
});
