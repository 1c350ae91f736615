// Passkeys: added on this device, listed, taken away.

import { getRouteApi } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useItem } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { authStep } from "../../api/auth.ts";
import { addPasskey, knowsPasskeys } from "../../api/passkeys.ts";
import { deviceName } from "./device-name.ts";
import { accountPaths, useOwnChange } from "./own-change.ts";

type Passkey = { readonly id: string; readonly name?: string | null; readonly createdAt?: string | null };

const route = getRouteApi("/signed-in/account");

export function PasskeysSection() {
  const { add } = route.useSearch();
  const navigate = route.useNavigate();
  const { item: passkeys, error, retry } = useItem<readonly Passkey[]>(accountPaths.passkeys);
  const [leaving, setLeaving] = useState<Passkey>();
  const open = (next: "passkey" | undefined): void => void navigate({ search: { add: next }, replace: true });
  return (
    <Section
      title="Passkeys"
      description="Sign in with this device's lock instead of a password."
      actions={
        knowsPasskeys() && (
          <Button icon={<Plus aria-hidden />} onClick={() => open("passkey")}>
            Add a passkey
          </Button>
        )
      }
    >
      {error !== undefined && <ErrorState error={error} onRetry={retry} />}
      {passkeys === undefined && error === undefined && <Skeleton className="h-10 w-full" />}
      {passkeys?.length === 0 && <p className="text-base text-muted">None yet.</p>}
      {!knowsPasskeys() && <Notice>This browser does not know passkeys. Add one in another.</Notice>}
      <ul className="flex flex-col">
        {passkeys?.map((passkey) => (
          <li key={passkey.id} className="flex items-center gap-3 border-b border-line py-2 last:border-b-0">
            <KeyRound aria-hidden className="size-4 shrink-0 text-faint" />
            <span className="min-w-0 flex-1 truncate">{nameOf(passkey)}</span>
            <span className="text-sm text-muted">
              <Time at={passkey.createdAt} />
            </span>
            <Button
              look="quiet"
              size="small"
              aria-label={`Remove ${nameOf(passkey)}`}
              onClick={() => setLeaving(passkey)}
            >
              Remove
            </Button>
          </li>
        ))}
      </ul>
      {add === "passkey" && <AddDialog onClose={() => open(undefined)} />}
      {leaving !== undefined && <RemoveDialog passkey={leaving} onClose={() => setLeaving(undefined)} />}
    </Section>
  );
}

const nameOf = ({ name }: Passkey): string => (name === undefined || name === null || name === "" ? "Passkey" : name);

function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState(() => deviceName(navigator.userAgent));
  const add = useOwnChange(
    () => addPasskey(name.trim()),
    () => {
      toast.done("The passkey is added.");
      onClose();
    },
  );
  return (
    <Dialog open onClose={onClose} title="Add a passkey" width="small">
      <Form
        problem={add.problem}
        onSubmit={() => add.mutate()}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="primary" pending={add.isPending} disabled={name.trim() === ""}>
              Add the passkey
            </Button>
          </>
        }
      >
        <Field label="Name" hint="So that you know it among others. Your browser asks for the rest.">
          <Input maxLength={60} value={name} onChange={(event) => setName(event.target.value)} autoFocus />
        </Field>
      </Form>
    </Dialog>
  );
}

function RemoveDialog({ passkey, onClose }: { readonly passkey: Passkey; readonly onClose: () => void }) {
  const remove = useOwnChange(
    () => authStep("/passkey/delete-passkey", { id: passkey.id }),
    () => {
      toast.done("The passkey is removed.");
      onClose();
    },
  );
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Remove “${nameOf(passkey)}”?`}
      verb="Remove the passkey"
      onConfirm={() => remove.mutate()}
      pending={remove.isPending}
      problem={remove.problem}
    >
      It no longer opens your account. The device may go on offering it until you delete it there as well.
    </ConfirmDialog>
  );
}
