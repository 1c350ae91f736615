// The second factor: an authenticator app, and the backup codes for the day it is lost.

import { useState } from "react";
import { useMe } from "../../api/me.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Form } from "../../ui/form.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { toast } from "../../ui/toast.tsx";
import { authStep } from "../../api/auth.ts";
import { BackupCodes } from "./backup-codes.tsx";
import { EnableTwoFactor } from "./enable-two-factor.tsx";
import { useOwnChange } from "./own-change.ts";
import { passwordBody, PasswordField } from "./password-field.tsx";

export function TwoFactorSection() {
  const { two_factor_enabled: isOn } = useMe();
  const [open, setOpen] = useState<"enable" | "disable" | "codes">();
  const close = (): void => setOpen(undefined);
  return (
    <Section
      title="Authenticator app"
      description="A code from your phone, asked for after your password and after a link by mail."
      actions={
        isOn ? (
          <>
            <Button onClick={() => setOpen("codes")}>New backup codes</Button>
            <Button look="danger" onClick={() => setOpen("disable")}>
              Switch it off
            </Button>
          </>
        ) : (
          <Button onClick={() => setOpen("enable")}>Set it up</Button>
        )
      }
    >
      <Status tone={isOn ? "good" : "plain"}>{isOn ? "On" : "Off"}</Status>
      {open === "enable" && <EnableTwoFactor onClose={close} />}
      {open === "disable" && <DisableDialog onClose={close} />}
      {open === "codes" && <NewCodesDialog onClose={close} />}
    </Section>
  );
}

function DisableDialog({ onClose }: { readonly onClose: () => void }) {
  const [password, setPassword] = useState("");
  const disable = useOwnChange(
    () => authStep("/two-factor/disable", passwordBody(password)),
    () => {
      toast.done("The authenticator app is no longer asked for.");
      onClose();
    },
  );
  return (
    <Dialog open onClose={onClose} title="Switch off the authenticator app?" width="small">
      <Form
        problem={disable.problem}
        onSubmit={() => disable.mutate()}
        actions={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="danger" pending={disable.isPending}>
              Switch it off
            </Button>
          </>
        }
      >
        <p className="text-base text-muted">
          Your password alone will then open your account, and so will your mailbox.
        </p>
        <PasswordField value={password} onValue={setPassword} />
      </Form>
    </Dialog>
  );
}

function NewCodesDialog({ onClose }: { readonly onClose: () => void }) {
  const [password, setPassword] = useState("");
  const make = useOwnChange(() =>
    authStep<{ readonly backupCodes: readonly string[] }>("/two-factor/generate-backup-codes", passwordBody(password)),
  );
  const codes = make.data?.backupCodes;
  return (
    <Dialog open onClose={onClose} keepOpen={codes !== undefined} title="New backup codes" width="small">
      {codes !== undefined ? (
        <BackupCodes codes={codes} onDone={onClose} />
      ) : (
        <Form
          problem={make.problem}
          onSubmit={() => make.mutate()}
          actions={
            <>
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" look="primary" pending={make.isPending}>
                Make new codes
              </Button>
            </>
          }
        >
          <p className="text-base text-muted">The earlier codes stop working.</p>
          <PasswordField value={password} onValue={setPassword} />
        </Form>
      )}
    </Dialog>
  );
}
