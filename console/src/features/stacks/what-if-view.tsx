// What planning past requests again found: the sums, the models, and every request that changes.

import { useMemo, useState } from "react";
import { useWorkspace } from "../../api/workspace.ts";
import { listOf } from "../../api/list.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Figure } from "../../ui/key-value.tsx";
import { Money } from "../../ui/money.tsx";
import type { WhatIfResult } from "./stacks-api.ts";
import { changeColumns, modelColumns } from "./what-if-columns.tsx";

export function WhatIfView({ found }: { readonly found: WhatIfResult }) {
  const { id } = useWorkspace();
  const { totals, items, models } = found;
  const [all, setAll] = useState(false);
  const shown = useMemo(() => listOf(all ? items : items.filter(({ changed }) => changed)), [all, items]);
  if (totals.replayed === 0) {
    return (
      <EmptyState title="No request to plan again">
        {totals.found === 0
          ? "Nothing ran in this scope. Choose a longer time or the whole workspace."
          : `${totals.found} were found, and none recorded what planning needs: it is recorded from now on.`}
      </EmptyState>
    );
  }
  return (
    <div aria-live="polite" className="flex flex-col gap-4">
      <Sums totals={totals} />
      <Notes totals={totals} />
      {totals.changed > 0 && (
        <DataTable
          bare
          name="what-if-models"
          label="Models before and after"
          columns={modelColumns}
          list={listOf(models)}
          rowId={({ model }) => model}
        />
      )}
      <div>
        <Checkbox label="Show requests that stay the same" checked={all} onChange={setAll} />
        <DataTable
          name="what-if"
          label="Requests"
          columns={changeColumns}
          list={shown}
          rowId={(item) => item.request_id}
          rowLink={(item) => ({
            to: "/w/$workspaceId/traces/$requestId",
            params: { workspaceId: id, requestId: item.request_id },
          })}
          empty={<EmptyState title="Nothing changes">Under this policy every request is planned as it was.</EmptyState>}
        />
      </div>
    </div>
  );
}

function Sums({ totals }: Pick<WhatIfResult, "totals">) {
  const share = Math.round((100 * totals.changed) / totals.replayed);
  const dearer = totals.saved_usd.startsWith("-");
  const isNothing = /^[0.]+$/.test(totals.saved_usd);
  const saved = dearer ? totals.saved_usd.slice(1) : totals.saved_usd;
  return (
    <div className="grid grid-cols-2 gap-4 rounded-md border border-line p-4 sm:grid-cols-3 lg:grid-cols-5">
      <Figure name="Planned again" value={totals.replayed.toLocaleString("en")} />
      <Figure name="Change" value={totals.changed.toLocaleString("en")} note={`${share}%`} />
      <Figure name="Newly refused" value={totals.newly_refused.toLocaleString("en")} />
      <Figure name="Cost before" value={<Money usd={totals.cost_before_usd} />} />
      <Figure
        name="Cost after"
        value={<Money usd={totals.cost_after_usd} />}
        note={
          isNothing ? (
            "The same"
          ) : (
            <>
              <Money usd={saved} /> {dearer ? "more" : "less"}
            </>
          )
        }
      />
    </div>
  );
}

/** What the reader must know to trust the sums. */
function Notes({ totals }: Pick<WhatIfResult, "totals">) {
  const { skipped, drifted, unpriced, newly_accepted: accepted } = totals;
  const of = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`);
  const notes = [
    skipped > 0 && `${of(skipped, "request was", "requests were")} passed over: refused early, or without a trace.`,
    accepted > 0 &&
      `${of(accepted, "request that was refused would be", "requests that were refused would be")} let through; their cost is an estimate.`,
    unpriced > 0 && `${of(unpriced, "request is", "requests are")} left out of the costs: what they used is unknown.`,
    drifted > 0 &&
      `For ${of(drifted, "request", "requests")} even the old policy would choose otherwise today: models, prices or speed have changed since.`,
  ].filter((note) => note !== false);
  if (notes.length === 0) return null;
  return (
    <ul className="text-sm text-muted">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
