// The end of an account.

import { useState } from "react";
import { useChange } from "../../api/item.ts";
import { useMe } from "../../api/me.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Section } from "../../ui/section.tsx";
import { authStep, enter } from "../../api/auth.ts";
import { freshly } from "./own-change.ts";

export function DeleteSection() {
  const { email } = useMe();
  const [open, setOpen] = useState(false);
  const remove = useChange(
    freshly(() => authStep("/delete-user", {})),
    [],
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
      <p className="text-sm text-muted">
        A workspace with other members, working keys or credits needs another owner first.
      </p>
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
