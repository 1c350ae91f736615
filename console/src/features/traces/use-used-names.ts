// The models, stacks, providers and keys that a workspace has used lately: what its requests can be filtered by.

import { useItem } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import type { UsageSeries } from "../../../../server/contracts/control-activity.ts";

export type UsedName = { readonly value: string; readonly label: string };
type Grouping = "model" | "key" | "stack" | "category" | "provider";

/** The most asked first, at most 50, of the last 30 days; the chosen one is among them in any case. */
export function useUsedNames(groupBy: Grouping, chosen?: string): readonly UsedName[] {
  const { path } = useWorkspace();
  const query = { group_by: groupBy, rank_by: "requests", top: 50 };
  const { item } = useItem<UsageSeries>(`${path}/usage/series`, query);
  const found = (item?.groups ?? []).flatMap(({ kind, name, label }) =>
    kind === "rest" || name === null ? [] : [{ value: name, label: label ?? name }],
  );
  const known = chosen === undefined || found.some(({ value }) => value === chosen);
  return known ? found : [...found, { value: chosen, label: chosen }];
}
