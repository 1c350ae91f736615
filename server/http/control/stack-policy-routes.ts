// Routes that say what policies mean: whether one can be saved, what it does, how versions differ, and where stacks are used.

import { z } from "zod";
import {
  differenceQuerySchema,
  differenceSchema,
  policyReviewSchema,
  stackTrafficSchema,
  stackUsesSchema,
  trafficQuerySchema,
  validatePolicySchema,
  validationSchema,
} from "../../contracts/control-stacks.ts";
import { GatewayError } from "../../contracts/errors.ts";
import { policySchema, type StackPolicy } from "../../contracts/policy.ts";
import { formatUsd } from "../../money/picodollars.ts";
import { checkPolicy, policyProblems } from "../../stacks/checked-policy.ts";
import { customStack, findStack, stackVersion } from "../../stacks/edit-stacks.ts";
import { explainPolicy } from "../../stacks/explain-policy.ts";
import { isOfWorkspace } from "../../stacks/managed.ts";
import { policyDifference } from "../../stacks/policy-difference.ts";
import { policyWarnings } from "../../stacks/policy-warnings.ts";
import type { CustomStack } from "../../stacks/stack-records.ts";
import { readers, signedIn } from "./access.ts";
import { controlRoute, noBody, noQuery, workspaceRoute } from "./declared-route.ts";
import type { ControlServices } from "./services.ts";
import { isoTime } from "./shown-values.ts";

const tag = "Stacks";
const dayMs = 86_400_000;
/** Most keys that a stack's uses list. */
const mostKeys = 200;

const policyRoutes = [
  controlRoute({
    method: "POST",
    path: "/api/stacks/validate",
    audited: false,
    auth: signedIn,
    tag,
    summary: "Validate a policy",
    description: "Answers 200 with every problem; stores nothing.",
    query: noQuery,
    body: validatePolicySchema,
    status: 200,
    response: validationSchema,
    handle: ({ body }) => {
      const problems = policyProblems(body.policy);
      return { object: "stack_validation" as const, valid: problems.length === 0, problems };
    },
  }),
  controlRoute({
    method: "GET",
    path: "/api/policy-schema",
    auth: signedIn,
    tag,
    summary: "Get the policy schema",
    description: "JSON Schema 2020-12 of a stack's policy as one may write it, for editors.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: z.looseObject({ $schema: z.string() }),
    handle: () => ({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      ...z.toJSONSchema(policySchema, { io: "input" }),
    }),
  }),
];

const reviewRoutes = [
  workspaceRoute({
    method: "POST",
    path: "/api/workspaces/:workspace/stacks/review",
    auth: readers,
    audited: false,
    tag,
    summary: "Review a policy",
    description:
      "For checks while one writes: every problem with a pointer to its field, warnings about what is probably not meant, and the policy in plain words. Stores nothing.",
    query: noQuery,
    body: validatePolicySchema,
    status: 200,
    response: policyReviewSchema,
    handle: ({ body, services }) => reviewOf(body.policy, services),
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/stacks/:stack/difference",
    auth: readers,
    tag,
    summary: "Compare two versions of a stack",
    description: "Any two of its versions, its active one and its draft.",
    query: differenceQuerySchema,
    body: noBody,
    status: 200,
    response: differenceSchema,
    errors: ["forbidden", "routing_stack_not_found"],
    handle: async ({ workspace, param, query, services }) => {
      const stack = await customStack(services.stacks, workspace.id, param("stack"));
      const [before, after] = await Promise.all([
        namedVersion(services, stack, query.from),
        namedVersion(services, stack, query.to),
      ]);
      return describeDifference(before, after);
    },
  }),
];

const useRoutes = [
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/stacks/:stack/uses",
    auth: readers,
    tag,
    summary: "Get where a stack is used",
    description: "Managed stacks too. Requests may name any stack besides.",
    query: noQuery,
    body: noBody,
    status: 200,
    response: stackUsesSchema,
    errors: ["routing_stack_not_found"],
    handle: async ({ workspace, param, services }) => {
      const { id, slug } = (await findStack(services.stacks, workspace.id, param("stack"))).stack;
      const keys = await services.stackUses.keysWith(workspace.id, id, mostKeys);
      return {
        object: "stack_uses" as const,
        workspace: isOfWorkspace(workspace.stackId, { id, slug }),
        keys: keys.map(({ prefix, ...key }) => ({ ...key, prefix: `astrolabe_${key.mode}_${prefix}` })),
      };
    },
  }),
  workspaceRoute({
    method: "GET",
    path: "/api/workspaces/:workspace/stack-traffic",
    auth: readers,
    tag,
    summary: "Get the traffic of stacks",
    description: "Requests of the last days by the stack they ran under; stacks without any are missing.",
    query: trafficQuerySchema,
    body: noBody,
    status: 200,
    response: stackTrafficSchema,
    handle: async ({ workspace, query, services }) => {
      const since = services.now() - query.days * dayMs;
      const { slugs, complete } = await services.stackUses.traffic(workspace.id, since);
      return {
        object: "stack_traffic" as const,
        since: isoTime(since),
        complete,
        stacks: slugs.map(({ slug, requests, refused, debit, lastAt }) => ({
          slug,
          requests,
          refused,
          debit_usd: formatUsd(debit),
          last_at: isoTime(lastAt),
        })),
      };
    },
  }),
];

export const stackPolicyRoutes = [...policyRoutes, ...reviewRoutes, ...useRoutes];

function reviewOf(written: unknown, { planning }: ControlServices) {
  const checked = checkPolicy(written);
  const review = { object: "policy_review" as const, valid: "policy" in checked };
  if ("faults" in checked) return { ...review, problems: checked.faults, warnings: [], explanation: [] };
  const { policy } = checked;
  const known = { catalogue: planning.catalogue, upstreams: planning.live.upstreams };
  const warnings = policyWarnings(policy, known).map(({ suggestions, ...warning }) => {
    return { ...warning, suggestions: [...suggestions] };
  });
  return { ...review, problems: [], warnings, explanation: explainPolicy(policy) };
}

/** A policy with the number it was published under; undefined for the draft. */
type NamedVersion = { readonly version: number | undefined; readonly policy: StackPolicy };

async function namedVersion(services: ControlServices, stack: CustomStack, name: string): Promise<NamedVersion> {
  if (name === "draft") return { version: undefined, policy: stack.draft };
  const number = name === "active" ? stack.activeVersion : Number(name);
  if (number === undefined) throw new GatewayError("not_found", `The stack \`${stack.slug}\` has no active version.`);
  return stackVersion(services.stacks, stack, number);
}

function describeDifference(before: NamedVersion, after: NamedVersion) {
  const [wordsBefore, wordsAfter] = [wordsOf(before.policy), wordsOf(after.policy)];
  return {
    object: "policy_difference" as const,
    from: before.version ?? null,
    to: after.version ?? null,
    changes: policyDifference(before.policy, after.policy).map((change) => ({
      ...change,
      words_before: wordsBefore(change.pointer),
      words_after: wordsAfter(change.pointer),
    })),
    before: before.policy,
    after: after.policy,
  };
}

/** The sentence about a field, or about the field that a part belongs to. */
function wordsOf(policy: StackPolicy): (pointer: string) => string | null {
  const sentences = explainPolicy(policy);
  return (pointer) => sentences.find((each) => `${pointer}/`.startsWith(`${each.pointer}/`))?.sentence ?? null;
}
