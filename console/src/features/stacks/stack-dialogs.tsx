// The dialogs of a stack's page, one at a time.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { toast } from "../../ui/toast.tsx";
import { AssignDialog } from "./assign-dialog.tsx";
import type { StackDialog } from "./editor-actions.tsx";
import { PublishDialog } from "./publish-dialog.tsx";
import type { Stack } from "./stacks-api.ts";

export type StackDialogsProps = {
  readonly stack: Stack;
  readonly dialog: StackDialog | undefined;
  /** Of the draft that the page shows. */
  readonly revision: number;
  readonly onClose: () => void;
};

export function StackDialogs({ stack, dialog, revision, onClose }: StackDialogsProps) {
  switch (dialog) {
    case undefined:
      return null;
    case "publish":
      return <PublishDialog {...{ stack, revision, onClose }} />;
    case "assign":
      return <AssignDialog slug={stack.slug} name={stack.name} onClose={onClose} />;
    case "rename":
      return <RenameDialog stack={stack} onClose={onClose} />;
    case "archive":
    case "restore":
      return <StatusDialog stack={stack} act={dialog} onClose={onClose} />;
  }
}

type OneDialogProps = Pick<StackDialogsProps, "stack" | "onClose">;

function RenameDialog({ stack, onClose }: OneDialogProps) {
  const { path } = useWorkspace();
  const [name, setName] = useState(stack.name);
  const [description, setDescription] = useState(stack.description);
  const rename = useChange(
    () => fetchApi<Stack>("PATCH", `${path}/stacks/${stack.slug}`, { body: { name, description } }),
    [`${path}/stacks`],
    onClose,
  );
  return (
    <Dialog open onClose={onClose} title="Rename the stack" description="Its slug stays, and so do its requests.">
      <Form
        problem={rename.problem}
        onSubmit={() => rename.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={rename.isPending}>
              Save
            </Button>
          </>
        }
      >
        <Field label="Name" name="name" required>
          <Input value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Description" name="description" optional>
          <Textarea rows={2} value={description} onChange={(event) => setDescription(event.target.value)} />
        </Field>
      </Form>
    </Dialog>
  );
}

function StatusDialog({ stack, act, onClose }: OneDialogProps & { readonly act: "archive" | "restore" }) {
  const { path } = useWorkspace();
  const change = useChange(
    () => fetchApi<Stack>("POST", `${path}/stacks/${stack.slug}/${act}`),
    [`${path}/stacks`],
    () => {
      toast.done(act === "archive" ? "The stack is archived." : "The stack is back.");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={act === "archive" ? `Archive “${stack.name}”?` : `Restore “${stack.name}”?`}
      verb={act === "archive" ? "Archive the stack" : "Restore the stack"}
      danger={act === "archive"}
      onConfirm={() => change.mutate(undefined)}
      pending={change.isPending}
      problem={change.problem}
    >
      {act === "archive"
        ? "Requests that name it, or whose key or workspace does, fail from now on: they never fall through to another stack. Its versions are kept, and you can restore it."
        : "It comes back with the version that served before, for requests, keys and the workspace."}
    </ConfirmDialog>
  );
}
