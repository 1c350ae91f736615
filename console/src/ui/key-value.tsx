// Facts about one thing: a name and a value a line.

import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

export type Fact = {
  readonly name: string;
  readonly value: ReactNode;
};

export type KeyValueProps = {
  readonly facts: readonly Fact[];
  /** For the side of a page, where names have less room. */
  readonly narrow?: boolean;
};

/** Two columns on a wide screen, the name above the value on a narrow one. */
export function KeyValue({ facts, narrow = false }: KeyValueProps) {
  const columns = narrow
    ? "gap-x-4 sm:grid-cols-[9rem_minmax(0,1fr)]"
    : "gap-x-6 sm:grid-cols-[minmax(8rem,14rem)_minmax(0,1fr)]";
  return (
    <dl className={cx("grid grid-cols-1", columns)}>
      {facts.map(({ name, value }) => (
        <div
          key={name}
          className="col-span-full grid grid-cols-subgrid border-b border-line py-2 last:border-b-0 last:pb-0"
        >
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="min-w-0 text-base break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A figure with its name above it, for a row of the few that matter. */
export function Figure({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <p className="text-sm text-muted">{name}</p>
      <p className="figures mt-1 text-xl font-medium break-words">{value}</p>
      {note !== undefined && <p className="mt-1 text-sm text-faint">{note}</p>}
    </div>
  );
}
