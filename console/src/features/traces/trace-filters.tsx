// What narrows the list of traces. On a phone it opens from a button.

import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { SearchInput } from "../../ui/search-input.tsx";
import { Select } from "../../ui/select.tsx";
import { UsedNameFilters } from "../../ui/used-name-filters.tsx";
import { filterCount, statusWords, traceRanges, type TracesSearch } from "./traces-search.ts";

export type TraceFiltersProps = {
  readonly search: TracesSearch;
  readonly onSearch: (search: TracesSearch) => void;
};

const rangeWords = { "1h": "Last hour", "24h": "Last 24 hours", "7d": "Last 7 days", "30d": "Last 30 days" } as const;
const statusLabels = {
  success: "Answered",
  error: "Any error",
  client_error: "Refused (4xx)",
  server_error: "Failed (5xx)",
} as const;
const costs = ["0.0001", "0.001", "0.01", "0.1", "1"];
const times = [1_000, 5_000, 15_000, 60_000];

export function TraceFilters({ search, onSearch }: TraceFiltersProps) {
  const [open, setOpen] = useState(false);
  const count = filterCount(search);
  return (
    <div className="mb-4 flex flex-col gap-2">
      <div className="flex gap-2 md:hidden">
        <Button aria-expanded={open} onClick={() => setOpen(!open)}>
          {count === 0 ? "Filters" : `Filters (${count})`}
        </Button>
        {count > 0 && <ClearButton search={search} onSearch={onSearch} />}
      </div>
      <div className={cx("grid-cols-2 gap-2 md:flex md:flex-wrap md:items-center", open ? "grid" : "hidden")}>
        <Basics search={search} onSearch={onSearch} />
        <UsedNameFilters chosen={search} onChoose={(grouping, name) => onSearch({ ...search, [grouping]: name })} />
        <Limits search={search} onSearch={onSearch} />
        <span className="max-md:hidden">{count > 0 && <ClearButton search={search} onSearch={onSearch} />}</span>
      </div>
    </div>
  );
}

function ClearButton({ search, onSearch }: TraceFiltersProps) {
  return (
    <Button look="quiet" onClick={() => onSearch({ live: search.live })}>
      Clear filters
    </Button>
  );
}

function Basics({ search, onSearch }: TraceFiltersProps) {
  const ownTime = search.from !== undefined || search.to !== undefined;
  return (
    <>
      <Select
        aria-label="Time"
        className="md:w-36"
        value={ownTime ? "own" : (search.range ?? "")}
        choices={[
          { value: "", label: "Any time" },
          ...traceRanges.map((range) => ({ value: range, label: rangeWords[range] })),
          ...(ownTime ? [{ value: "own", label: "As in the address" }] : []),
        ]}
        onValue={(range) =>
          onSearch({
            ...search,
            range: traceRanges.find((one) => one === range),
            ...(range === "own" ? {} : { from: undefined, to: undefined }),
          })
        }
      />
      <Select
        aria-label="Outcome"
        className="md:w-36"
        value={search.status ?? ""}
        choices={[
          { value: "", label: "Any outcome" },
          ...statusWords.map((word) => ({ value: word, label: statusLabels[word] })),
          ...(search.status && /^\d/.test(search.status) ? [{ value: search.status, label: search.status }] : []),
        ]}
        onValue={(status) => onSearch({ ...search, status: status || undefined })}
      />
      <Select
        aria-label="Billing"
        className="md:w-36"
        value={search.billing ?? ""}
        choices={[
          { value: "", label: "Billed or not" },
          { value: "billed", label: "Billed" },
          { value: "unbilled", label: "Not billed" },
        ]}
        onValue={(billing) => onSearch({ ...search, billing: billing || undefined, reason: undefined })}
      />
    </>
  );
}

function Limits({ search, onSearch }: TraceFiltersProps) {
  return (
    <>
      <Select
        aria-label="Cost"
        className="md:w-36"
        value={search.cost ?? ""}
        choices={[
          { value: "", label: "Any cost" },
          ...withOwn(costs, search.cost).map((usd) => ({ value: usd, label: `At least $${usd}` })),
        ]}
        onValue={(cost) => onSearch({ ...search, cost: cost || undefined })}
      />
      <Select
        aria-label="Duration"
        className="md:w-36"
        value={String(search.slow ?? "")}
        choices={[
          { value: "", label: "Fast or slow" },
          ...withOwn(times, search.slow).map((ms) => ({ value: String(ms), label: `Over ${ms / 1_000} s` })),
        ]}
        onValue={(ms) => onSearch({ ...search, slow: ms === "" ? undefined : Number(ms) })}
      />
      <SearchInput
        label="Requested model"
        value={search.requested}
        onValue={(requested) => onSearch({ ...search, requested })}
      />
    </>
  );
}

function withOwn<Value>(usual: readonly Value[], own: Value | undefined): readonly Value[] {
  return own === undefined || usual.includes(own) ? usual : [...usual, own];
}
