// Plans requests of the past again under the policy on the page: what changes, and what it would have cost.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { WhatIfView } from "./what-if-view.tsx";
import { triedBody, type Tried } from "./tried.ts";
import type { WhatIfResult } from "./stacks-api.ts";

const limits = ["50", "200", "1000"] as const;
const days = ["1", "7", "30"] as const;
const dayMs = 86_400_000;

type Key = { readonly id: string; readonly name: string; readonly prefix: string };

export function WhatIfPanel(tried: Tried) {
  const { path } = useWorkspace();
  const [under, setUnder] = useState<"stack" | "all">("stack");
  const [keyId, setKeyId] = useState<string>();
  const [limit, setLimit] = useState<(typeof limits)[number]>("200");
  const [back, setBack] = useState<(typeof days)[number]>("7");
  const keys = useList<Key>(`${path}/keys`, { limit: 200 });
  const run = useChange((body: object) => fetchApi<WhatIfResult>("POST", `${path}/stacks/what-if`, { body }), []);
  const start = (): void => {
    const since = new Date(Date.now() - Number(back) * dayMs).toISOString();
    const scope = {
      since,
      ...(under === "stack" && { stack: tried.slug }),
      ...(keyId !== undefined && { key: keyId }),
    };
    run.mutate({ ...triedBody(tried), scope, limit: Number(limit) });
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="grid items-end gap-3 sm:grid-cols-2 lg:grid-cols-[1.3fr_1fr_1fr_1fr_auto]">
        <Field label="Requests">
          <Select
            value={under}
            choices={[
              { value: "stack", label: "That ran under this stack" },
              { value: "all", label: "Of the whole workspace" },
            ]}
            onValue={setUnder}
          />
        </Field>
        <Field label="Of the last">
          <Select
            value={back}
            choices={days.map((count) => ({ value: count, label: count === "1" ? "24 hours" : `${count} days` }))}
            onValue={setBack}
          />
        </Field>
        <Field label="At most">
          <Select
            value={limit}
            choices={limits.map((count) => ({ value: count, label: Number(count).toLocaleString("en") }))}
            onValue={setLimit}
          />
        </Field>
        <Field label="Of key">
          <Combobox
            value={keyId}
            none="Every key"
            placeholder="Every key"
            choices={(keys.items ?? []).map((key) => ({ value: key.id, label: key.name, detail: key.prefix }))}
            onValue={setKeyId}
          />
        </Field>
        <Button look="primary" onClick={start} pending={run.isPending}>
          Plan them again
        </Button>
      </div>
      {run.problem !== undefined && <ErrorState error={run.problem} />}
      {run.problem === undefined && run.data !== undefined && <WhatIfView found={run.data} />}
      {run.data === undefined && run.problem === undefined && (
        <p className="max-w-[75ch] text-sm text-muted">
          Requests are planned again from what their traces recorded, never from their text, and repriced with the
          tokens they used. URL rules, credits, and limits a day or a month are not replayed.
        </p>
      )}
    </div>
  );
}
