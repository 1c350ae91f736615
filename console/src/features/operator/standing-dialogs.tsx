// Suspends a workspace with a reason, and resumes it.

import { useState } from "react";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { toast } from "../../ui/toast.tsx";
import type { WorkspaceDialogProps } from "./money-dialogs.tsx";

const changedPaths = ["/api/operator/workspaces"];

export function SuspendDialog({ workspace, onClose }: WorkspaceDialogProps) {
  const [reason, setReason] = useState("");
  const suspend = useChange(
    () => fetchApi("POST", `/api/operator/workspaces/${workspace.id}/suspend`, { body: { reason: reason.trim() } }),
    [...changedPaths, `/api/workspaces/${workspace.id}`],
    () => {
      toast.done(`${workspace.name} is suspended.`);
      onClose();
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Suspend ${workspace.name}?`}
      description="Its keys are refused with 403 from the next request on. Requests under way end."
      width="small"
    >
      <Form
        problem={suspend.problem}
        onSubmit={() => suspend.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="danger" pending={suspend.isPending} disabled={reason.trim() === ""}>
              Suspend
            </Button>
          </>
        }
      >
        <Field label="Reason" name="reason" required hint="Its members read it.">
          <Textarea rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </Form>
    </Dialog>
  );
}

export function ResumeDialog({ workspace, onClose }: WorkspaceDialogProps) {
  const resume = useChange(
    () => fetchApi("POST", `/api/operator/workspaces/${workspace.id}/resume`, { body: {} }),
    [...changedPaths, `/api/workspaces/${workspace.id}`],
    () => {
      toast.done(`${workspace.name} is resumed.`);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Resume ${workspace.name}?`}
      verb="Resume"
      danger={false}
      onConfirm={() => resume.mutate(undefined)}
      pending={resume.isPending}
      problem={resume.problem}
    >
      <p>Its keys work from the next request on.</p>
    </ConfirmDialog>
  );
}
