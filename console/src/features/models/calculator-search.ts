// What the address says of the cost calculator: tokens of a request, and how many requests.

import { compact, numberAt, type RawSearch } from "../../app/search.ts";
import type { TokenCounts } from "./cost.ts";

export type CalculatorSearch = {
  readonly input?: number;
  readonly output?: number;
  readonly cached?: number;
  readonly written?: number;
  readonly requests?: number;
};

export type Calculation = TokenCounts & { readonly requests: number };

/** A long question with a short answer, once. */
const usual: Calculation = { input: 10_000, output: 1_000, cached: 0, written: 0, requests: 1 };
const mostCounted = 1_000_000_000;

export function readCalculatorSearch(raw: RawSearch): CalculatorSearch {
  const count = (name: string): number | undefined => {
    const value = numberAt(raw, name);
    return value === undefined ? undefined : Math.min(value, mostCounted);
  };
  return compact({
    input: count("input"),
    output: count("output"),
    cached: count("cached"),
    written: count("written"),
    requests: count("requests"),
  });
}

export function calculationOf(search: CalculatorSearch): Calculation {
  return { ...usual, ...search };
}
