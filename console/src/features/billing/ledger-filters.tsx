// What the ledger is filtered by; all of it lives in the address.

import { useCallback } from "react";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { Input } from "../../ui/input.tsx";
import { SearchInput } from "../../ui/search-input.tsx";
import { Select } from "../../ui/select.tsx";
import type { BillingSearch } from "./routes.ts";

export type LedgerFiltersProps = {
  readonly search: BillingSearch;
  readonly onChange: (changes: BillingSearch) => void;
};

type KeyChoice = { readonly id: string; readonly name: string; readonly prefix: string };

export function LedgerFilters({ search, onChange }: LedgerFiltersProps) {
  const { path } = useWorkspace();
  const keys = useList<KeyChoice>(`${path}/keys`, { limit: 200 });
  const { memo, request } = search;
  const onText = useCallback(
    (text: string | undefined) =>
      onChange(text?.startsWith("req_") ? { request: text, memo: undefined } : { memo: text, request: undefined }),
    [onChange],
  );
  const { kind, key, from, to } = search;
  const isFiltered = [memo, request, kind, key, from, to].some((value) => value !== undefined);
  return (
    <>
      <SearchInput label="Search memos, or a request id" value={request ?? memo} onValue={onText} />
      <Select
        aria-label="Kind"
        className="w-36 max-sm:flex-1"
        value={kind ?? "all"}
        choices={[
          { value: "all", label: "Every kind" },
          { value: "credit", label: "Credits" },
          { value: "debit", label: "Debits" },
          { value: "refund", label: "Refunds" },
          { value: "adjustment", label: "Adjustments" },
        ]}
        onValue={(value) => onChange({ kind: value === "all" ? undefined : value })}
      />
      <span className="w-44 max-sm:flex-1">
        <Combobox
          value={key}
          none="Every key"
          placeholder="Find a key"
          choices={(keys.items ?? []).map(({ id, name, prefix }) => ({ value: id, label: name, detail: prefix }))}
          onValue={(value) => onChange({ key: value })}
        />
      </span>
      <DayInput label="From" value={from} onValue={(value) => onChange({ from: value })} />
      <DayInput label="To" value={to} onValue={(value) => onChange({ to: value })} />
      {isFiltered && (
        <Button
          look="quiet"
          onClick={() =>
            onChange({
              kind: undefined,
              key: undefined,
              request: undefined,
              memo: undefined,
              from: undefined,
              to: undefined,
            })
          }
        >
          Clear
        </Button>
      )}
    </>
  );
}

type DayInputProps = {
  readonly label: string;
  readonly value: string | undefined;
  readonly onValue: (value: string | undefined) => void;
};

function DayInput({ label, value, onValue }: DayInputProps) {
  return (
    <label className="flex items-center gap-2 text-sm text-muted">
      {label}
      <span className="w-36">
        <Input
          type="date"
          value={value ?? ""}
          onChange={({ target }) => onValue(target.value === "" ? undefined : target.value)}
        />
      </span>
    </label>
  );
}
