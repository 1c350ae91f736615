// Adds a secret or a plain variable to the vault, or gives one a new value.

import { useState } from "react";
import type { z } from "zod";
import type { variableResultsSchema } from "../../../../server/contracts/agents-accounts.ts";
import { ApiError } from "../../api/api-error.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { toast } from "../../ui/toast.tsx";
import type { Variable } from "./blueprint.ts";

export type VariableDialogProps = {
  readonly path: string;
  /** Absent: a new one. */
  readonly variable?: Variable;
  readonly onClose: () => void;
};

type Draft = { readonly name: string; readonly value: string; readonly secret: boolean; readonly description: string };

/** Mount it anew for each variable. */
export function VariableDialog({ path, variable, onClose }: VariableDialogProps) {
  const [draft, setDraft] = useState<Draft>({
    name: variable?.name ?? "",
    value: variable?.value ?? "",
    secret: variable?.secret ?? true,
    description: variable?.description ?? "",
  });
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const save = useChange(
    () => (variable === undefined ? add(path, draft) : change(path, variable, draft)),
    [path],
    () => {
      toast.done(variable === undefined ? `${draft.name} is kept.` : `${draft.name} is changed.`);
      onClose();
    },
  );
  return (
    <Dialog open onClose={onClose} title={variable === undefined ? "Add a value" : `Change ${variable.name}`}>
      <Form
        problem={save.problem}
        onSubmit={() => save.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={save.isPending}>
              Save
            </Button>
          </>
        }
      >
        <VariableFields variable={variable} draft={draft} onDraft={set} />
        {variable !== undefined && (
          <p className="text-sm text-muted">Deployments get a new value with their next revision.</p>
        )}
      </Form>
    </Dialog>
  );
}

type VariableFieldsProps = {
  readonly variable: Variable | undefined;
  readonly draft: Draft;
  readonly onDraft: (change: Partial<Draft>) => void;
};

function VariableFields({ variable, draft, onDraft }: VariableFieldsProps) {
  return (
    <>
      {variable === undefined && (
        <Field label="Name" name="name" required hint="As the environment variable is called, such as OPENAI_API_KEY.">
          <Input
            figures
            autoComplete="off"
            value={draft.name}
            onChange={({ target }) => onDraft({ name: target.value })}
          />
        </Field>
      )}
      <Field
        label={variable?.secret ? "New value" : "Value"}
        name="value"
        required={variable === undefined}
        hint={variable?.secret ? "Empty: it stays as it is." : undefined}
      >
        {draft.secret ? (
          <Input
            type="password"
            figures
            autoComplete="off"
            value={draft.value}
            onChange={({ target }) => onDraft({ value: target.value })}
          />
        ) : (
          <Textarea rows={3} value={draft.value} onChange={({ target }) => onDraft({ value: target.value })} />
        )}
      </Field>
      <Checkbox
        label="Secret"
        hint="Its value is never shown again."
        checked={draft.secret}
        onChange={(secret) => onDraft({ secret })}
      />
      <Field label="Description" name="description" optional>
        <Input value={draft.description} onChange={({ target }) => onDraft({ description: target.value })} />
      </Field>
    </>
  );
}

async function add(path: string, draft: Draft): Promise<void> {
  const body = { variables: [draft], overwrite: false };
  const { results } = await fetchApi<z.output<typeof variableResultsSchema>>("POST", path, { body });
  const failed = results.find(({ status }) => status !== "created");
  if (failed === undefined) return;
  const message = failed.status === "exists" ? `${failed.name} is there already: change it instead.` : failed.error;
  throw new ApiError(400, { code: "invalid_request", message: message ?? "It could not be kept." });
}

async function change(path: string, variable: Variable, { value, secret, description }: Draft): Promise<void> {
  const kept = value === "" && variable.secret;
  await fetchApi("PUT", `${path}/${encodeURIComponent(variable.name)}`, {
    body: { ...(!kept && { value }), secret, description },
  });
}
