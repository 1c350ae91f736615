// The second factor: the code that the app shows now, or a backup code.

import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useChange } from "../../api/item.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Field } from "../../ui/field.tsx";
import { Form } from "../../ui/form.tsx";
import { Input } from "../../ui/input.tsx";
import { authStep, enter } from "../../api/auth.ts";
import { Door } from "./door.tsx";

const route = getRouteApi("/open/sign-in/two-factor");

export function TwoFactorPage() {
  const { next } = route.useSearch();
  const [byBackup, setByBackup] = useState(false);
  const [code, setCode] = useState("");
  const [trustDevice, setTrustDevice] = useState(false);
  const verify = useChange(
    () =>
      byBackup
        ? authStep("/two-factor/verify-backup-code", { code: code.trim(), trustDevice })
        : authStep("/two-factor/verify-totp", { code: code.replaceAll(/\s/g, ""), trustDevice }),
    [],
    () => enter(next),
  );
  const change = (): void => {
    setByBackup(!byBackup);
    setCode("");
    verify.reset();
  };
  return (
    <Door
      title="Enter your code"
      description={byBackup ? "Each backup code works once." : "Your authenticator app shows it for 30 seconds."}
      below={
        <>
          <button type="button" onClick={change} className="self-start underline">
            {byBackup ? "Use the app instead" : "Use a backup code"}
          </button>
          <Link to="/sign-in" search={{ next }} className="self-start underline">
            Start again
          </Link>
        </>
      }
    >
      <Form
        problem={verify.problem}
        onSubmit={() => verify.mutate()}
        actions={
          <Button type="submit" look="primary" pending={verify.isPending || verify.isSuccess} className="w-full">
            Go on
          </Button>
        }
      >
        <Field key={String(byBackup)} label={byBackup ? "Backup code" : "Code"}>
          <Input
            figures
            autoFocus
            autoComplete="one-time-code"
            inputMode={byBackup ? "text" : "numeric"}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
        <Checkbox label="Do not ask again on this device for 30 days" checked={trustDevice} onChange={setTrustDevice} />
      </Form>
    </Door>
  );
}
