// Publishes the draft as the next version, after a look at what changes.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { useWorkspace } from "../../api/workspace.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { toast } from "../../ui/toast.tsx";
import { DifferenceView } from "./difference-view.tsx";
import type { Stack, StackVersionHeadline } from "./stacks-api.ts";

export type PublishDialogProps = {
  readonly stack: Stack;
  /** Of the draft that the reader has seen. */
  readonly revision: number;
  readonly onClose: () => void;
};

export function PublishDialog({ stack, revision, onClose }: PublishDialogProps) {
  const { path } = useWorkspace();
  const [note, setNote] = useState("");
  const [activate, setActivate] = useState(true);
  const publish = useChange(
    () =>
      fetchApi<StackVersionHeadline>("POST", `${path}/stacks/${stack.slug}/publish`, {
        body: { note, activate, if_revision: revision },
      }),
    [`${path}/stacks`],
    ({ version }) => {
      toast.done(activate ? `Version ${version} serves from now on.` : `Version ${version} is published.`);
      onClose();
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      width="large"
      title="Publish the draft"
      description="It becomes the next version, and never changes again."
    >
      <Form
        problem={publish.problem}
        onSubmit={() => publish.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={publish.isPending}>
              Publish the version
            </Button>
          </>
        }
      >
        {stack.active_version === null ? (
          <p className="text-base text-muted">It is the first version of this stack.</p>
        ) : (
          <section aria-label="What changes">
            <h3 className="mb-2 text-sm font-medium">Against version {stack.active_version}, which serves now</h3>
            <DifferenceView slug={stack.slug} from="active" to="draft" />
          </section>
        )}
        <Field label="Note" name="note" optional hint="What changed and why, for those who come later.">
          <Textarea rows={2} value={note} onChange={(event) => setNote(event.target.value)} />
        </Field>
        <Checkbox
          label="Let requests use it at once"
          hint="Otherwise the version that serves stays, and you activate this one later."
          checked={activate}
          onChange={setActivate}
        />
      </Form>
    </Dialog>
  );
}
