// What requests of a size cost: counts in, exact money out, for one model or several side by side.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useId } from "react";
import { compact } from "../../app/search.ts";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Money } from "../../ui/money.tsx";
import { calculationOf, readCalculatorSearch, type Calculation } from "./calculator-search.ts";
import type { CatalogueModel } from "../../api/catalogue.ts";
import { costOf } from "./cost.ts";

const counts: readonly { readonly name: keyof Calculation; readonly label: string; readonly hint?: string }[] = [
  { name: "input", label: "Input tokens" },
  { name: "cached", label: "Of them cached", hint: "Read from the provider's cache" },
  { name: "written", label: "Of them written", hint: "Written to the provider's cache" },
  { name: "output", label: "Output tokens", hint: "Reasoning is part of it" },
  { name: "requests", label: "Requests" },
];

/** @param models at least one; those without prices are left out. */
export function CostCalculator({ models }: { readonly models: readonly CatalogueModel[] }) {
  const [calculation, setCalculation] = useCalculation();
  const id = useId();
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {counts.map(({ name, label, hint }) => (
          <Field key={name} label={label} hint={hint}>
            <Input
              inputMode="numeric"
              figures
              aria-controls={id}
              value={calculation[name].toLocaleString("en-US")}
              onChange={({ target }) =>
                setCalculation({ ...calculation, [name]: Number(target.value.replaceAll(/\D/g, "").slice(0, 10)) })
              }
            />
          </Field>
        ))}
      </div>
      <div id={id} role="status" aria-label="Cost" className="flex flex-col">
        {models.map((model) => (
          <CostRow key={model.id} model={model} calculation={calculation} named={models.length > 1} />
        ))}
      </div>
    </div>
  );
}

type CostRowProps = { readonly model: CatalogueModel; readonly calculation: Calculation; readonly named: boolean };

function CostRow({ model, calculation, named }: CostRowProps) {
  const { prices } = model;
  const cost = prices === null ? undefined : costOf(prices, calculation, calculation.requests);
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 border-t border-line py-2">
      {named && <span className="text-base font-medium">{model.name}</span>}
      <span className="figures text-sm text-muted">
        {cost === undefined
          ? "Not priced"
          : cost.lines.map(({ unit, count, perMillionUsd }) => (
              <span key={unit} className="mr-4 inline-block">
                {count.toLocaleString("en-US")} {unit} × ${perMillionUsd}/1M
              </span>
            ))}
      </span>
      <span className="ml-auto text-lg font-medium">
        <Money usd={cost?.usd} exact />
      </span>
    </div>
  );
}

/** Kept in the address, so that a calculation can be passed on. */
function useCalculation(): readonly [Calculation, (calculation: Calculation) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const calculation = calculationOf(readCalculatorSearch(search));
  return [
    calculation,
    (next) => void navigate({ to: ".", search: compact({ ...search, ...next }), replace: true, resetScroll: false }),
  ];
}
