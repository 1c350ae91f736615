// The models, keys, stacks and the like that a workspace has used lately: what its requests can be filtered by.

import type { UsageNames } from "../../../server/contracts/control-activity.ts";
import { categoryInWords } from "../words/reasons.ts";
import { useItem } from "./item.ts";
import { useWorkspace } from "./workspace.ts";

export type Grouping = Exclude<keyof UsageNames, "object">;
export type UsedName = { readonly value: string; readonly label: string };

/** The chosen one is among them in every case. */
export function useUsedNames(): (grouping: Grouping, chosen: string | undefined) => readonly UsedName[] {
  const { path } = useWorkspace();
  const { item } = useItem<UsageNames>(`${path}/usage/names`);
  return (grouping, chosen) => {
    const inWords = (label: string): string => (grouping === "category" ? categoryInWords(label) : label);
    const found = (item?.[grouping] ?? []).map(({ name, label }) => ({ value: name, label: inWords(label) }));
    const known = chosen === undefined || found.some(({ value }) => value === chosen);
    return known ? found : [...found, { value: chosen, label: inWords(chosen) }];
  };
}
