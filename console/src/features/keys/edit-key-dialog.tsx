// Changes the name and the limits of a key. Its secret and its mode stay; so do name and lifetime of an agent's key.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/form.tsx";
import { toast } from "../../ui/toast.tsx";
import { changesOf, draftOf } from "./key-draft.ts";
import { KeyFields } from "./key-fields.tsx";
import { isOfAgent, type ApiKey, type KeyChanges } from "./key.ts";

/** Mount it anew for each key. */
export function EditKeyDialog({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const { path } = useWorkspace();
  const [draft, setDraft] = useState(() => draftOf(apiKey));
  const save = useChange(
    (body: KeyChanges) => fetchApi<ApiKey>("PATCH", `${path}/keys/${apiKey.id}`, { body }),
    [`${path}/keys`],
    () => {
      toast.done("The key is changed. New requests follow it at once.");
      onClose();
    },
  );
  return (
    <Dialog open onClose={onClose} title={`Edit “${apiKey.name}”`}>
      <Form
        problem={save.problem}
        onSubmit={() => save.mutate(changesOf(draft, apiKey))}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={save.isPending}>
              Save
            </Button>
          </>
        }
      >
        <KeyFields draft={draft} onDraft={setDraft} ofAgent={isOfAgent(apiKey)} />
      </Form>
    </Dialog>
  );
}
