// Saving a draft: under the revision that was seen, so that nobody's change is overwritten unseen.

import { useState } from "react";
import type { JsonObject } from "../../../../server/contracts/json.ts";
import type { ApiError } from "../../api/api-error.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { toast } from "../../ui/toast.tsx";
import { isSame } from "./policy-schema.ts";
import type { Stack } from "./stacks-api.ts";

/** What the server holds, as far as this page has seen it. */
export type Saved = { readonly policy: JsonObject; readonly revision: number };

/** What somebody else has saved meanwhile. */
export type Conflict = Saved & { readonly by: string | undefined; readonly at: string };

export type Save = {
  readonly saved: Saved;
  readonly pending: boolean;
  readonly problem: ApiError | undefined;
  readonly conflict: Conflict | undefined;
  readonly run: (policy: JsonObject | undefined) => void;
  /** Goes on from what the other saved: mine is then a change of theirs. */
  readonly accept: (conflict: Conflict) => void;
};

export function useSave(stack: Stack): Save {
  const { path } = useWorkspace();
  const [seen, setSaved] = useState<Saved>(() => savedOf(stack));
  // A new name makes a new revision of the same draft; another's draft is heard of by saving.
  const saved = isSame(stack.policy, seen.policy) ? savedOf(stack) : seen;
  const at = `${path}/stacks/${stack.slug}`;
  const change = useChange(
    (policy: JsonObject) => fetchApi<Stack>("PATCH", at, { body: { policy, if_revision: saved.revision } }),
    [`${path}/stacks`],
    (next) => {
      setSaved(savedOf(next));
      toast.done("The draft is saved. Requests keep the active version until you publish.");
    },
  );
  const conflict = conflictOf(change.problem, saved.revision);
  return {
    saved,
    pending: change.isPending,
    problem: conflict === undefined ? change.problem : undefined,
    conflict,
    run: (policy) => void (policy !== undefined && !change.isPending && change.mutate(policy)),
    accept: ({ policy, revision }) => {
      setSaved({ policy, revision });
      change.reset();
    },
  };
}

function savedOf({ policy, revision }: Stack): Saved {
  return { policy, revision: revision ?? 0 };
}

function conflictOf(problem: ApiError | undefined, seen: number): Conflict | undefined {
  if (problem?.code !== "conflict") return undefined;
  const { revision, updated_at: at, updated_by: by, policy } = problem.details;
  if (typeof revision !== "number" || revision === seen || !isPolicy(policy)) return undefined;
  return { revision, policy, at: typeof at === "string" ? at : "", by: typeof by === "string" ? by : undefined };
}

function isPolicy(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
