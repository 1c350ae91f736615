// One access request, and the decision about it with a note.

import { useState } from "react";
import type { ShownAccessRequest } from "../../../../server/contracts/control-members.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Textarea } from "../../ui/textarea.tsx";
import { toast } from "../../ui/toast.tsx";
import { AccessRequestFacts } from "./access-request-facts.tsx";

export type DecideDialogProps = { readonly request: ShownAccessRequest; readonly onClose: () => void };

/** Mount it anew for each request. */
export function DecideDialog({ request, onClose }: DecideDialogProps) {
  const [note, setNote] = useState("");
  const decide = useChange(
    (verb: "approve" | "decline") =>
      fetchApi<ShownAccessRequest>("POST", `/api/operator/access-requests/${request.id}/${verb}`, {
        body: note.trim() === "" ? {} : { note: note.trim() },
      }),
    ["/api/operator/access-requests", "/api/operator/workspaces"],
    ({ status }) => {
      toast.done(status === "approved" ? "The workspace is open." : "The request is declined.");
      onClose();
    },
  );
  const pending = request.status === "pending";
  return (
    <Dialog open onClose={onClose} title={`Access for ${request.name}`}>
      <Form
        problem={decide.problem}
        onSubmit={() => undefined}
        actions={
          pending ? (
            <>
              <Button look="danger" pending={decide.isPending} onClick={() => decide.mutate("decline")}>
                Decline
              </Button>
              <Button look="primary" pending={decide.isPending} onClick={() => decide.mutate("approve")}>
                Approve
              </Button>
            </>
          ) : (
            <Button onClick={onClose}>Close</Button>
          )
        }
      >
        <AccessRequestFacts request={request} />
        {pending && (
          <Field label="Note" name="note" optional hint="The person reads it.">
            <Textarea rows={3} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
          </Field>
        )}
      </Form>
    </Dialog>
  );
}
