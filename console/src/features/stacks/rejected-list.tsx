// Who could not have answered, gathered by the reason.

import type { DryRunResult } from "./stacks-api.ts";

type Rejected = NonNullable<DryRunResult["plan"]>["rejected"];

export function RejectedList({ rejected }: { readonly rejected: Rejected }) {
  const groups = new Map<string, string[]>();
  for (const { model, reasons } of rejected) {
    const words = reasons.map((reason) => reason.words).join(" ");
    groups.set(words, [...(groups.get(words) ?? []), model]);
  }
  return (
    <details className="rounded-md border border-line">
      <summary className="px-3 py-2 text-sm font-medium">
        {rejected.length === 1 ? "1 rejected" : `${rejected.length} rejected`}, and why
      </summary>
      <ul className="flex flex-col gap-3 border-t border-line px-3 py-3 text-sm">
        {[...groups].map(([words, models]) => (
          <li key={words}>
            <p>{words}</p>
            <p className="figures break-words text-faint">{[...new Set(models)].join(", ")}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
