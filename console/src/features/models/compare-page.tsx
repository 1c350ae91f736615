// Models side by side: what they cost, what they can do, who serves them. Which ones is in the address.

import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { compact } from "../../app/search.ts";
import { Combobox } from "../../ui/combobox.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Section } from "../../ui/section.tsx";
import { PageSkeleton } from "../../ui/skeleton.tsx";
import { Badge } from "../../ui/status.tsx";
import { picodollarsOf } from "../../ui/money-format.ts";
import { useCatalogue, type Catalogue, type CatalogueModel } from "../../api/catalogue.ts";
import { capabilityNames, modalityNames, tokensInWords, type Capability, type ModelPrices } from "./catalogue.ts";
import { CostCalculator } from "./cost-calculator.tsx";
import { useCatalogueHome } from "./home.ts";
import { comparedAt, mostCompared } from "./models-search.ts";
import { Price } from "./price-cells.tsx";

export function ComparePage() {
  const home = useCatalogueHome();
  const search: Record<string, unknown> = useSearch({ strict: false });
  const ids = comparedAt(search, "model");
  const navigate = useNavigate();
  const show = (model: readonly string[]): void =>
    void navigate({ to: ".", search: compact({ ...search, model }), replace: true });
  const { item: catalogue, error, retry } = useCatalogue();
  if (error !== undefined) return <ErrorState error={error} onRetry={retry} />;
  if (catalogue === undefined) return <PageSkeleton />;
  const models = ids.flatMap((id) => catalogue.data.find((model) => model.id === id) ?? []);
  return (
    <div className="mx-auto flex max-w-[84rem] flex-col gap-6 [&>header]:mb-0">
      <PageHeader
        title="Compare models"
        trail={<Link {...home.list({ compare: ids })}>Models</Link>}
        actions={models.length < mostCompared && <AddModel catalogue={catalogue} ids={ids} onIds={show} />}
      />
      {models.length === 0 ? (
        <EmptyState title="No model chosen">Add two or more to see them side by side.</EmptyState>
      ) : (
        <>
          <Section title="Side by side" flush>
            <ComparisonTable models={models} onIds={show} />
          </Section>
          <Section title="What would it cost?" description="The counts of one request, and how many of them.">
            <CostCalculator models={models} />
          </Section>
        </>
      )}
    </div>
  );
}

type IdsProps = { readonly ids: readonly string[]; readonly onIds: (ids: readonly string[]) => void };

function AddModel({ catalogue, ids, onIds }: IdsProps & { readonly catalogue: Catalogue }) {
  return (
    <div className="w-64">
      <Combobox
        value={undefined}
        placeholder="Add a model"
        choices={catalogue.data
          .filter(({ id }) => !ids.includes(id))
          .map(({ id, name }) => ({ value: id, label: name }))}
        onValue={(id) => void (id !== undefined && onIds([...ids, id]))}
      />
    </div>
  );
}

type Row = { readonly title: string; readonly cell: (model: CatalogueModel) => ReactNode; readonly best?: Best };
/** The figure that decides which model has the best of a row; undefined has none. */
type Best = {
  readonly of: (model: CatalogueModel) => bigint | number | undefined;
  readonly word: "lowest" | "highest";
};

const priceRow = (title: string, field: keyof ModelPrices): Row => ({
  title,
  cell: ({ prices }) => <Price usd={prices?.[field]} />,
  best: { of: ({ prices }) => picodollarsOf(prices?.[field] ?? ""), word: "lowest" },
});

const capabilityList: readonly Capability[] = [
  "tools",
  "parallel_tools",
  "structured_outputs",
  "reasoning",
  "vision",
  "files",
  "audio",
  "prompt_cache",
];

