// Gives a stack to the workspace or to a key.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useList } from "../../api/list.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox } from "../../ui/combobox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Select } from "../../ui/select.tsx";
import { toast } from "../../ui/toast.tsx";

type Key = { readonly id: string; readonly name: string; readonly prefix: string; readonly status: string };

export type AssignDialogProps = { readonly slug: string; readonly name: string; readonly onClose: () => void };

export function AssignDialog({ slug, name, onClose }: AssignDialogProps) {
  const { path, may } = useWorkspace();
  const mayAll = may("administer");
  const [to, setTo] = useState<"key" | "workspace">("key");
  const [keyId, setKeyId] = useState<string>();
  const keys = useList<Key>(`${path}/keys`, { limit: 200 });
  const assign = useChange(
    () => fetchApi("PATCH", to === "workspace" ? path : `${path}/keys/${keyId ?? ""}`, { body: { stack: slug } }),
    [`${path}/stacks`, `${path}/keys`, path],
    () => {
      toast.done(`New requests run under ${name}.`);
      onClose();
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Assign ${name}`}
      description="A request that names a stack itself keeps to that one."
    >
      <Form
        problem={assign.problem}
        onSubmit={() => void ((to === "workspace" || keyId !== undefined) && assign.mutate(undefined))}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              look="primary"
              pending={assign.isPending}
              disabled={to === "key" && keyId === undefined}
            >
              Assign the stack
            </Button>
          </>
        }
      >
        <Field label="To" hint={mayAll ? undefined : "Owners and admins may assign it to the workspace."}>
          <Select
            value={to}
            choices={[
              { value: "key", label: "One key" },
              { value: "workspace", label: "The workspace: every key without a stack of its own", disabled: !mayAll },
            ]}
            onValue={setTo}
          />
        </Field>
        {to === "key" && (
          <Field label="Key" name="stack" required>
            <Combobox
              value={keyId}
              placeholder="Find a key"
              choices={(keys.items ?? [])
                .filter(({ status }) => status === "active")
                .map((key) => ({ value: key.id, label: key.name, detail: key.prefix }))}
              onValue={setKeyId}
            />
          </Field>
        )}
      </Form>
    </Dialog>
  );
}
