import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { z } from "zod";
import {
  namespace,
  roleDocuments,
  startTestCluster,
  type TestCluster,
} from "../../tests/support/kubernetes-cluster.ts";
import { createClusterApi, type ClusterApi } from "./cluster-api.ts";
import { openConnection } from "./connection.ts";
import { readAll, anyObject } from "./observed.ts";
import { permissions } from "./permissions.ts";
import type { Manifest } from "./resources.ts";

let cluster: TestCluster;
let api: ClusterApi;

beforeAll(async () => {
  cluster = await startTestCluster();
  api = createClusterApi(await openConnection(cluster.settings.access), namespace);
});

afterAll(() => cluster.close());

function secret(name: string, more: object = {}): Manifest {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, labels: { of: "tests" } }, ...more };
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("the calls to a cluster", () => {
  test("read lists to their last page", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `listed-${index}`);
    for (const name of names) await api.apply(secret(name));
    const found = readAll(anyObject, await api.list("Secret", { of: "tests" }));
    expect(found.map(({ metadata }) => metadata.name).toSorted()).toEqual(names);
  });

  test("are made again when the cluster has a bad moment, and given up when it lasts", async () => {
    cluster.double?.fail(/PATCH secrets\/patient/, 503, 2);
    await api.apply(secret("patient"));
    expect(await api.get("Secret", "patient")).toBeDefined();
    cluster.double?.fail(/GET secrets\/lasting/, 503, 10);
    expect(await failure(api.get("Secret", "lasting"))).toMatchObject({ code: "unavailable" });
  });

  test("that make something anew each time are made once", async () => {
    cluster.double?.fail(/POST jobs/, 503, 1);
    expect(await failure(api.create("Job", {}))).toMatchObject({ code: "unavailable" });
  });

  test("tell what the cluster refuses: unknown fields, wrong values, a changed secret, a missing namespace", async () => {
    const misspelt = secret("misspelt", { stringdata: { a: "b" } });
    expect(await failure(api.apply(misspelt))).toMatchObject({
      code: "failed",
      message: expect.stringMatching(/stringdata/),
    });
    expect(await failure(api.apply(secret("Upper")))).toMatchObject({ code: "failed" });
    await api.apply(secret("fixed", { immutable: true, data: { key: btoa("one") } }));
    const changed = failure(api.apply(secret("fixed", { immutable: true, data: { key: btoa("two") } })));
    expect(await changed).toMatchObject({ code: "failed", message: expect.stringMatching(/field is immutable/) });
    const elsewhere = createClusterApi(await openConnection(cluster.settings.access), "elsewhere");
    expect(await failure(elsewhere.apply(secret("lost")))).toMatchObject({
      code: "failed",
      hint: "Make the namespace, or set ASTROLABE_KUBERNETES_CREATE_NAMESPACE=true.",
    });
  });

  test("outside of the role are refused, and the hint names the role", async () => {
    expect(await failure(api.get("Pod", "any"))).toMatchObject({
      code: "failed",
      message: expect.stringMatching(/cannot get resource "pods"/),
      hint: "Give the server the role in deploy/kubernetes/rbac.yaml.",
    });
  });

  test("take away what an earlier apply set and a later one leaves out, and leave what others set", async () => {
    await api.apply(secret("shared", { data: { mine: btoa("1"), later: btoa("2") } }));
    await cluster.admin.patch("Secret", "shared", { data: { theirs: btoa("3") } });
    await api.apply(secret("shared", { data: { mine: btoa("1") } }));
    expect(await api.get("Secret", "shared")).toMatchObject({ data: { mine: btoa("1"), theirs: btoa("3") } });
    expect(JSON.stringify(await api.get("Secret", "shared"))).not.toContain("later");
  });
});

test("the role in the repository allows what the server needs, and nothing else", async () => {
  const rule = z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) });
  const role = z.object({ kind: z.literal("Role"), rules: z.array(rule) });
  const rules = readAll(role, await roleDocuments()).flatMap((document) => document.rules);
  const granted = rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((name) => verbs.map((verb) => `${group}/${name} ${verb}`))),
  );
  const needed = permissions.flatMap(({ apiGroup, resource, verbs }) =>
    verbs.map((verb) => `${apiGroup}/${resource} ${verb}`),
  );
  expect(granted.toSorted()).toEqual(needed.toSorted());
});
