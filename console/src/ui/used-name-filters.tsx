// Selects that narrow a list to the models, keys, stacks and the like that the workspace has used.

import { useUsedNames, type Grouping } from "../api/used-names.ts";
import { Select } from "./select.tsx";

export type UsedNameFiltersProps = {
  /** What is chosen; absent: any. */
  readonly chosen: Readonly<Partial<Record<Grouping, string | undefined>>>;
  /** Undefined for any. */
  readonly onChoose: (grouping: Grouping, name: string | undefined) => void;
};

const groupings = [
  ["model", "Model", "Any model"],
  ["key", "Key", "Any key"],
  ["stack", "Stack", "Any stack"],
  ["category", "Category", "Any category"],
  ["provider", "Provider", "Any provider"],
  ["agent", "Agent", "Any agent"],
  ["deployment", "Deployment", "Any deployment"],
] as const;
/** Left out where there are none: most workspaces have no agents. */
const rare: readonly Grouping[] = ["agent", "deployment"];

export function UsedNameFilters({ chosen, onChoose }: UsedNameFiltersProps) {
  const names = useUsedNames();
  const shown = groupings.filter(
    ([grouping]) => !rare.includes(grouping) || names(grouping, chosen[grouping]).length > 0,
  );
  return shown.map(([grouping, label, none]) => (
    <Select
      key={grouping}
      aria-label={label}
      className="md:w-40"
      value={chosen[grouping] ?? ""}
      choices={[{ value: "", label: none }, ...names(grouping, chosen[grouping])]}
      onValue={(name) => onChoose(grouping, name || undefined)}
    />
  ));
}
