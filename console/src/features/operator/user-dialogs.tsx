// Asks before a user's rights change.

import { useState } from "react";
import type { ShownUser } from "../../../../server/contracts/control-operator.ts";
import { fetchApi } from "../../api/fetch-api.ts";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import type { SimpleUserAct } from "./user-columns.tsx";

type UserDialogProps = { readonly user: ShownUser; readonly onClose: () => void };

const words: Readonly<
  Record<
    SimpleUserAct,
    { readonly verb: string; readonly question: string; readonly told: string; readonly done: string }
  >
> = {
  enable: {
    verb: "Let in again",
    question: "Let this person in again?",
    told: "They can sign in from now on, with the workspaces that they had.",
    done: "They can sign in again.",
  },
  "make-operator": {
    verb: "Make an operator",
    question: "Make this person an operator?",
    told: "They can do everything on this server, in every workspace.",
    done: "They are an operator now.",
  },
  "unmake-operator": {
    verb: "Take the right",
    question: "Take the operator's right from this person?",
    told: "They keep the workspaces that they are members of.",
    done: "They are no longer an operator.",
  },
  "sign-out": {
    verb: "Sign out everywhere",
    question: "Sign this person out everywhere?",
    told: "Every browser and program that is signed in as them has to sign in again.",
    done: "Their sessions have ended.",
  },
};

function call(user: ShownUser, act: SimpleUserAct): Promise<unknown> {
  const path = `/api/operator/users/${user.id}`;
  if (act === "sign-out") return fetchApi("POST", `${path}/sign-out`, { body: {} });
  const body = act === "enable" ? { disabled_reason: null } : { is_operator: act === "make-operator" };
  return fetchApi("PATCH", path, { body });
}

export function UserActDialog({ user, act, onClose }: UserDialogProps & { readonly act: SimpleUserAct }) {
  const { verb, question, told, done } = words[act];
  const change = useChange(
    () => call(user, act),
    ["/api/operator/users"],
    () => {
      toast.done(done);
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={question}
      verb={verb}
      danger={act === "sign-out" || act === "unmake-operator"}
      onConfirm={() => change.mutate(undefined)}
      pending={change.isPending}
      problem={change.problem}
    >
      <p className="font-medium text-ink">{user.email}</p>
      <p>{told}</p>
    </ConfirmDialog>
  );
}

export function DisableUserDialog({ user, onClose }: UserDialogProps) {
  const [reason, setReason] = useState("");
  const disable = useChange(
    () => fetchApi("PATCH", `/api/operator/users/${user.id}`, { body: { disabled_reason: reason.trim() } }),
    ["/api/operator/users"],
    () => {
      toast.done(`${user.email} is shut out.`);
      onClose();
    },
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Shut out ${user.email}?`}
      description="Their sessions end and they cannot sign in. Their workspaces and keys stay as they are."
      width="small"
    >
      <Form
        problem={disable.problem}
        onSubmit={() => disable.mutate(undefined)}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="danger" pending={disable.isPending} disabled={reason.trim() === ""}>
              Shut out
            </Button>
          </>
        }
      >
        <Field label="Reason" name="disabled_reason" required hint="For other operators.">
          <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </Form>
    </Dialog>
  );
}
