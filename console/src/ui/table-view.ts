// How a reader likes a table: which columns, how dense. Remembered by the browser, columns for each table.

import { useMemo, useSyncExternalStore } from "react";
import { remembered } from "./remembered.ts";
import type { TableColumn } from "./table-column.ts";

export type Density = "compact" | "roomy";

const density = remembered("astrolabe.density");

export function useDensity(): readonly [Density, (density: Density) => void] {
  const value = useSyncExternalStore(density.listen, density.get);
  return [value === "compact" ? "compact" : "roomy", density.set];
}

export type ColumnChoice = {
  readonly isShown: (id: string) => boolean;
  readonly show: (id: string, shown: boolean) => void;
};

/** @param name of the table, unique in the console. */
export function useColumnChoice<Row>(name: string, columns: readonly TableColumn<Row>[]): ColumnChoice {
  const store = useMemo(() => remembered(`astrolabe.columns.${name}`), [name]);
  const saved = useSyncExternalStore(store.listen, store.get);
  return useMemo(() => {
    // Only what differs from the columns' own default is kept, so that new columns appear by themselves.
    const changed = new Set((saved ?? "").split(",").filter((id) => id !== ""));
    const isShown = (id: string): boolean => {
      const column = columns.find((candidate) => candidate.id === id);
      if (column?.fixed) return true;
      return (column?.hidden ?? false) === changed.has(id);
    };
    return {
      isShown,
      show(id, shown) {
        if (isShown(id) === shown) return;
        if (changed.has(id)) changed.delete(id);
        else changed.add(id);
        store.set(changed.size === 0 ? undefined : [...changed].join(","));
      },
    };
  }, [saved, store, columns]);
}
