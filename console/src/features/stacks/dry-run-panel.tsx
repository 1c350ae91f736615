// Tries one request: paste it as JSON or as a curl command, and see what would become of it. Ctrl-Enter runs it.

import { useEffect, useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Field } from "../../ui/field.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { DryRunView } from "./dry-run-view.tsx";
import { readPasted, type PastedRequest } from "./pasted-request.ts";
import { triedBody, type Tried } from "./tried.ts";
import type { DryRunResult } from "./stacks-api.ts";

const example = `{
  "model": "astrolabe/auto",
  "input": "Write one sentence explaining routing stacks."
}`;

type Key = { readonly id: string; readonly name: string; readonly prefix: string; readonly status: string };

export function DryRunPanel(tried: Tried) {
  const { path } = useWorkspace();
  const [text, setText] = useState(example);
  const [keyId, setKeyId] = useState<string>();
  const [confirmed, setConfirmed] = useState(false);
  const keys = useList<Key>(`${path}/keys`, { limit: 200 });
  const pasted = readPasted(text);
  const run = useChange((body: object) => fetchApi<DryRunResult>("POST", `${path}/stacks/dry-run`, { body }), []);
  const start = (): void => {
    if (pasted.kind !== "request" || run.isPending) return;
    const { body: request, protocol } = pasted;
    const as = { ...(keyId !== undefined && { key: keyId }), confirmed: confirmed || pasted.confirmed };
    run.mutate({ ...triedBody(tried), request, protocol, ...as });
  };
  useRunKey(start);
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <Field label="Request" hint={hintOf(pasted)} error={pasted.kind === "unreadable" ? pasted.message : undefined}>
          <Textarea
            rows={8}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="font-mono text-sm"
          />
        </Field>
        <div className="flex flex-col gap-3">
          <Field label="As key" optional>
            <Combobox
              value={keyId}
              none="Any live key"
              placeholder="Any live key"
              choices={(keys.items ?? [])
                .filter(({ status }) => status === "active")
                .map((key) => ({ value: key.id, label: key.name, detail: key.prefix }))}
              onValue={setKeyId}
            />
          </Field>
          <Checkbox label="Confirmed by a person" checked={confirmed} onChange={setConfirmed} />
          <span>
            <Button look="primary" onClick={start} disabled={pasted.kind !== "request"} pending={run.isPending}>
              See what would happen
            </Button>
          </span>
          <p className="text-sm text-faint">No provider is called and nothing is debited. Ctrl-Enter runs it too.</p>
        </div>
      </div>
      {run.problem !== undefined && <ErrorState error={run.problem} />}
      {run.problem === undefined && run.data !== undefined && <DryRunView run={run.data} />}
    </div>
  );
}

function hintOf(pasted: PastedRequest): string {
  if (pasted.kind !== "request") return "Paste the JSON of a request, or a curl command.";
  const protocols = {
    responses: "Responses",
    "chat-completions": "Chat Completions",
    messages: "Messages",
    embeddings: "Embeddings",
  } as const;
  return `Read as ${protocols[pasted.protocol]}.`;
}

/** Ctrl-Enter, also while one writes. */
function useRunKey(run: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  });
}
