// Creates a key, then shows its secret once.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { SecretOnce } from "../../ui/secret-once.tsx";
import { Select } from "../../ui/select.tsx";
import { limitsOf, newKeyDraft } from "./key-draft.ts";
import { KeyFields } from "./key-fields.tsx";
import type { CreatedApiKey, KeyInput } from "./key.ts";

export type CreateKeyDialogProps = { readonly open: boolean; readonly onClose: () => void };

export function CreateKeyDialog({ open, onClose }: CreateKeyDialogProps) {
  const { path } = useWorkspace();
  const [draft, setDraft] = useState(newKeyDraft);
  const create = useChange(
    (body: KeyInput) => fetchApi<CreatedApiKey>("POST", `${path}/keys`, { body }),
    [`${path}/keys`],
  );
  const secret = create.data?.secret;
  const close = (): void => {
    setDraft(newKeyDraft);
    // The secret leaves the page's memory with the dialog.
    create.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      keepOpen={secret !== undefined}
      title={secret === undefined ? "Create a key" : `Store the key “${create.data?.name ?? ""}”`}
    >
      {secret !== undefined ? (
        <SecretOnce secret={secret} kind="key" onDone={close} />
      ) : (
        <Form
          problem={create.problem}
          onSubmit={() => create.mutate({ name: draft.name, mode: draft.mode, ...limitsOf(draft) })}
          actions={
            <>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" look="primary" pending={create.isPending}>
                Create the key
              </Button>
            </>
          }
        >
          <Field label="Mode" name="mode">
            <Select
              value={draft.mode}
              choices={[
                { value: "live", label: "Live: spends credits" },
                { value: "test", label: "Test: the sandbox answers, nothing is spent" },
              ]}
              onValue={(mode) => setDraft({ ...draft, mode })}
            />
          </Field>
          <KeyFields draft={draft} onDraft={setDraft} />
        </Form>
      )}
    </Dialog>
  );
}
