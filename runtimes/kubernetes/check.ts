// Whether the cluster can be used: it answers, the namespace is there, and the server may do what it has to.

import { z } from "zod";
import { RuntimeError } from "../runtime.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { permissions } from "./permissions.ts";
import type { KubernetesSettings } from "./settings.ts";

const words = z.array(z.string()).catch([]);
const reviewSchema = z.object({
  status: z.object({
    resourceRules: z.array(z.object({ verbs: words, apiGroups: words, resources: words, resourceNames: words })),
    incomplete: z.boolean().catch(false),
  }),
});
type Rule = z.infer<typeof reviewSchema>["status"]["resourceRules"][number];

/** Throws RuntimeError `unavailable` with what to do. */
export async function checkCluster(
  { api, settings }: { readonly api: ClusterApi; readonly settings: KubernetesSettings },
  signal?: AbortSignal,
): Promise<void> {
  const missing = await missingPermissions(api, signal);
  if (missing.length > 0) {
    throw new RuntimeError(
      "unavailable",
      `the cluster does not allow the server to ${missing.slice(0, 3).join(", ")}`,
      {
        hint: `Give it the role in deploy/kubernetes/rbac.yaml, in the namespace ${settings.namespace}.`,
      },
    );
  }
  if (settings.createNamespace || (await api.get("Namespace", settings.namespace, signal)) !== undefined) return;
  throw new RuntimeError("unavailable", `the cluster has no namespace ${settings.namespace}`, {
    hint: `Make it with \`kubectl create namespace ${settings.namespace}\`, or set ASTROLABE_KUBERNETES_CREATE_NAMESPACE=true.`,
  });
}

/** As `patch deployments`. Empty when the cluster cannot tell. */
async function missingPermissions(api: ClusterApi, signal: AbortSignal | undefined): Promise<string[]> {
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview" };
  const spec = { namespace: api.namespace };
  const answer = await api.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", { ...review, spec }, signal);
  const read = reviewSchema.safeParse(answer);
  if (!read.success || read.data.status.incomplete) return [];
  const rules = read.data.status.resourceRules.filter(({ resourceNames }) => resourceNames.length === 0);
  return permissions.flatMap(({ apiGroup, resource, verbs }) =>
    verbs.filter((verb) => !isAllowed(rules, apiGroup, resource, verb)).map((verb) => `${verb} ${resource}`),
  );
}

function isAllowed(rules: readonly Rule[], apiGroup: string, resource: string, verb: string): boolean {
  const has = (list: readonly string[], word: string): boolean => list.includes(word) || list.includes("*");
  return rules.some((rule) => has(rule.verbs, verb) && has(rule.apiGroups, apiGroup) && has(rule.resources, resource));
}
