// What the usage page shows: a time, a step, a grouping, and what it is narrowed to.

import { Select } from "../../ui/select.tsx";
import { UsedNameFilters } from "../../ui/used-name-filters.tsx";
import { groupings, usageIntervals, usageRanges, type UsageSearch } from "./routes.ts";
import { intervalOf, usualRange } from "./usage-query.ts";

const rangeWords = {
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
  "12m": "Last 12 months",
} as const;
const intervalWords = { hour: "By hour", day: "By day", month: "By month" } as const;
const groupWords = {
  model: "By model",
  key: "By key",
  stack: "By stack",
  category: "By category",
  provider: "By provider",
  agent: "By agent",
  deployment: "By deployment",
} as const;

export type UsageFiltersProps = {
  readonly search: UsageSearch;
  readonly onSearch: (search: UsageSearch) => void;
};

export function UsageFilters({ search, onSearch }: UsageFiltersProps) {
  return (
    <div className="mb-6 grid grid-cols-2 gap-2 md:flex md:flex-wrap">
      <Select
        aria-label="Time"
        className="md:w-40"
        value={search.range ?? usualRange}
        choices={usageRanges.map((range) => ({ value: range, label: rangeWords[range] }))}
        onValue={(range) => onSearch({ ...search, range, interval: undefined })}
      />
      <Select
        aria-label="Step"
        className="md:w-32"
        value={intervalOf(search)}
        choices={usageIntervals.map((interval) => ({ value: interval, label: intervalWords[interval] }))}
        onValue={(interval) => onSearch({ ...search, interval })}
      />
      <Select
        aria-label="Group"
        className="md:w-40"
        value={search.group ?? ""}
        choices={[
          { value: "", label: "All together" },
          ...groupings.map((group) => ({ value: group, label: groupWords[group] })),
        ]}
        onValue={(group) => onSearch({ ...search, group: group || undefined })}
      />
      <UsedNameFilters chosen={search} onChoose={(grouping, name) => onSearch({ ...search, [grouping]: name })} />
    </div>
  );
}