const rows: readonly Row[] = [
  priceRow("Input / 1M", "input_per_1m_usd"),
  priceRow("Output / 1M", "output_per_1m_usd"),
  priceRow("Cached input / 1M", "cached_input_per_1m_usd"),
  priceRow("Cache write / 1M", "cache_write_per_1m_usd"),
  {
    title: "Context",
    cell: ({ context_tokens }) => <span className="figures">{tokensInWords(context_tokens)}</span>,
    best: { of: ({ context_tokens }) => context_tokens, word: "highest" },
  },
  {
    title: "Most output",
    cell: ({ max_output_tokens: most }) => <span className="figures">{most === null ? "–" : tokensInWords(most)}</span>,
    best: { of: ({ max_output_tokens: most }) => most ?? undefined, word: "highest" },
  },
  {
    title: "Strength",
    cell: ({ strength }) => <span className="figures">{strength}</span>,
    best: { of: ({ strength }) => strength, word: "highest" },
  },
  {
    title: "First token",
    cell: ({ typical_first_byte_ms: ms }) => <span className="figures">{ms.toLocaleString("en-US")} ms</span>,
    best: { of: ({ typical_first_byte_ms: ms }) => ms, word: "lowest" },
  },
  {
    title: "Tokens a second",
    cell: ({ typical_tokens_per_second: speed }) => <span className="figures">{speed}</span>,
    best: { of: ({ typical_tokens_per_second: speed }) => speed, word: "highest" },
  },
  { title: "Takes", cell: ({ modalities }) => modalities.map((one) => modalityNames[one]).join(", ") },
  ...capabilityList.map((capability) => ({
    title: capabilityNames[capability],
    cell: ({ capabilities }: CatalogueModel) =>
      capabilities.includes(capability) ? "Yes" : <span className="text-faint">No</span>,
  })),
  {
    title: "Lanes",
    cell: ({ lanes }) => lanes.map(({ lane }) => lane).join(", ") || <span className="text-faint">None</span>,
  },
  {
    title: "Served by",
    cell: ({ providers }) =>
      providers.map(({ provider }) => provider).join(", ") || <span className="text-faint">Nobody here</span>,
  },
];

type ComparisonProps = { readonly models: readonly CatalogueModel[]; readonly onIds: IdsProps["onIds"] };

function ComparisonTable({ models, onIds }: ComparisonProps) {
  const home = useCatalogueHome();
  const without = (id: string): string[] => models.filter((model) => model.id !== id).map((model) => model.id);
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label="Comparison">
      <table className="w-full min-w-max text-left text-base">
        <thead className="bg-sunken">
          <tr className="border-y border-line">
            <th scope="col" className="sticky left-0 z-10 w-32 min-w-32 bg-sunken px-4 py-2">
              <span className="sr-only">Figure</span>
            </th>
            {models.map(({ id, name }) => (
              <th key={id} scope="col" className="min-w-44 px-4 py-2 align-top font-medium">
                <span className="flex items-start justify-between gap-2">
                  <span className="min-w-0">
                    <Link {...home.model(id)} className="underline-offset-2 hover:underline">
                      {name}
                    </Link>
                    <span className="figures block text-xs font-normal text-faint">{id}</span>
                  </span>
                  <IconButton
                    label={`Take ${name} out`}
                    icon={<X aria-hidden />}
                    size="small"
                    onClick={() => onIds(without(id))}
                  />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.title} className="border-b border-line last:border-b-0">
              <th scope="row" className="sticky left-0 z-10 bg-surface px-4 py-2 text-sm font-normal text-muted">
                {row.title}
              </th>
              {models.map((model) => (
                <td key={model.id} className="px-4 py-2">
                  <span className="inline-flex flex-wrap items-center gap-2">
                    {row.cell(model)}
                    {isBest(row.best, model, models) && <Badge tone="brass">{row.best?.word}</Badge>}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Alone in front: where all have the same, nobody is. */
function isBest(best: Best | undefined, model: CatalogueModel, models: readonly CatalogueModel[]): boolean {
  const own = best?.of(model);
  if (best === undefined || own === undefined) return false;
  return models.every((other) => {
    const figure = other.id === model.id ? undefined : best.of(other);
    return figure === undefined ? other.id === model.id : best.word === "lowest" ? own < figure : own > figure;
  });
}
