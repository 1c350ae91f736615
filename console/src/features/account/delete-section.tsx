// The end of an account.

import { useState } from "react";
import { useMe } from "../../api/me.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Section } from "../../ui/section.tsx";
import { authStep, enter } from "../../api/auth.ts";
import { useOwnChange } from "./own-change.ts";

export function DeleteSection() {
  const { email } = useMe();
  const [open, setOpen] = useState(false);
  const remove = useOwnChange(
    () => authStep("/delete-user", {}),
    () => enter("/sign-in"),
  );
  const close = (): void => {
    remove.reset();
    setOpen(false);
  };
  return (
    <Section
      title="Delete your account"
      description="You leave every workspace. What you did stays in their audit logs."
      actions={
        <Button look="danger" onClick={() => setOpen(true)}>
          Delete the account
        </Button>
      }
    >
      <p className="text-sm text-muted">Workspaces that have no other owner need one first.</p>
      <ConfirmDialog
        open={open}
        onClose={close}
        title="Delete your account?"
        verb="Delete the account"
        word={email}
        onConfirm={() => remove.mutate()}
        pending={remove.isPending || remove.isSuccess}
        problem={remove.problem}
      >
        Your ways of signing in and your sessions end at once. This cannot be taken back.
      </ConfirmDialog>
    </Section>
  );
}
