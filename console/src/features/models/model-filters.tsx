// What narrows the list of models. On a phone it opens from a button.

import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { SearchInput } from "../../ui/search-input.tsx";
import { Select } from "../../ui/select.tsx";
import { ToggleChip } from "../../ui/toggle-chip.tsx";
import type { Catalogue } from "../../api/catalogue.ts";
import { capabilityNames, modalityNames, type Capability, type Modality } from "./catalogue.ts";
import { filterCount, type ModelsSearch } from "./models-search.ts";

export type ModelFiltersProps = {
  readonly catalogue: Catalogue;
  readonly search: ModelsSearch;
  readonly onSearch: (search: ModelsSearch) => void;
};

const shownCapabilities: readonly Capability[] = [
  "tools",
  "structured_outputs",
  "reasoning",
  "vision",
  "files",
  "audio",
  "long_context",
  "prompt_cache",
];
const shownModalities: readonly Modality[] = ["image", "file", "audio", "video"];
const prices = ["0.1", "0.5", "1", "3", "5"];
const contexts = [128_000, 200_000, 1_000_000];

export function ModelFilters({ catalogue, search, onSearch }: ModelFiltersProps) {
  const [open, setOpen] = useState(false);
  const count = filterCount(search);
  const { q, sort, order, compare } = search;
  return (
    <div className="mb-4 flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SearchInput label="Search models" value={q} onValue={(next) => onSearch({ ...search, q: next })} />
        <Button className="md:hidden" aria-expanded={open} onClick={() => setOpen(!open)}>
          {count === 0 ? "Filters" : `Filters (${count})`}
        </Button>
        {count > 0 && (
          <Button look="quiet" onClick={() => onSearch({ q, sort, order, compare })}>
            Clear filters
          </Button>
        )}
      </div>
      <div className={cx("flex-col gap-3", open ? "flex" : "hidden md:flex")}>
        <Lists catalogue={catalogue} search={search} onSearch={onSearch} />
        <Chips
          label="Can do"
          words={shownCapabilities}
          names={capabilityNames}
          chosen={search.capability ?? []}
          onChosen={(capability) => onSearch({ ...search, capability })}
        />
        <Chips
          label="Takes"
          words={shownModalities}
          names={modalityNames}
          chosen={search.modality ?? []}
          onChosen={(modality) => onSearch({ ...search, modality })}
        />
      </div>
    </div>
  );
}

function Lists({ catalogue, search, onSearch }: ModelFiltersProps) {
  const providers = [...new Set(catalogue.data.flatMap((model) => model.providers.map(({ provider }) => provider)))];
  const any = (label: string) => ({ value: "", label });
  return (
    <div className="grid grid-cols-2 gap-2 md:flex md:flex-wrap">
      <Select
        aria-label="Provider"
        value={search.provider ?? ""}
        choices={[any("Any provider"), ...providers.map((provider) => ({ value: provider, label: provider }))]}
        onValue={(provider) => onSearch({ ...search, provider: provider || undefined })}
      />
      <Select
        aria-label="Lane"
        value={search.lane ?? ""}
        choices={[
          any("Any lane"),
          ...catalogue.lanes.map(({ lane, virtual_model }) => ({ value: lane, label: virtual_model })),
        ]}
        onValue={(lane) => onSearch({ ...search, lane: catalogue.lanes.find((one) => one.lane === lane)?.lane })}
      />
      <Select
        aria-label="Kind"
        value={search.kind ?? ""}
        choices={[any("Any kind"), { value: "generate", label: "Generates" }, { value: "embed", label: "Embeds" }]}
        onValue={(kind) => onSearch({ ...search, kind: kind === "generate" || kind === "embed" ? kind : undefined })}
      />
      <Select
        aria-label="Input price"
        value={search.price ?? ""}
        choices={[
          any("Any price"),
          ...withOwn(prices, search.price).map((usd) => ({ value: usd, label: `At most $${usd} in` })),
        ]}
        onValue={(price) => onSearch({ ...search, price: price || undefined })}
      />
      <Select
        aria-label="Context"
        value={String(search.context ?? "")}
        choices={[
          any("Any context"),
          ...withOwn(contexts, search.context).map((tokens) => ({
            value: String(tokens),
            label: `At least ${tokens.toLocaleString("en-US")}`,
          })),
        ]}
        onValue={(context) => onSearch({ ...search, context: context === "" ? undefined : Number(context) })}
      />
      <Select
        aria-label="Availability"
        value={search.show ?? ""}
        choices={[any("Served here"), { value: "all", label: "All models" }]}
        onValue={(show) => onSearch({ ...search, show: show === "all" ? show : undefined })}
      />
    </div>
  );
}

/** The usual choices, and the address's own where it is another. */
function withOwn<Value>(usual: readonly Value[], own: Value | undefined): readonly Value[] {
  return own === undefined || usual.includes(own) ? usual : [...usual, own];
}

type ChipsProps<Word extends string> = {
  readonly label: string;
  readonly words: readonly Word[];
  readonly names: Readonly<Record<Word, string>>;
  readonly chosen: readonly Word[];
  readonly onChosen: (chosen: readonly Word[]) => void;
};

function Chips<Word extends string>({ label, words, names, chosen, onChosen }: ChipsProps<Word>) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap items-center gap-2">
      <span aria-hidden className="eyebrow w-12">
        {label}
      </span>
      {words.map((word) => (
        <ToggleChip
          key={word}
          pressed={chosen.includes(word)}
          onPress={(pressed) => onChosen(pressed ? [...chosen, word] : chosen.filter((one) => one !== word))}
        >
          {names[word]}
        </ToggleChip>
      ))}
    </div>
  );
}
