// Sets an authenticator app up: the password, the picture for the app, its first code, the backup codes.

import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { authStep } from "../../api/auth.ts";
import { BackupCodes } from "./backup-codes.tsx";
import { useOwnChange } from "./own-change.ts";
import { QrCode } from "./qr-code.tsx";
import { passwordBody, PasswordField } from "./password-field.tsx";

type Setup = { readonly totpURI: string; readonly backupCodes: readonly string[] };

export function EnableTwoFactor({ onClose }: { readonly onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [isOn, setIsOn] = useState(false);
  const begin = useOwnChange(() => authStep<Setup>("/two-factor/enable", passwordBody(password)));
  const setup = begin.data;
  return (
    <Dialog
      open
      onClose={onClose}
      keepOpen={isOn}
      title={isOn ? "Store your backup codes" : "Set up an app"}
      width="small"
    >
      {setup === undefined && (
        <Form
          problem={begin.problem}
          onSubmit={() => begin.mutate()}
          actions={
            <>
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" look="primary" pending={begin.isPending}>
                Go on
              </Button>
            </>
          }
        >
          <p className="text-base text-muted">
            Have an authenticator app at hand, on your phone or in your password manager.
          </p>
          <PasswordField value={password} onValue={setPassword} />
        </Form>
      )}
      {setup !== undefined && !isOn && <FirstCode setup={setup} onClose={onClose} onDone={() => setIsOn(true)} />}
      {setup !== undefined && isOn && <BackupCodes codes={setup.backupCodes} onDone={onClose} />}
    </Dialog>
  );
}

type FirstCodeProps = { readonly setup: Setup; readonly onClose: () => void; readonly onDone: () => void };

function FirstCode({ setup, onClose, onDone }: FirstCodeProps) {
  const [code, setCode] = useState("");
  const verify = useOwnChange(() => authStep("/two-factor/verify-totp", { code: code.replaceAll(/\s/g, "") }), onDone);
  const secret = new URL(setup.totpURI).searchParams.get("secret") ?? "";
  return (
    <Form
      problem={verify.problem}
      onSubmit={() => verify.mutate()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" pending={verify.isPending} disabled={code.trim().length < 6}>
            Switch it on
          </Button>
        </>
      }
    >
      <p className="text-base text-muted">Scan this with the app, or enter the key by hand.</p>
      <QrCode text={setup.totpURI} label="Key for the authenticator app" />
      <div className="flex items-center gap-1">
        <code data-secret className="figures min-w-0 flex-1 text-sm break-all">
          {secret}
        </code>
        <CopyButton text={secret} label="Copy the key" />
      </div>
      <Field label="The code that it shows">
        <Input
          figures
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </Field>
    </Form>
  );
}
